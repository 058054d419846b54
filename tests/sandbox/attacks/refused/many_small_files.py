"""Use up all file entries."""

made = 0
try:
    for number in range(3000):
        open(f"file{number}", "w").close()
        made += 1
except OSError as refusal:
    print(refusal)
if made > 1000:
    escaped(f"{made} files")

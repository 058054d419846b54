"""Write far more than the work folder holds."""

written = 0
try:
    for number in range(64):
        with open(f"file{number}", "wb") as out:
            for _ in range(8):
                written += out.write(bytes(1 << 20))
                out.flush()
except OSError as refusal:
    print(refusal)
if written > 32 << 20:
    escaped(f"{written >> 20} MB")

"""Open a file of the grader's user."""

try:
    escaped(open(HOST["file"]).read())
except OSError as refusal:
    print(refusal)

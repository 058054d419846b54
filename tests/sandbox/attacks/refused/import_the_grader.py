"""Import the grader and its rubrics."""

for name in ("grader.rubric", "grader.sandbox.jail", "grader.checkers", "tests"):
    try:
        __import__(name)
        escaped(name)
    except (ImportError, OSError) as refusal:
        print(refusal)

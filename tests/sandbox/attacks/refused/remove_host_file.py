"""Delete or rename a file of the grader's user."""

import os

for act in (os.remove, os.truncate, os.rename, os.rmdir):
    try:
        act(
            *{os.truncate: (HOST["file"], 0), os.rename: (HOST["file"], "x")}.get(
                act, (HOST["file"],)
            )
        )
        escaped(act.__name__)
    except OSError as refusal:
        print(refusal)

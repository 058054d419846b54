"""Write a program and run it."""

import os

try:
    with open("program", "w") as out:
        out.write("#!/bin/sh\necho ESCAPED\n")
    os.chmod("program", 0o777)
    escaped("made it executable")
    os.execv("program", ["program"])
except OSError as refusal:
    print(refusal)

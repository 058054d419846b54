"""Leave a file where the grader works."""

import os

for name in ("dropped", "../dropped", "results.json"):
    try:
        with open(os.path.join(HOST["drop"], name), "w") as out:
            out.write("here")
        escaped("wrote " + name)
    except OSError as refusal:
        print(refusal)

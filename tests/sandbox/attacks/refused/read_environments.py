"""Find a secret in an environment, one's own or another's."""

import os

print(dict(os.environ), flush=True)
for process in ("self", *range(1, 60), os.getppid(), HOST["pid"]):
    try:
        print(open(f"/proc/{process}/environ").read())
        escaped(f"environment of {process}")
    except OSError:
        pass

"""Make a second process."""

import os

try:
    if os.fork() == 0:
        os._exit(0)
    escaped("forked")
except OSError as refusal:
    print(refusal)

"""Read a file that even its owner may not read: only a capability allows it."""

import os

try:
    os.close(os.open("closed", os.O_CREAT | os.O_WRONLY, 0))
    os.open("closed", os.O_RDONLY)
    escaped("read a closed file")
except OSError as refusal:
    print(refusal)

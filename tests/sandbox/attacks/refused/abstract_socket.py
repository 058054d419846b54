"""Talk to a server whose name is in no file system."""

import socket

try:
    link = socket.socket(socket.AF_UNIX)
    link.connect("\0" + HOST["abstract"])
    escaped("connected")
except OSError as refusal:
    print(refusal)

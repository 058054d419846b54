"""Talk to a server through its socket file."""

import socket

try:
    link = socket.socket(socket.AF_UNIX)
    link.connect(HOST["socket"])
    escaped("connected")
except OSError as refusal:
    print(refusal)

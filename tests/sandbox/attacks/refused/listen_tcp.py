"""Open a door for others."""

import socket

try:
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    door.listen()
    escaped("listening")
except OSError as refusal:
    print(refusal)

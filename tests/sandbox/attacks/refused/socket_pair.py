"""Make a pair of sockets, to pass descriptors around."""

import socket

try:
    socket.socketpair()
    escaped("a pair")
except OSError as refusal:
    print(refusal)

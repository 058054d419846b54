"""Let the resolver carry data out."""

import socket

try:
    socket.getaddrinfo("answer.example", 80)
    escaped("resolved a name")
except OSError as refusal:
    print(refusal)

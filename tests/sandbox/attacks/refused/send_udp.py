"""Send one datagram, which needs no connection."""

import socket

try:
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.sendto(b"out", ("127.0.0.1", HOST["port"]))
    escaped("sent a datagram")
except OSError as refusal:
    print(refusal)

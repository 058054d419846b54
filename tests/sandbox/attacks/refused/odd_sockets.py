"""Make sockets of rare families: raw, netlink, packet, virtual machine, kernel crypto."""

import socket

for family, kind in ((2, 3), (16, 3), (17, 3), (40, 1), (38, 5), (1, 1), (1, 2), (31, 3), (10, 2)):
    try:
        socket.socket(family, kind)
        escaped(f"family {family}")
    except OSError:
        pass

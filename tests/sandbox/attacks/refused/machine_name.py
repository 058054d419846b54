"""Learn the name of the machine."""

import os
import platform
import socket

for ask in (lambda: os.uname().nodename, platform.node, socket.gethostname):
    try:
        if ask() == HOST["name"]:
            escaped("the machine's name")
    except OSError:
        pass

"""Open devices."""

import glob
import os

for name in [
    *glob.glob("/dev/*"),
    "/dev/kvm",
    "/dev/mem",
    "/dev/vda",
    "/dev/tty",
    "/dev/ptmx",
    "/dev/fuse",
    "/dev/net/tun",
]:
    if os.path.basename(name) in ("null", "zero", "urandom"):
        continue
    try:
        os.open(name, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
        escaped("opened " + name)
    except OSError:
        pass

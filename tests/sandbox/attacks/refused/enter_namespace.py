"""Enter the namespaces of another process."""

import ctypes
import os

libc = ctypes.CDLL(None)
for number in (0, 1, 3, 4):
    if libc.setns(number, 0) == 0:
        escaped(f"setns {number}")

"""Take open files from other processes."""

import ctypes
import os

libc = ctypes.CDLL(None)
for process in (*range(1, 100), os.getppid(), HOST["pid"]):
    handle = libc.syscall(434, process, 0)
    if handle >= 0:
        escaped(f"handle of {process}")
        for number in range(9):
            if libc.syscall(438, handle, number, 0) >= 0:
                escaped(f"descriptor {number} of {process}")

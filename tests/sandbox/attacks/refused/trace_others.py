"""Attach to other processes as a debugger."""

import ctypes
import os

libc = ctypes.CDLL(None)
for process in (*range(1, 100), os.getppid(), HOST["pid"]):
    if process != os.getpid() and libc.ptrace(0x4206, process, 0, 0) == 0:
        escaped(f"attached to {process}")

"""Signal other processes through calls for threads."""

import ctypes
import os

libc = ctypes.CDLL(None)
for process in (*range(2, 50), os.getppid(), HOST["pid"]):
    if process and process != os.getpid():
        for number, arguments in (
            (234, (process, process, 9)),
            (200, (process, 9)),
            (129, (process, 9, bytes(128))),
        ):
            if libc.syscall(number, *arguments) == 0:
                escaped(f"call {number} at {process}")

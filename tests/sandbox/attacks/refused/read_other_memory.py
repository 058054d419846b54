"""Read the memory of other processes."""

import ctypes
import os

libc = ctypes.CDLL(None)
mine = ctypes.create_string_buffer(8)
local = (ctypes.c_size_t * 2)(ctypes.addressof(mine), 8)
remote = (ctypes.c_size_t * 2)(id(mine), 8)
for process in (*range(1, 100), os.getppid(), HOST["pid"]):
    if process != os.getpid() and libc.process_vm_readv(process, local, 1, remote, 1, 0) > 0:
        escaped(f"memory of {process}")

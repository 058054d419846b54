"""End by a signal that has no name."""

import ctypes
import os
import threading

libc = ctypes.CDLL(None)
libc.syscall(234, os.getpid(), threading.get_native_id(), 40)
libc.syscall(234, os.getpid(), threading.get_native_id(), 64)

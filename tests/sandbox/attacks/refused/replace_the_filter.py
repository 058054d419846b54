"""Add one's own call filter, which could lie to later code."""

import ctypes
import struct

libc = ctypes.CDLL(None)
allow = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x7FFF0000))
header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", 1, ctypes.addressof(allow)))
if libc.prctl(22, 2, header, 0, 0) == 0 or libc.syscall(317, 1, 0, header) == 0:
    escaped("a filter of one's own")

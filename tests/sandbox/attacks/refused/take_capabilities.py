"""Ask for capabilities back."""

import ctypes
import struct

libc = ctypes.CDLL(None)
full = struct.pack("6I", *[0xFFFFFFFF] * 6)
if libc.syscall(126, struct.pack("Ii", 0x20080522, 0), full) == 0:
    escaped("capset")

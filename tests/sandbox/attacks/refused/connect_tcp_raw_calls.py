"""Connect without Python's socket module."""

import ctypes
import struct

libc = ctypes.CDLL(None)
link = libc.socket(2, 1, 0)
address = struct.pack("=H", 2) + struct.pack("!H", HOST["port"]) + bytes([127, 0, 0, 1]) + bytes(8)
if libc.connect(link, address, 16) == 0:
    libc.write(link, b"out", 3)
    escaped("connected")

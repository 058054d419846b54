"""Send thirty long headers full of small lists, which cost a careless reader gigabytes."""

import os
import struct

text = b'{"loaded": true, "arrays": [], "x": [' + b"[]," * 340_000 + b"0]}"
frame = b"EXG1" + struct.pack("<I", len(text)) + text
for _ in range(30):
    left = memoryview(frame)
    while left:
        left = left[os.write(4, left) :]
os._exit(0)

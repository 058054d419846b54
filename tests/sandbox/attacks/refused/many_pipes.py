"""Memory in pipe buffers, which no limit of the process counts."""

import os

filled = 0
try:
    while True:
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        filled += os.write(writer, bytes(1 << 16))
except OSError as refusal:
    print(refusal)
if filled > 16 << 20:
    escaped(f"{filled >> 20} MB")

"""A header nested so deeply that a careless reader overflows."""

import os
import struct

text = b"[" * 100_000
os.write(4, b"EXG1" + struct.pack("<I", len(text)) + text)
os._exit(0)

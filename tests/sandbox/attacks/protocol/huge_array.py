"""A frame that claims an array larger than the machine."""

import json
import os
import struct

text = json.dumps({"loaded": True, "arrays": [["<f8", [268435456] * 16]]}).encode()
os.write(4, b"EXG1" + struct.pack("<I", len(text)) + text)
os._exit(0)

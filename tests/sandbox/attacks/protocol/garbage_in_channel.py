"""Bytes that are no frame."""

import os

os.write(4, b"\x80\x04\x95 this would be a pickle" * 10)

"""Endless frames."""

import os

while True:
    os.write(4, b"EXG1" * 9999)

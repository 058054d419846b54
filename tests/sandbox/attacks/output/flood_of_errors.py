"""Endless text on standard error, caught and repeated."""

import sys

while True:
    try:
        print("B" * 5000, file=sys.stderr)
    except BaseException:
        pass

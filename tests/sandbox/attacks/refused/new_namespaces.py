"""Become root in new namespaces."""

import ctypes

libc = ctypes.CDLL(None)
for flags in (0x10000000, 0x20000, 0x40000000, 0x20000000, 0x10020000):
    if libc.unshare(flags) == 0:
        escaped(f"unshare {flags:#x}")

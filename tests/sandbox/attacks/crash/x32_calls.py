"""Call the kernel through its second table."""

import ctypes

ctypes.CDLL(None).syscall(0x40000000 + 39)

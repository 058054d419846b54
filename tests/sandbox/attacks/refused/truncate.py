"""Cut a file short without writing to it."""

import ctypes
import os

libc = ctypes.CDLL(None)
path = HOST["file"].encode()
neither = os.O_RDWR | os.O_WRONLY | os.O_TRUNC
for number, arguments in ((76, (path, 0)), (2, (path, os.O_TRUNC, 0)), (2, (path, neither, 0)), (85, (path, 0o600))):
    if libc.syscall(number, *arguments) >= 0:
        escaped(f"call {number} with {arguments}")
for flags in (os.O_RDONLY | os.O_TRUNC, neither, os.O_WRONLY | os.O_TRUNC):
    try:
        os.open(path, flags)
        escaped(f"opened with {flags}")
    except OSError:
        pass

"""Search the whole address space for what an earlier candidate wrote."""

import ctypes
import os
import re

mark = bytes(reversed(b"2b7f-ecila-fo-rewsna"))
libc = ctypes.CDLL(None, use_errno=True)
libc.write.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]
libc.sbrk.restype = ctypes.c_void_p
reader, writer = os.pipe()
os.set_blocking(writer, False)
end = libc.sbrk(0)
page, seen, found = end - (256 << 20) & ~0xFFFF, 0, 0
while page < end:
    taken = libc.write(writer, page, 1 << 16)
    if taken > 0:
        data = os.read(reader, 1 << 16)
        seen += taken
        found += sum(
            data[m.start() + 20 : m.start() + 40] == mark
            for m in re.finditer(re.escape(mark), data)
        )
    page += max(taken, 4096)
print("read", seen)
if found:
    escaped(f"{found} marks of another candidate")

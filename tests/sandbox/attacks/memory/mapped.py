"""Memory mapped without the allocator."""

import mmap

kept = []
try:
    while True:
        kept.append(mmap.mmap(-1, 32 << 20))
except OSError:
    raise MemoryError from None

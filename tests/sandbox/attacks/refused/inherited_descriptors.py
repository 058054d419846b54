"""Use descriptors that were left open, however high their numbers are."""

import os
import resource
import stat

for number in range(3, max(65536, resource.getrlimit(resource.RLIMIT_NOFILE)[1])):
    try:
        kind = os.fstat(number).st_mode
    except OSError:
        continue
    if not stat.S_ISFIFO(kind) or number != 4:
        escaped(f"descriptor {number} is {oct(kind)}")

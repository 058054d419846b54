"""Use file calls that reach beyond one process."""

import fcntl
import os

reader, writer = os.pipe()
for call, argument in (
    (fcntl.F_SETPIPE_SZ, 1 << 20),
    (fcntl.F_NOTIFY, 1),
    (fcntl.F_SETLEASE, 1),
    (fcntl.F_SETOWN, 1),
    (1033, 1),
):
    try:
        fcntl.fcntl(writer, call, argument)
        escaped(f"fcntl {call}")
    except OSError:
        pass
try:
    fcntl.lockf(os.open(__import__("torch").__file__, os.O_RDONLY), fcntl.LOCK_SH)
    escaped("a lock others see")
except OSError as refusal:
    print(refusal)

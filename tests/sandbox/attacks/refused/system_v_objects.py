"""Leave shared memory, semaphores and queues of the old kind."""

import ctypes

libc = ctypes.CDLL(None)
for name, arguments in (
    ("shmget", (4242, 4096, 0o1666)),
    ("semget", (4242, 1, 0o1666)),
    ("msgget", (4242, 0o1666)),
):
    if getattr(libc, name)(*arguments) >= 0:
        escaped(name)

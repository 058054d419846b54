"""Make processes with calls the C library would not use."""

import ctypes

libc = ctypes.CDLL(None)
for number, arguments in (
    (56, (17, 0, 0, 0, 0)),
    (58, ()),
    (435, (bytes(88), 88)),
    (56, (0x10000011, 0, 0, 0, 0)),
):
    made = libc.syscall(number, *arguments)
    if made == 0:
        libc._exit(0)
    if made > 0:
        escaped(f"call {number}")

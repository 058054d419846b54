"""Undo the arrangement by which a job dies with its parent, or drop the other promises."""

import ctypes

libc = ctypes.CDLL(None)
for option, value in (
    (1, 0),
    (4, 1),
    (38, 0),
    (22, 1),
    (36, 1),
    (24, 0),
    (47, 2),
    (53, 0),
    (35, 0),
):
    if libc.prctl(option, value, 0, 0, 0) == 0:
        escaped(f"prctl {option}")

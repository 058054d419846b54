"""Fills the gaps in the heap, so that whatever is allocated later lies together at its end.

What a clone allocates would otherwise go into gaps all over memory that it shares with the zygote, and every page
written has to be copied. A few hundred kilobytes are lost; a tenth of a job's page faults goes.
"""

from __future__ import annotations

import ctypes

LARGE = tuple(1 << power for power in range(20, 10, -1))
SMALL = range(1008, 8, -16)
"""The C library keeps gaps of these sizes in lists of their own."""
AT_ONCE = 64
"""Small blocks between looks at what is left: looking costs more than allocating."""


_NUMBERS = """
    arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost
""".split()  # noqa: SIM905 - as the C library's page lists them


class _Use(ctypes.Structure):
    """What `mallinfo2` says; `keepcost` is the free space at the end of the heap."""

    _fields_ = [(name, ctypes.c_size_t) for name in _NUMBERS]


def fill_gaps() -> None:
    """Allocate until new blocks come from the end of the heap; without effect on another C library."""
    library = ctypes.PyDLL(None)
    if not hasattr(library, "mallinfo2"):
        return
    look, allocate = library.mallinfo2, library.malloc
    look.restype, allocate.restype = _Use, ctypes.c_void_p
    for sizes, count in ((LARGE, 1), (SMALL, AT_ONCE)):
        for size in sizes:
            words, before = ctypes.c_size_t(size), look()
            while not _no_gap_fits(before, look()):
                for _ in range(count):
                    allocate(words)


def _no_gap_fits(before: _Use, now: _Use) -> bool:
    """Whether a block came from the end of the heap, or from a mapping of its own, as large ones do where the end is
    too short for them; these would go on until the C library's 65,536 mappings are used up, more than a machine has.
    """
    return bool(now.keepcost != before.keepcost or now.hblks != before.hblks)

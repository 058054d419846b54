"""The work a test may take: computing time, which other programs on the machine do not lengthen much.

How fast reading and judging are is measured by the benchmarks; here only what never ends, or grows out of all
proportion, has to be noticed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

READING, JUDGING = 5.0, 15.0  # CPU seconds; on an idle machine the slowest take a tenth


@contextmanager
def at_most(seconds: float, what: object = "") -> Iterator[None]:
    """Fail where what stands inside takes more CPU time than this."""
    began = time.process_time()
    yield
    spent = time.process_time() - began
    assert spent < seconds, (what, spent)

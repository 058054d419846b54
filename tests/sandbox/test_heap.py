"""Filling the gaps of the heap, in a process of its own: this one has threads and a heap of another shape."""

from __future__ import annotations

import os
import subprocess
import sys

GROWTH = """
from grader.sandbox.inside.heap import fill_gaps

def pages():
    with open("/proc/self/statm") as words:
        return int(words.read().split()[0])

before = pages()
fill_gaps()
print(pages() - before)
"""
MOST = 64 << 20


def test_filling_gaps_maps_little_where_the_end_of_the_heap_is_short() -> None:
    done = subprocess.run(
        [sys.executable, "-c", GROWTH],
        env={**os.environ, "PYTHONMALLOC": "malloc", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) * os.sysconf("SC_PAGESIZE") < MOST

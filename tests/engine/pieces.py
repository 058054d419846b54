"""Work that tests of the cluster send to other processes, apart so that those need not import the tests."""

from __future__ import annotations

import multiprocessing
import os
import time
from pathlib import Path

CRASHES, RAISES, HANGS = 3, 5, 7


def make(offset: int) -> int:
    return offset


def work(offset: int, piece: int) -> int:
    if piece == CRASHES:
        os._exit(7)
    if piece == RAISES:
        raise ValueError("five")
    if piece == HANGS:
        time.sleep(60)
    return piece + offset


def mark(folder: Path, piece: int) -> int:
    """Leave a file that says which worker began the piece, then work a little."""
    worker = multiprocessing.parent_process()
    assert worker is not None
    (folder / f"{piece}-{worker.pid}").touch()
    time.sleep(0.02)
    return piece

"""What runs on a worker of a cluster: chunks of pieces, each chunk in a child process that may be killed.

The child stays for the next chunk of the same setup. A child is never shared between two chunks at a time, so a
worker with several threads has as many children.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import threading
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import wait
from typing import Any, TypeVar

from grader.engine.base import Setup
from grader.engine.pool import Pool

T = TypeVar("T")
R = TypeVar("R")

ORPHANED = 1
"""Exit status of a child whose worker is gone."""

_free: list[tuple[str, Pool]] = []
"""Idle children, each with the name of its setup."""
_lock = threading.Lock()


def pack(work: Callable[[Any, T], R], chunk: list[T]) -> bytes:
    """A chunk as it travels: the cluster must not look for its own objects in what candidates wrote."""
    return pickle.dumps((work, chunk))


def do_chunk(setup: bytes, name: str, packed: bytes, seconds: float) -> list[Any]:
    """The result of every piece in its order, `Lost` where there is none."""
    work, chunk = pickle.loads(packed)  # noqa: S301 - written by `pack` in our own client
    pool = _take(name) or Pool(_watched(setup), 1)
    try:
        results = dict(_numbers(pool.run(partial(_numbered, work), enumerate(chunk), seconds)))
    except BaseException:
        pool.close()
        raise
    with _lock:
        _free.append((name, pool))
    return [results[number] for number in range(len(chunk))]


def forget(name: str) -> None:
    """End the idle children of a setup, without waiting for it: the worker has others to talk to."""
    with _lock:
        ended = _remove(lambda of: of == name)
    threading.Thread(target=_end, args=(ended,)).start()


def _take(name: str) -> Pool | None:
    """An idle child of this setup. Those of others are ended: they are of a run that is over, and hold memory."""
    with _lock:
        others = _remove(lambda of: of != name)
        taken = _free.pop()[1] if _free else None
    _end(others)
    return taken


def _remove(choose: Callable[[str], bool]) -> list[Pool]:
    chosen = [pool for name, pool in _free if choose(name)]
    _free[:] = [one for one in _free if not choose(one[0])]
    return chosen


def _end(pools: list[Pool]) -> None:
    for pool in pools:
        pool.close()


def _numbered(work: Callable[[Any, T], R], made: Any, piece: tuple[int, T]) -> R:
    return work(made, piece[1])


def _numbers(results: Any) -> Any:
    for (number, _), result in results:
        yield number, result


def _watched(setup: bytes) -> Setup:
    return Setup(_make_watched, (setup,))


def _make_watched(packed: bytes) -> Any:
    """Make what the setup makes, in a child that ends itself when its worker is gone."""
    worker = multiprocessing.parent_process()
    if worker is not None:
        threading.Thread(target=_end_after, args=(worker.sentinel,), daemon=True).start()
    setup: Setup = pickle.loads(packed)  # noqa: S301 - written by our own client
    return setup.make(*setup.arguments)


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(ORPHANED)

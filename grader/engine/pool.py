"""Many pieces of work over local worker processes, each with a hard deadline.

A piece that crashes its worker or outlives its deadline costs only itself: the worker is killed and
replaced, and the pieces that shared its chunk run again one by one.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, TimeoutError
from dataclasses import dataclass
from multiprocessing import forkserver
from typing import Any, Generic, TypeVar

from pebble import ProcessExpired, ProcessPool

log = logging.getLogger(__name__)

T = TypeVar("T")
R = TypeVar("R")

CHUNK = 20
"""Pieces sent to a worker at once."""
DEADLINE = 30.0
"""Seconds one piece may take alone, unless the caller knows better."""
CHUNK_FACTOR = 4.0
"""A chunk may take this many times what one piece may: hardly any needs its whole time."""
WARM_MODULES = ["grader.checkers", "grader.report"]


@dataclass(frozen=True, slots=True)
class Lost:
    """A piece of work without a result, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Job(Generic[T, R]):
    """Work for every piece; `setup` runs once per worker and gives what `work` gets beside the piece.

    All of it is sent to other processes, so functions stand at module level.
    """

    setup: Callable[..., Any]
    arguments: tuple[Any, ...]
    work: Callable[[Any, T], R]


def default_workers() -> int:
    """The processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(
    job: Job[T, R], pieces: Sequence[T], workers: int, deadline: float = DEADLINE
) -> Iterator[tuple[T, R | Lost]]:
    """Every piece with its result, in the order of the pieces, except that those of a broken chunk run again."""
    context = multiprocessing.get_context("forkserver" if os.name == "posix" else "spawn")
    if os.name == "posix":
        context.set_forkserver_preload(WARM_MODULES)
        _start_server()
    chunks = [pieces[start : start + CHUNK] for start in range(0, len(pieces), CHUNK)]
    with ProcessPool(
        max_workers=max(1, min(workers, len(pieces))),
        initializer=_setup,
        initargs=(job.setup, job.arguments),
        context=context,
    ) as pool:
        try:
            limit = deadline * CHUNK_FACTOR
            for chunk, results in _each(pool, job, chunks, limit):
                if isinstance(results, Lost):
                    for single, alone in _each(pool, job, [[piece] for piece in chunk], deadline):
                        yield single[0], alone if isinstance(alone, Lost) else alone[0]
                else:
                    yield from zip(chunk, results, strict=True)
        except BaseException:
            pool.stop()  # type: ignore[no-untyped-call]  # the library is partly typed
            raise


def _start_server() -> None:
    """Start the process that workers are forked from, deaf to Ctrl-C: only this process answers to that."""
    if threading.current_thread() is not threading.main_thread():
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        forkserver.ensure_running()
    finally:
        signal.signal(signal.SIGINT, before)


def _each(
    pool: ProcessPool, job: Job[T, R], chunks: Sequence[Sequence[T]], limit: float
) -> Iterator[tuple[Sequence[T], list[R] | Lost]]:
    futures: list[tuple[Sequence[T], Future[list[R]]]] = [
        (chunk, pool.schedule(_work, args=(job.work, chunk), timeout=limit)) for chunk in chunks
    ]
    for chunk, future in futures:
        yield chunk, _result(future, limit)


def _result(future: Future[list[R]], limit: float) -> list[R] | Lost:
    try:
        return future.result()
    except TimeoutError:
        return Lost(f"took longer than {limit:.0f} s")
    except ProcessExpired as death:
        return Lost(f"the worker died (exit code {death.exitcode})")
    except Exception as failure:  # whatever a piece raised in its worker costs only that piece
        log.error("a piece of work failed", exc_info=failure)
        return Lost(f"{type(failure).__name__}: {failure}")


_state: list[Any] = []
"""What `setup` gave in this worker; filled once before any work."""


def _setup(setup: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    _state[:] = [setup(*arguments)]


def _work(work: Callable[[Any, T], R], chunk: Sequence[T]) -> list[R]:
    return [work(_state[0], piece) for piece in chunk]

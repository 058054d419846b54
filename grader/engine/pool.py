"""Work over local processes, each piece with a hard deadline.

A piece that crashes its worker or outlives its deadline costs only itself: the worker is killed and
replaced, and the pieces that shared its chunk run again one by one.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, TimeoutError, wait
from itertools import islice
from multiprocessing.context import BaseContext
from typing import Any, TypeVar

from grader.engine.base import CHUNK, CHUNK_FACTOR, DEADLINE, SLOW_CHUNK, Lost, Setup

log = logging.getLogger(__name__)

T = TypeVar("T")
R = TypeVar("R")

WARM_MODULES = [
    *("grader.checkers", "grader.report"),
    *(
        "flint",
        "jinja2",
        "latex2mathml.converter",
        "markdown_it",
        "mdit_py_plugins.dollarmath",
        "mpmath",
    ),
]
"""What workers share from the start; the libraries are those that our own modules load late."""
CHUNKS_AHEAD = 3
"""Chunks in flight for each worker: enough that none waits, few enough that memory stays flat."""


def default_workers() -> int:
    """The processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Pool:
    """Local worker processes, started with the first piece of work and kept until `close`."""

    def __init__(self, setup: Setup, workers: int) -> None:
        self.setup = setup
        self.workers = max(1, workers)
        self._processes: Any = None
        """Pebble's pool; the library is only loaded where there is work."""

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the workers, at once if work is still under way."""
        if self._processes is not None:
            self._processes.stop()
            self._processes.join()
            self._processes = None

    def run(
        self, work: Callable[[Any, T], R], pieces: Iterable[T], seconds: float = 0.0
    ) -> Iterator[tuple[T, R | Lost]]:
        """See `Engine.run`. The order is that in which chunks are done."""
        size = SLOW_CHUNK if seconds else CHUNK
        again: list[T] = []
        for chunk, results in self._each(work, chunked(pieces, size), DEADLINE + seconds):
            if not isinstance(results, Lost):
                yield from zip(chunk, results, strict=True)
            elif len(chunk) == 1:
                yield chunk[0], results
            else:
                again += chunk
        for (piece,), alone in self._each(work, ([one] for one in again), DEADLINE + seconds):
            yield piece, alone if isinstance(alone, Lost) else alone[0]

    def _each(
        self, work: Callable[[Any, T], R], chunks: Iterable[Sequence[T]], deadline: float
    ) -> Iterator[tuple[Sequence[T], list[R] | Lost]]:
        waiting: dict[Future[list[R]], Sequence[T]] = {}
        coming = iter(chunks)
        while True:
            for chunk in islice(coming, self.workers * CHUNKS_AHEAD - len(waiting)):
                limit = deadline * min(len(chunk), CHUNK_FACTOR)
                waiting[self._schedule(work, chunk, limit)] = chunk
            if not waiting:
                return
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in [one for one in waiting if one in done]:  # in the order they were sent
                chunk = waiting.pop(future)
                yield chunk, _result(future, deadline * min(len(chunk), CHUNK_FACTOR))

    def _schedule(
        self, work: Callable[[Any, T], R], chunk: Sequence[T], limit: float
    ) -> Future[list[R]]:
        if self._processes is None:
            self._processes = self._start()
        future: Future[list[R]] = self._processes.schedule(_work, args=(work, chunk), timeout=limit)
        return future

    def _start(self) -> Any:
        from pebble import ProcessPool  # see `_processes`

        warm_up()
        return ProcessPool(
            max_workers=self.workers,
            initializer=_make,
            initargs=(self.setup,),
            context=_context(),
        )


def warm_up() -> None:
    """Let what workers share be loaded meanwhile, in another process: there is going to be work."""
    if os.name == "posix":
        _context().set_forkserver_preload(WARM_MODULES)
        _start_server()


def _context() -> BaseContext:
    return multiprocessing.get_context("forkserver" if os.name == "posix" else "spawn")


def chunked(pieces: Iterable[T], size: int) -> Iterator[list[T]]:
    """The pieces in lists of `size`, the last one shorter."""
    coming = iter(pieces)
    while chunk := list(islice(coming, size)):
        yield chunk


def _start_server() -> None:
    """Start the process that workers are forked from, deaf to Ctrl-C: only this process answers to that."""
    if threading.current_thread() is not threading.main_thread():
        return
    from multiprocessing import forkserver  # not on every system

    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        forkserver.ensure_running()
    finally:
        signal.signal(signal.SIGINT, before)


def _result(future: Future[list[R]], limit: float) -> list[R] | Lost:
    from pebble import ProcessExpired  # see `Pool._processes`

    try:
        return future.result()
    except TimeoutError:
        return Lost(f"took longer than {limit:.0f} s")
    except ProcessExpired as death:
        return Lost(f"the worker died (exit code {death.exitcode})")
    except Exception as failure:  # whatever a piece raised in its worker costs only that piece
        log.error("a piece of work failed", exc_info=failure)
        return Lost(f"{type(failure).__name__}: {failure}")


_made: list[Any] = []
"""What the setup made in this worker, before any work."""


def _make(setup: Setup) -> None:
    _made[:] = [setup.make(*setup.arguments)]


def _work(work: Callable[[Any, T], R], chunk: Sequence[T]) -> list[R]:
    return [work(_made[0], piece) for piece in chunk]

"""One worker process for work that might outlive its welcome: it is killed and replaced, and the piece is lost.

Judging bounds its own work; this stands behind it for what a library does inside one call. The first piece starts the
worker, so work that needs none pays nothing.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

SECONDS = 2.5
"""What one piece may take."""
MEMORY = 500 * 1024 * 1024
"""Bytes that a worker may take beside what it holds when it starts."""
PIECES = 10_000
"""Pieces after which a worker is replaced, so that nothing grows for ever."""


class Overrun(Exception):
    """A piece that was stopped; the message says why."""


class Guard(Generic[T, R]):
    """Runs `work` on pieces in one worker, each within `seconds`; work and pieces are sent to another process."""

    def __init__(self, work: Callable[[T], R], seconds: float = SECONDS) -> None:
        self.work, self.seconds = work, seconds
        self._worker: tuple[BaseProcess, Connection] | None = None
        self._done = 0

    def __enter__(self) -> Guard[T, R]:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def one(self, piece: T) -> R:
        """The result for a piece. Raises `Overrun` where it took too long, too much memory, or the worker died."""
        if self._worker is None or self._done >= PIECES:
            self.stop()
            self._worker, self._done = self._start(), 0
        process, line = self._worker
        self._done += 1
        try:
            line.send(piece)
            if not line.poll(self.seconds):
                self.stop()
                raise Overrun(f"this took longer than {self.seconds:g} s")
            answer: tuple[R] | None = line.recv()  # as `_serve` sends it
        except (EOFError, OSError):
            self.stop()
            raise Overrun(f"the worker died (exit code {process.exitcode})") from None
        if answer is None:
            self.stop()
            raise Overrun("this took too much memory")
        return answer[0]

    def stop(self) -> None:
        """End the worker at once."""
        if self._worker is not None:
            process, line = self._worker
            self._worker = None
            line.close()
            process.kill()
            process.join()

    def _start(self) -> tuple[BaseProcess, Connection]:
        ours, theirs = multiprocessing.Pipe()
        process = _context().Process(target=_serve, args=(self.work, theirs), daemon=True)
        process.start()
        theirs.close()
        try:
            ours.recv()  # starting costs no piece its time
        except EOFError:
            raise Overrun("the worker did not start") from None
        return process, ours


def _context() -> Any:
    """Forking starts at once but not safely among threads, nor on every system."""
    alone = threading.active_count() == 1
    forks = alone and hasattr(os, "fork") and Path("/proc/self/statm").exists()
    return multiprocessing.get_context("fork" if forks else "spawn")


def _serve(work: Callable[[T], R], line: Connection) -> None:
    """The worker: answer pieces, each with (result,) or None for want of memory, until the other end goes away."""
    _limit_memory()
    line.send(None)
    while True:
        try:
            piece = line.recv()
        except (EOFError, OSError):
            return
        try:
            answer: tuple[R] | None = (work(piece),)
        except MemoryError:
            answer = None
        line.send(answer)


def _limit_memory() -> None:
    """Allow `MEMORY` beside what is in use, where the system can say and do so."""
    try:
        import resource  # absent on some systems

        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (ImportError, OSError):
        return
    limit = pages * resource.getpagesize() + MEMORY
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    if most == resource.RLIM_INFINITY or limit < most:
        resource.setrlimit(resource.RLIMIT_AS, (limit, most))

"""One run at a time writes to a ledger; whoever comes second is told who is at it, and waits."""

from __future__ import annotations

import getpass
import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from grader.ledger.faults import fault


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is at a ledger; `since` is ISO 8601 in UTC."""

    doing: str
    user: str
    host: str
    process: int
    since: str

    def __str__(self) -> str:
        return f"{self.doing} by {self.user} on {self.host} (process {self.process}) since {self.since}"


@contextmanager
def only_writer(path: Path, doing: str, waiting: Callable[[str], None]) -> Iterator[None]:
    """Hold a ledger alone. `waiting` is told once who has it, if somebody has; the system lets go when a holder dies.

    Raises:
        EngineError: there can be no lock beside the ledger.
    """
    lock = FileLock(path.with_name(f"{path.name}.lock"), thread_local=False)
    note = path.with_name(f"{path.name}.holder")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _acquire(lock, note, waiting)
        _write(note, doing)
    except OSError as failure:
        lock.release()
        raise fault(path, failure) from failure
    try:
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _acquire(lock: FileLock, note: Path, waiting: Callable[[str], None]) -> None:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        waiting(str(_read(note) or "another run"))
        lock.acquire()


def _write(note: Path, doing: str) -> None:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    holder = Holder(doing, user(), socket.gethostname(), os.getpid(), since)
    note.write_text(json.dumps(asdict(holder)), encoding="utf-8")


def _read(note: Path) -> Holder | None:
    """The holder's note; None while it is not there or only half written."""
    try:
        return Holder(**json.loads(note.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def user() -> str:
    """The login of whoever runs this; in a container there may be none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}" if hasattr(os, "getuid") else "somebody"

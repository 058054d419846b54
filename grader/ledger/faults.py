"""What a database or a disk says when it fails, in words of those who must act."""

from __future__ import annotations

import sqlite3
from errno import EACCES, EDQUOT, ENOSPC, EPERM, EROFS

from grader.errors import EngineError, Problem

FULL = "the disk is full; what was recorded before is kept. Make room and run again"
FORBIDDEN = "cannot be opened or written here; look at the rights of the file and its folder"
CHECK = "`grader ledger check` says what still reads"
_WORDS = {
    FULL: ("disk is full",),
    FORBIDDEN: ("readonly", "unable to open"),
    "is locked by another program; close it there and run again": ("locked",),
    f"is damaged ({{}}); {CHECK}": ("malformed", "not a database"),
    "the disk does not read or write ({}): it is full or failing. What was recorded before is kept": (
        "disk I/O error",
    ),
}


class Damaged(EngineError):
    """Rows of a ledger are not as they were written."""


def explained(failure: Exception) -> str:
    """Why a file cannot be used, and what to do; it follows the file's name."""
    if isinstance(failure, OSError):
        if failure.errno in (ENOSPC, EDQUOT):
            return FULL
        if failure.errno in (EACCES, EPERM, EROFS):
            return FORBIDDEN
        return f"cannot be used: {failure.strerror or failure}"
    for told, signs in _WORDS.items():
        if any(sign in str(failure) for sign in signs):
            return told.format(failure)
    return f"cannot be used: {failure}"


def fault(path: object, failure: Exception) -> EngineError:
    """The same as an error of ours."""
    kind = Damaged if is_damage(failure) else EngineError
    return kind(Problem(str(path), 0, 0, explained(failure)))


def is_damage(failure: Exception) -> bool:
    """Whether a database says that its file is not as it wrote it."""
    signs = ("malformed", "not a database")
    return isinstance(failure, sqlite3.Error) and any(sign in str(failure) for sign in signs)


def is_locked(failure: Exception) -> bool:
    """Whether another program holds the file."""
    return "locked" in str(failure)


def damage(table: str, number: int, what: str = "damaged") -> str:
    """What is said of a row that is not as it was written."""
    return f"row {number} of {table} is {what}; {CHECK}, `grader ledger rescue` keeps that"

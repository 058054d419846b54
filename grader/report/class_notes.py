"""What the class page tells in messages, kept aside on disk: they may be as many as the class."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from grader.errors import Problem

MAX_CLAUSES = 8
"""A message that a longer one repeats is found where it has at most so many clauses."""
CLAUSE_END = "; "
"""Stands between the messages about one submission, and within some."""
_TABLES = """
CREATE TABLE unread (number INTEGER PRIMARY KEY, candidate BLOB, message BLOB);
CREATE TABLE faults (number INTEGER PRIMARY KEY, candidate BLOB, question BLOB, reason BLOB);
CREATE TABLE problems (
    file BLOB, line INTEGER, column INTEGER, message BLOB, severity BLOB, shown BLOB,
    PRIMARY KEY (file, line, column, message, severity)
) WITHOUT ROWID;
CREATE INDEX problems_shown ON problems (shown);
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer that we failed on, and why."""

    candidate: str
    question: str
    reason: str


class ClassNotes:
    """Messages in the order in which the page shows them. The database has no name and goes with the program.

    Texts are held as bytes: a database takes no half characters, and bytes sort as characters do.
    """

    def __init__(self) -> None:
        self._base = sqlite3.connect("")
        self._base.executescript(_TABLES)

    def close(self) -> None:
        self._base.close()

    def add_unread(self, candidate: str, message: str) -> None:
        """A submission that could not be read, and why."""
        row = (_stored(candidate), _stored(message))
        self._base.execute("INSERT INTO unread (candidate, message) VALUES (?, ?)", row)

    def add_fault(self, fault: Fault) -> None:
        row = (_stored(fault.candidate), _stored(fault.question), _stored(fault.reason))
        self._base.execute("INSERT INTO faults (candidate, question, reason) VALUES (?, ?, ?)", row)

    def add_problem(self, problem: Problem) -> None:
        """A problem with a file; said again it does not count."""
        texts = map(_stored, (problem.message, problem.severity, str(problem)))
        self._base.execute(
            "INSERT OR IGNORE INTO problems VALUES (?, ?, ?, ?, ?, ?)",
            (_stored(problem.file), problem.line, problem.column, *texts),
        )

    def drop_repeated(self) -> None:
        """Leave out problems that already stand with the submission they made unreadable."""
        for _, message in self.unread():
            said = ((_stored(part),) for part in _parts(message))
            self._base.executemany("DELETE FROM problems WHERE shown = ?", said)

    @property
    def problem_count(self) -> int:
        return self._count("problems")

    @property
    def fault_count(self) -> int:
        return self._count("faults")

    def unread(self) -> Iterator[tuple[str, str]]:
        """Candidate and message, as they came."""
        rows = self._base.execute("SELECT candidate, message FROM unread ORDER BY number")
        return ((_shown(candidate), _shown(message)) for candidate, message in rows)

    def problems(self) -> Iterator[str]:
        """Each once, in the order of `Problem`."""
        order = "file, line, column, message, severity"
        rows = self._base.execute(f"SELECT shown FROM problems ORDER BY {order}")  # noqa: S608
        return (_shown(shown) for (shown,) in rows)

    def faults(self, most: int) -> list[Fault]:
        """At most so many, those with the most frequent reason first."""
        rows = self._base.execute(
            "SELECT candidate, question, reason FROM faults"
            " JOIN (SELECT reason, COUNT(*) AS often FROM faults GROUP BY reason) USING (reason)"
            " ORDER BY often DESC, reason, number LIMIT ?",
            (most,),
        )
        return [Fault(*map(_shown, row)) for row in rows]

    def _count(self, table: str) -> int:
        (count,) = self._base.execute(f"SELECT COUNT(*) FROM {table}").fetchone()  # noqa: S608
        return int(count)


def _parts(message: str) -> Iterator[str]:
    """The messages that one about a whole submission may be put together from."""
    clauses = message.split(CLAUSE_END)
    for first in range(len(clauses)):
        for last in range(first + 1, min(first + MAX_CLAUSES, len(clauses)) + 1):
            yield CLAUSE_END.join(clauses[first:last])


def _stored(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _shown(stored: bytes) -> str:
    return stored.decode("utf-8", "surrogatepass")

"""What people decided, append-only, in one SQLite file per exam.

A decision belongs to (question, answer): everyone who handed in the same answer gets it. It remembers the rubric item
it was made under, so that a later change of the item is seen; it is never overwritten, only followed by a newer one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from grader.errors import EngineError, Problem
from grader.score import Raw, digest

FORMAT = 1
LOCK_SECONDS = 10.0
_TABLE = """
CREATE TABLE IF NOT EXISTS decisions (
    number INTEGER PRIMARY KEY,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    item TEXT NOT NULL,
    credit TEXT NOT NULL,
    comment TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at TEXT NOT NULL
)
"""


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's word on one answer to one question. `answer` and `item` are digests, `at` is ISO 8601 in UTC."""

    question: str
    answer: str
    item: str
    credit: Fraction
    comment: str
    by: str
    at: str
    number: int = 0
    """Its place in the ledger, from 1; 0 while it is not recorded."""

    def repeats(self, other: Decision | None) -> bool:
        """Whether the same person said just the same before."""
        return other is not None and replace(self, at=other.at, number=other.number) == other


def answer_digest(raw: Raw, prose: bool, context: Raw = None) -> str:
    """Names an answer. In prose neither blanks nor case count; `context` is what it builds on."""
    same = " ".join(raw.split()).casefold() if prose and isinstance(raw, str) else raw
    return digest(same, context)


class Ledger:
    """The decisions of one exam."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def decisions(self) -> dict[tuple[str, str], Decision]:
        """The newest decision by (question, answer).

        Raises:
            EngineError: the file is damaged or comes from a newer version.
        """
        if not self.path.exists():
            return {}
        with closing(self._connect()) as connection:
            rows = connection.execute(
                "SELECT question, answer, item, credit, comment, decided_by, decided_at, number"
                " FROM decisions ORDER BY number"
            ).fetchall()
        found = (
            Decision(q, a, i, Fraction(c), comment, by, at, n)
            for q, a, i, c, comment, by, at, n in rows
        )
        return {(decision.question, decision.answer): decision for decision in found}

    def record(self, decisions: Iterable[Decision]) -> None:
        """Append decisions, all or none.

        Raises:
            EngineError: the file cannot be written.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        rows = [
            (d.question, d.answer, d.item, str(d.credit), d.comment, d.by, d.at) for d in decisions
        ]
        try:
            with closing(self._connect()) as connection, connection:
                connection.executemany(
                    "INSERT INTO decisions (question, answer, item, credit, comment, decided_by, decided_at)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    rows,
                )
        except sqlite3.Error as failure:
            raise self._fault(failure) from failure

    def _connect(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(self.path, timeout=LOCK_SECONDS)
            connection.execute("PRAGMA journal_mode = WAL")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version > FORMAT:
                connection.close()
                message = (
                    f"was written by a newer version (format {version}, this one knows {FORMAT})"
                )
                raise EngineError(Problem(str(self.path), 0, 0, message))
            with connection:
                connection.execute(_TABLE)
                connection.execute(f"PRAGMA user_version = {FORMAT}")
        except sqlite3.Error as failure:
            raise self._fault(failure) from failure
        return connection

    def _fault(self, failure: sqlite3.Error) -> EngineError:
        return EngineError(Problem(str(self.path), 0, 0, f"the ledger cannot be used: {failure}"))

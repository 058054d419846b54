"""The tables, their format version, and how a file of an older format becomes one of this."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from grader.errors import EngineError, Problem
from grader.ledger.rows import checksum

FORMAT = 2
LOCK_SECONDS = 10.0
"""How long one statement waits for another process's."""

COLUMNS = {
    "acts": ("kind", "by", "at", "reason", "paper", "engine"),
    "papers": ("digest", "rubric", "items", "content"),
    "runs": ("losses", "state", "act"),
    "entries": ("name", "content", "reader", "candidate", "place", "handed", "act"),
    "scores": (
        *("work", "question", "item", "answer", "engine", "level"),
        *("settled", "content", "act"),
    ),
    "standings": (
        *("candidate", "place", "grp", "entries", "scores", "bonus"),
        *("made_from", "identity", "settled", "held", "act"),
    ),
    "decisions": (
        *("question", "answer", "item", "credit", "comment", "decided_by", "decided_at", "act"),
    ),
}
"""By table its columns beside `number` (its place) and `sum` (its checksum), in the order in which they are summed."""
_WHOLE = {"act", "settled"}
_INDICES = (
    "CREATE INDEX IF NOT EXISTS entry_names ON entries (name)",
    "CREATE INDEX IF NOT EXISTS score_works ON scores (work)",
    "CREATE INDEX IF NOT EXISTS standing_candidates ON standings (candidate)",
    "CREATE UNIQUE INDEX IF NOT EXISTS paper_digests ON papers (digest)",
)


def insertion(table: str) -> str:
    """The statement that adds one row: its columns in order, then the checksum."""
    names = (*COLUMNS[table], "sum")
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608 - our own names


def insertion_at(table: str) -> str:
    """The statement that puts a row where it was: its number, its columns in order, its checksum."""
    names = ("number", *COLUMNS[table], "sum")
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608 - our own names


def summed(values: tuple[object, ...]) -> tuple[object, ...]:
    """A row with its checksum."""
    return (*values, checksum(values))


def prepare(connection: sqlite3.Connection, path: Path, *, keep_copy: bool = True) -> None:
    """Bring a file to this format; one of an older format is first copied beside itself with `keep_copy`.

    Raises:
        EngineError: the file comes from a newer version.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > FORMAT:
        message = f"was written by a newer version (format {version}, this one knows {FORMAT})"
        raise EngineError(Problem(str(path), 0, 0, message))
    if version == FORMAT:
        return
    if version and keep_copy:
        _keep_copy(connection, path.with_name(f"{path.name}.format{version}"))
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        if connection.execute("PRAGMA user_version").fetchone() == (FORMAT,):
            return  # another process was first
        if version == 1:
            connection.execute("ALTER TABLE decisions RENAME TO decisions_1")
        for table in COLUMNS:
            connection.execute(_table(table))
        if version == 1:
            _take_over_decisions(connection)
        for table in COLUMNS:
            for change in ("UPDATE", "DELETE"):
                connection.execute(_guard(table, change))
        for statement in _INDICES:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {FORMAT}")


def _table(table: str) -> str:
    columns = [
        f"{name} {'INTEGER' if name in _WHOLE else 'TEXT'} NOT NULL" for name in COLUMNS[table]
    ]
    return f"CREATE TABLE {table} (number INTEGER PRIMARY KEY, {', '.join(columns)}, sum TEXT NOT NULL)"


def _guard(table: str, change: str) -> str:
    """What was written stays: the database itself refuses anything else."""
    return (
        f"CREATE TRIGGER {table}_{change.lower()} BEFORE {change} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
    )


def _take_over_decisions(connection: sqlite3.Connection) -> None:
    rows = connection.execute(
        "SELECT question, answer, item, credit, comment, decided_by, decided_at FROM decisions_1 ORDER BY number"
    ).fetchall()
    last = max((row[-1] for row in rows), default="")
    act = ("migrated", "", last, "decisions of format 1", "", "")
    number = connection.execute(insertion("acts"), summed(act)).lastrowid
    connection.executemany(insertion("decisions"), [summed((*row, number)) for row in rows])
    connection.execute("DROP TABLE decisions_1")


def _keep_copy(connection: sqlite3.Connection, path: Path) -> None:
    if path.exists():
        return
    unfinished = path.with_name(f"{path.name}.part")  # a copy is there whole or not at all
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(unfinished)) as copy:
        connection.backup(copy)
    os.replace(unfinished, path)

"""Reading a ledger row by row: what is damaged, what still reads, and a new file with all that does."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from grader.errors import EngineError, Problem
from grader.ledger.faults import fault
from grader.ledger.rows import Act, Kind, Placed
from grader.ledger.schema import COLUMNS, FORMAT, insertion, insertion_at, prepare, summed
from grader.ledger.store import LEGIBLE

WINDOW = 400
"""Rows read at once; where that fails they are read one by one."""
BLIND = 20_000
"""How far numbers are tried where the end of a table cannot be read."""
MAX_SAID = 20
"""Lines of SQLite's own report."""
_TELLING = {
    "acts": ("kind", "by", "at", "reason"),
    "papers": ("rubric",),
    "runs": ("losses", "state"),
    "entries": ("name", "candidate"),
    "scores": ("question",),
    "standings": ("candidate",),
    "decisions": ("question", "credit", "comment", "decided_by", "decided_at"),
}
"""What tells people what a row was about."""

Row = tuple[object, ...]
Keep = Callable[[str, int, Row], None]


@dataclass(frozen=True, slots=True)
class Lost:
    """A row that is not as it was written; `about` is what still reads of it, which may be wrong too."""

    table: str
    number: int
    about: str

    def __str__(self) -> str:
        return f"row {self.number} of {self.table}: {self.about}"


@dataclass(frozen=True, slots=True)
class Survey:
    """What is in a ledger: rows that read by table, those that do not, and what SQLite says of the file."""

    sound: Mapping[str, int]
    lost: tuple[Lost, ...]
    said: tuple[str, ...]

    @property
    def damaged(self) -> bool:
        """Whether anything is."""
        return bool(self.lost or self.said)


@dataclass(frozen=True, slots=True)
class Rescue:
    """A new ledger in place of a damaged one, which is kept at `kept`."""

    survey: Survey
    kept: Path


def survey(path: Path) -> Survey:
    """Read every row.

    Raises:
        EngineError: it is no ledger of this format, or SQLite cannot open it at all.
    """
    with closing(_open(path)) as connection:
        return _survey(connection, lambda *_: None)


def rescue(path: Path, act: Act) -> Rescue:
    """Put a ledger with every row that reads in the place of a damaged one. The caller holds its lock.

    Rows keep their numbers. Where a candidate stood on something that is lost goes too: grading makes it anew.

    Raises:
        EngineError: nothing of the file can be read, or no new one can be written.
    """
    fresh = path.with_name(f"{path.name}.rescued")
    fresh.unlink(missing_ok=True)
    try:
        with (
            closing(_open(path)) as old,
            closing(sqlite3.connect(fresh, isolation_level=None)) as new,
        ):
            prepare(new, fresh)
            new.execute("BEGIN IMMEDIATE")
            found = _survey(old, lambda table, number, row: _put(new, table, number, row))
            _replace_acts(old, new)
            row = (Kind.RESCUED.value, act.by, act.at, act.reason, "", "")
            new.execute(insertion("acts"), summed(row))
            new.execute("COMMIT")
        kept = _keep_aside(path)
    except (OSError, sqlite3.Error) as failure:
        fresh.unlink(missing_ok=True)
        raise fault(path, failure) from failure
    for ending in ("-wal", "-shm"):  # they belong to the damaged file and would spoil the new one
        path.with_name(path.name + ending).unlink(missing_ok=True)
    fresh.replace(path)
    return Rescue(found, kept)


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True)
    try:
        connection.text_factory = LEGIBLE
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.Error as failure:
        connection.close()
        raise fault(path, failure) from failure
    if version != FORMAT:
        connection.close()
        message = f"is a ledger of format {version}, this version checks format {FORMAT}"
        raise EngineError(Problem(str(path), 0, 0, message))
    return connection


# --- reading ---


def _survey(connection: sqlite3.Connection, keep: Keep) -> Survey:
    """Every row; those that read are given to `keep`: table, number, columns with the checksum."""
    sound = dict.fromkeys(COLUMNS, 0)
    lost: list[Lost] = []
    there: dict[str, set[int]] = {"scores": set(), "entries": set()}
    rescued = _last_rescue(connection)
    for table in COLUMNS:  # standings come after what they refer to
        before = 0
        for number, row in _rows(connection, table):
            if (
                _act(table, number, row) >= rescued
            ):  # numbers that an earlier rescue left out are before it
                lost += (Lost(table, gap, "cannot be read") for gap in range(before + 1, number))
            about = _fault(table, row, there)
            if about:
                lost.append(Lost(table, number, about))
            else:
                sound[table] += 1
                there.get(table, set()).add(number)
                keep(table, number, row)
            before = number
    return Survey(sound, tuple(lost), tuple(_said(connection)))


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[tuple[int, Row]]:
    """Rows with their numbers, in order, as far as SQLite can read them."""
    columns = ", ".join(("number", *COLUMNS[table], "sum"))
    text = f"SELECT {columns} FROM {table} WHERE number"  # noqa: S608 - our own names
    end: int | None = None
    start = 0
    while end is None or start < end:
        try:
            found = connection.execute(
                f"{text} > ? ORDER BY number LIMIT {WINDOW}", (start,)
            ).fetchall()
        except sqlite3.DatabaseError:
            end = _end(connection, table, start) if end is None else end
            numbers = range(start + 1, min(start + WINDOW, end) + 1)
            found = [row for n in numbers for row in _one(connection, f"{text} = ?", n)]
            start = numbers.stop - 1
        else:
            if not found:
                return
            start = found[-1][0]
        yield from ((row[0], row[1:]) for row in found)


def _end(connection: sqlite3.Connection, table: str, start: int) -> int:
    try:
        (last,) = connection.execute(f"SELECT max(number) FROM {table}").fetchone()  # noqa: S608
    except sqlite3.DatabaseError:
        return start + BLIND
    return int(last or 0)


def _one(connection: sqlite3.Connection, text: str, number: int) -> list[Row]:
    try:
        return connection.execute(text, (number,)).fetchall()
    except sqlite3.DatabaseError:  # it will be missed by its number
        return []


def _fault(table: str, row: Row, there: Mapping[str, set[int]]) -> str:
    """What is wrong with a row and what it was about; empty where it is sound."""
    *values, written = row
    named = dict(zip(COLUMNS[table], values, strict=True))
    about = ", ".join(f"{name} {named[name]!r}" for name in _TELLING[table])
    if summed(tuple(values))[-1] != written:
        return f"its checksum does not hold ({about})"
    if table == "standings":
        placed = json.loads(str(named["scores"])).values()
        scores = {Placed(*one).number for one in placed}
        if not there["scores"].issuperset(scores):
            return f"refers to a score that is lost ({about})"
        if not there["entries"].issuperset(json.loads(str(named["entries"]))):
            return f"refers to an entry that is lost ({about})"
    return ""


def _act(table: str, number: int, row: Row) -> int:
    """The act under which a row was written; 0 where that is not known."""
    if table == "acts":
        return number
    act = row[-2] if COLUMNS[table][-1] == "act" else 0
    return act if isinstance(act, int) else 0


def _last_rescue(connection: sqlite3.Connection) -> int:
    """The last act that left numbers out; 0 if there was none."""
    acts = (number for number, row in _rows(connection, "acts") if row[0] == Kind.RESCUED.value)
    return max(acts, default=0)


def _said(connection: sqlite3.Connection) -> list[str]:
    try:
        rows = connection.execute(f"PRAGMA integrity_check({MAX_SAID})").fetchall()
    except sqlite3.DatabaseError as failure:
        return [str(failure)]
    return [line for (line,) in rows if line != "ok"]


# --- writing ---


def _put(new: sqlite3.Connection, table: str, number: int, row: Row) -> None:
    new.execute(insertion_at(table), (number, *row))


def _replace_acts(old: sqlite3.Connection, new: sqlite3.Connection) -> None:
    """Acts are known by their places, so one that is lost leaves what still reads of it, or a word, in its place."""
    kept = {number for (number,) in new.execute("SELECT number FROM acts")}
    deciding = {number for (number,) in new.execute("SELECT DISTINCT act FROM decisions")}
    legible = {number: row[:-1] for number, row in _rows(old, "acts")}
    for number in range(1, max((*legible, *_acts_named(new)), default=0) + 1):
        if number not in kept:
            kind = Kind.DECIDED if number in deciding else Kind.GRADED
            _put(new, "acts", number, summed(_stand_in(legible.get(number), kind)))


def _acts_named(new: sqlite3.Connection) -> Iterator[int]:
    for table in COLUMNS:
        if "act" in COLUMNS[table]:
            (last,) = new.execute(f"SELECT max(act) FROM {table}").fetchone()  # noqa: S608 - our own names
            yield last or 0


def _stand_in(row: Sequence[object] | None, likely: Kind) -> Row:
    """What stands in the place of a damaged act: what reads of it, said to be so; `likely` if its kind does not."""
    if row is None:
        return likely.value, "", "", "this act was lost", "", ""
    kind, by, at, reason, paper, engine = map(str, row)
    known = kind if kind in set(Kind) else likely.value
    return known, by, at, f"(this act was damaged) {reason}", paper, engine


def _keep_aside(path: Path) -> Path:
    """Copies of a ledger's files under the first free name."""
    number = 1
    while (kept := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    log = path.with_name(f"{path.name}-wal")
    if log.exists():
        shutil.copy2(log, kept.with_name(f"{kept.name}-wal"))
    shutil.copy2(path, kept)
    return kept

"""One SQLite file per exam: read as of any act, written by adding rows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from grader.errors import Problem
from grader.ledger import codec
from grader.ledger.faults import Damaged, damage, fault, is_locked
from grader.ledger.rows import Act, Decision, Entry, Judged, Kind, Known, Placed, Standing
from grader.ledger.schema import COLUMNS, FORMAT, LOCK_SECONDS, prepare, summed
from grader.ledger.writing import BEGUN, Writer

LEGIBLE = partial(str, encoding="utf-8", errors="backslashreplace")
"""Reads text also where it was damaged, so that its row can be named."""
NOW = 2**62
"""An act later than any."""
MANY = 400
"""Values in one statement."""


class Ledger:
    """All that is known of one exam's grading. Reading makes no file; `writing` does.

    Raises (every method):
        EngineError: the file cannot be used, is of a newer format, or is damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._kept: sqlite3.Connection | None = None

    def exists(self) -> bool:
        return self.path.exists()

    def close(self) -> None:
        """Let go of the file."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def copy_to(self, path: Path) -> Ledger:
        """The same in another file, as of now."""
        with self._guarded(), closing(sqlite3.connect(path)) as copy:
            if self._kept is None:
                self._kept = self._open_to_read()
            self._kept.backup(copy)
        return Ledger(path)

    # --- acts and papers ---

    def acts(self, upto: int = NOW) -> list[Act]:
        """Everything that was done, in order."""
        rows = self._rows("acts", "number <= ?", (upto,))
        return [
            Act(Kind(kind), by, at, reason, paper, engine, number)
            for number, kind, by, at, reason, paper, engine in rows
        ]

    def cut_off(self) -> tuple[int, str] | None:
        """The act of the last run that graded the class, and how, if that run did not come to its end."""
        last = "number = (SELECT max(number) FROM runs)"
        rows = list(self._rows("runs", last, ()))
        return (rows[0][3], rows[0][1]) if rows and rows[0][2] == BEGUN else None

    def paper(self, digest: str) -> dict[str, str]:
        """The files of an exam and its rubric as they were: text by path in the workspace; empty if there are none."""
        rows = list(self._rows("papers", "digest = ?", (digest,)))
        found: dict[str, str] = json.loads(rows[0][4]) if rows else {}
        return found

    def papers(self) -> dict[str, str]:
        """By digest of an exam's files the digest of its rubric (see `rubric.Paper.digest`)."""
        return {digest: rubric for _, digest, rubric, _, _ in self._rows("papers", "1", ())}

    def judged_by(self, act: int) -> dict[str, str]:
        """What questions were judged by under an act, as in `rubric.Paper.judged_by`; empty where it had no paper."""
        under = "digest IN (SELECT paper FROM acts WHERE number = ?)"
        rows = list(self._rows("papers", under, (act,)))
        found: dict[str, str] = json.loads(rows[0][3]) if rows else {}
        return found

    # --- decisions ---

    def decisions(self, upto: int = NOW) -> dict[tuple[str, str], Decision]:
        """The newest decision by (question, answer)."""
        return {(one.question, one.answer): one for one in self.all_decisions(upto)}

    def all_decisions(self, upto: int = NOW) -> Iterator[Decision]:
        """Every decision, in order."""
        for row in self._rows("decisions", "act <= ?", (upto,)):
            number, question, answer, item, credit, comment, by, at, act = row
            yield Decision(question, answer, item, Fraction(credit), comment, by, at, number, act)

    # --- what was handed in ---

    def entries(self, names: Sequence[str]) -> dict[str, Entry]:
        """The newest entry of each name."""
        newest = "number IN (SELECT max(number) FROM entries WHERE name IN ({}) GROUP BY name)"
        return {row[1]: _entry(row) for row in self._among("entries", newest, names)}

    def entries_numbered(self, numbers: Iterable[int]) -> dict[int, Entry]:
        """Entries by their numbers."""
        return {row[0]: _entry(row) for row in self._numbered("entries", numbers)}

    def known_entries(self, names: Sequence[str]) -> dict[str, tuple[str, str]]:
        """By name the content and reader of the newest entry, unless it is gone."""
        newest = "number IN (SELECT max(number) FROM entries WHERE name IN ({}) GROUP BY name)"
        rows = self._among("entries", newest, names)
        return {row[1]: (row[2], row[3]) for row in rows if row[6]}

    def entry_names(self) -> Iterator[str]:
        """Names of all entries that are there, as far as the ledger knows."""
        yield from (name for (name,) in self._stream(_PRESENT.format("name") + " ORDER BY name"))

    def grouped_entries(self) -> Iterator[tuple[int, ...]]:
        """The numbers of the entries of each candidate, in the natural order of candidates.

        Names that differ only in small and capital letters are one: their reports would share a file on some systems.
        """
        rows = self._stream(
            _PRESENT.format("json_group_array(json_array(name, number))")
            + " GROUP BY lower(candidate) ORDER BY min(place)"
        )
        for (named,) in rows:  # by their names: how they came into this ledger must not matter
            yield tuple(number for _, number in sorted(json.loads(named)))

    def candidates_of(self, entries: Sequence[int]) -> dict[int, str]:
        """By number of an entry the candidate it names."""
        found: dict[int, str] = {}
        for start in range(0, len(entries), MANY):
            some = tuple(entries[start : start + MANY])
            marks = ", ".join("?" * len(some))
            found |= self._select(_NAMED.format(marks), some)
        return found

    # --- scores and standings ---

    def works(self, works: Sequence[str]) -> dict[str, Known]:
        """By work its newest score."""
        chosen = "number IN (SELECT max(number) FROM scores WHERE work IN ({}) GROUP BY work)"
        rows = self._among("scores", chosen, works)
        return {row[1]: Known(row[0], row[8], bool(row[7]), row[9], row[5]) for row in rows}

    def scores(self, numbers: Iterable[int]) -> dict[int, Judged]:
        """Scores by their numbers."""
        return {row[0]: _judged(row) for row in self._numbered("scores", numbers)}

    def score_contents(self, numbers: Iterable[int]) -> dict[int, str]:
        """The same as text, for whoever has most of them in mind already."""
        return {row[0]: row[8] for row in self._numbered("scores", numbers)}

    def standings(self, upto: int = NOW) -> Iterator[Standing]:
        """Where each candidate stands as of an act, in natural order. Those who left are not among them."""
        rows = self._stream(_reading("standings", _CURRENT, "place"), (upto,))
        yield from (_standing(self._checked("standings", row)) for row in rows)

    def standing_names(self) -> Iterator[str]:
        """The candidates who stand somewhere."""
        text = f"SELECT candidate FROM standings WHERE {_CURRENT}"  # noqa: S608 - our own words
        yield from (name for (name,) in self._stream(text, (NOW,)))

    def standings_of(self, candidates: Sequence[str]) -> dict[str, Standing]:
        """Where these candidates stand, also if they left."""
        newest = "number IN (SELECT max(number) FROM standings WHERE candidate IN ({}) GROUP BY candidate)"
        return {row[1]: _standing(row) for row in self._among("standings", newest, candidates)}

    def history(self, candidate: str) -> list[Standing]:
        """Everywhere a candidate stood, in order."""
        return [*map(_standing, self._rows("standings", "candidate = ?", (candidate,)))]

    def judged_elsewhere(self, engine: str) -> int:
        """How many scores in force another version of the engine gave."""
        if not list(self._select("SELECT 1 FROM scores WHERE engine != ? LIMIT 1", (engine,))):
            return 0
        ((found,),) = self._select(_ELSEWHERE, (NOW, engine))
        return int(found)

    # --- writing ---

    @contextmanager
    def writing(self, act: Act) -> Iterator[Writer]:
        """Add rows under an act, which is recorded with the first of them. What was committed stays, whatever comes."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as failure:
            raise fault(self.path, failure) from failure
        self.close()
        with self._guarded(), closing(self._open()) as connection:
            writer = Writer(connection, act)
            try:
                yield writer
            finally:  # also after Ctrl-C: what was done is done
                writer.commit()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as failure:
            raise fault(self.path, failure) from failure

    # --- below ---

    def _rows(
        self, table: str, where: str, values: tuple[object, ...], order: str = "number"
    ) -> Iterator[tuple[Any, ...]]:
        """Rows as (number, columns in order) whose checksum holds."""
        for row in self._select(_reading(table, where, order), values):
            yield self._checked(table, row)

    def _checked(self, table: str, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """A row without its checksum, which holds."""
        if summed(row[1:-1])[-1] != row[-1]:
            raise Damaged(Problem(str(self.path), 0, 0, damage(table, row[0])))
        return row[:-1]

    def _among(self, table: str, where: str, values: Sequence[object]) -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(values), MANY):
            some = tuple(values[start : start + MANY])
            yield from self._rows(table, where.format(", ".join("?" * len(some))), some)

    def _numbered(self, table: str, numbers: Iterable[int]) -> list[tuple[Any, ...]]:
        """Rows that other rows refer to, so each of them is there."""
        wanted = set(numbers)
        rows = list(self._among(table, "number IN ({})", sorted(wanted)))
        missing = wanted - {row[0] for row in rows}
        if missing:
            raise Damaged(Problem(str(self.path), 0, 0, damage(table, min(missing), "missing")))
        return rows

    def _select(self, text: str, values: tuple[object, ...] = ()) -> Iterator[tuple[Any, ...]]:
        """Rows to be read at once: an unfinished reading would hide from later ones what is written meanwhile."""
        if not self.exists():
            return
        with self._guarded():
            if self._kept is None:
                self._kept = self._open_to_read()
            yield from self._kept.execute(text, values)

    def _stream(self, text: str, values: tuple[object, ...] = ()) -> Iterator[tuple[Any, ...]]:
        """Rows of a class of any size, over a connection of their own: they tell how it was when the reading began."""
        if not self.exists():
            return
        with self._guarded(), closing(self._open_to_read()) as connection:
            yield from connection.execute(text, values)

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=LOCK_SECONDS, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            prepare(connection, self.path)
        except BaseException:
            connection.close()
            raise
        return connection

    def _open_to_read(self) -> sqlite3.Connection:
        """As other readers and a writer can bear it. The folder may be somebody else's, or on a read-only disk.

        Where nothing can be put beside the file, nobody writes to it either, and it is read as it lies there.
        """
        place = self.path.resolve().as_uri()
        try:
            connection = _reader(f"{place}?mode=rw")
        except sqlite3.OperationalError as failure:
            if is_locked(failure) or self._has_log():
                raise
            connection = _reader(f"{place}?immutable=1")
        if connection.execute("PRAGMA user_version").fetchone() == (FORMAT,):
            return connection
        with closing(connection):
            return _brought_up(connection, self.path)

    def _has_log(self) -> bool:
        """Whether rows stand beside the file, which would be missed without them."""
        log = self.path.with_name(f"{self.path.name}-wal")
        return log.exists() and log.stat().st_size > 0


def _reader(address: str) -> sqlite3.Connection:
    """A connection that writes no row."""
    connection = sqlite3.connect(address, uri=True, timeout=LOCK_SECONDS)
    try:
        connection.text_factory = LEGIBLE
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _brought_up(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    """A file of an older format as one of this, in memory: only whoever writes, alone, may change the file itself."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    try:
        copy.text_factory = LEGIBLE
        connection.backup(copy)
        prepare(copy, path, keep_copy=False)
    except BaseException:
        copy.close()
        raise
    return copy


def _reading(table: str, where: str, order: str) -> str:
    columns = ", ".join(("number", *COLUMNS[table], "sum"))
    return f"SELECT {columns} FROM {table} WHERE {where} ORDER BY {order}"  # noqa: S608 - our own names


_NAMED = "SELECT number, candidate FROM entries WHERE number IN ({})"
_PRESENT = (
    "SELECT {} FROM entries JOIN (SELECT max(number) AS newest FROM entries GROUP BY name)"
    " ON number = newest WHERE handed != ''"
)
_CURRENT = (
    "entries != '[]' AND standings.number IN"
    " (SELECT max(number) FROM standings WHERE act <= ? GROUP BY candidate)"
)

_ELSEWHERE = f"""
SELECT count(DISTINCT scores.number) FROM standings, json_each(standings.scores) AS each
JOIN scores ON scores.number = json_extract(each.value, '$[0]') WHERE {_CURRENT} AND scores.engine != ?
"""  # noqa: S608 - our own words


def _entry(row: tuple[Any, ...]) -> Entry:
    number, name, content, reader, _, _, handed, _ = row
    return Entry(name, content, reader, codec.handed_from(handed), number)


def _judged(row: tuple[Any, ...]) -> Judged:
    number, work, question, item, answer, engine, level, settled, content, act = row
    score = codec.score_from(content)
    return Judged(work, question, item, answer, engine, level, score, bool(settled), number, act)


def _standing(row: tuple[Any, ...]) -> Standing:
    number, candidate, _, group, entries, scores, bonus, made_from, identity, settled, held, act = (
        row
    )
    found = {question: Placed(*placed) for question, placed in json.loads(scores).items()}
    return Standing(
        candidate,
        group,
        tuple(json.loads(entries)),
        found,
        bonus,
        made_from,
        identity,
        bool(settled),
        json.loads(held),
        number,
        act,
    )

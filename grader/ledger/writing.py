"""Adding rows to a ledger under one act."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace
from time import monotonic
from typing import Any

from grader.ledger import codec
from grader.ledger.rows import Act, Decision, Entry, Judged, Standing
from grader.ledger.schema import insertion, summed
from grader.submission import place_of

BEGUN, ENDED = "begun", "ended"
"""What a row says of a run that grades a class."""
COMMIT_SECONDS = 0.5
"""What is added so soon after a commit waits for the next: a power cut costs no more than that."""


class Writer:
    """Rows go in as they come and are committed about twice a second; the act itself goes in with the first."""

    def __init__(self, connection: sqlite3.Connection, act: Act) -> None:
        self._connection = connection
        self._act = act
        self._losses = ""
        self._committed = monotonic()

    def record(self) -> Act:
        """What is being done, recorded now if it was not yet."""
        if not self._act.number:
            act = self._act
            row = (act.kind.value, act.by, act.at, act.reason, act.paper, act.engine)
            self._act = replace(act, number=self._insert("acts", row))  # committed with what it did
            if self._losses:
                self._add("runs", (self._losses, BEGUN, self._act.number))
        return self._act

    def begin(self, losses: str) -> None:
        """Grade a class under this act; `losses` is how, for a run that has to go on after this one was cut off."""
        self._losses = losses

    def end(self) -> None:
        """The whole class was graded."""
        if self._act.number:
            self._add("runs", (self._losses, ENDED, self._act.number))

    @property
    def number(self) -> int:
        """That of the act; 0 while nothing was written."""
        return self._act.number

    def paper(
        self, digest: str, rubric: str, items: Mapping[str, str], files: Mapping[str, str]
    ) -> None:
        """Keep the files of an exam and its rubric, and what each question is judged by, once."""
        known = self._connection.execute("SELECT 1 FROM papers WHERE digest = ?", (digest,))
        if known.fetchone() is None:
            self._add("papers", (digest, rubric, codec.dump(dict(items)), codec.dump(dict(files))))

    def entry(self, entry: Entry, candidate: str) -> int:
        """A file or folder as it was read; its number."""
        row = (entry.name, entry.content, entry.reader, candidate, place_of(candidate))
        return self._add("entries", (*row, codec.handed_text(entry.handed), self.record().number))

    def judged(self, judged: Judged) -> int:
        """A score; its number."""
        row = (judged.work, judged.question, judged.item, judged.answer, judged.engine)
        content = codec.score_text(judged.score)
        return self._add(
            "scores", (*row, judged.level, int(judged.settled), content, self.record().number)
        )

    def standing(self, standing: Standing) -> int:
        """Where a candidate stands now; its number."""
        row: tuple[Any, ...] = (
            standing.candidate,
            place_of(standing.candidate),
            standing.group,
            codec.dump(standing.entries),
            codec.dump(standing.scores),
            standing.bonus,
            standing.made_from,
            standing.identity,
            int(standing.settled),
            codec.dump(standing.held),
            self.record().number,
        )
        return self._add("standings", row)

    def decisions(self, decisions: Iterable[Decision]) -> None:
        """What a person decided."""
        for d in decisions:
            row = (d.question, d.answer, d.item, str(d.credit), d.comment, d.by, d.at)
            self._add("decisions", (*row, self.record().number))

    def commit(self) -> None:
        """Make what was added last."""
        if self._connection.in_transaction:
            self._connection.execute("COMMIT")
        self._committed = monotonic()

    def _add(self, table: str, row: tuple[object, ...]) -> int:
        number = self._insert(table, row)
        if monotonic() - self._committed > COMMIT_SECONDS:
            self.commit()
        return number

    def _insert(self, table: str, row: tuple[object, ...]) -> int:
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")
        number = self._connection.execute(
            insertion(table), summed(tuple(map(_whole, row)))
        ).lastrowid
        assert number is not None  # noqa: S101 - an INSERT always gives one
        return number


def _whole(value: object) -> object:
    """Half characters (lone surrogates), which a database cannot hold, as people would write them."""
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    return value

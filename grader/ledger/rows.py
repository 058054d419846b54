"""What a ledger holds, row by row. Rows are only ever added; each carries a checksum of its own.

Every row belongs to an act: something that somebody did at some time for some reason. The state of an exam
as of an act is what the rows of that act and of those before it say, so nothing that was true is lost.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from grader.score import Score
from grader.submission import Handed


class Kind(StrEnum):
    """What people do to a ledger."""

    GRADED = "graded"
    DECIDED = "decided"
    APPLIED = "applied"
    RELEASED = "released"
    MIGRATED = "migrated"
    RESCUED = "rescued"


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done: by whom, when (ISO 8601, UTC, as the clock said) and why.

    `paper` names the exam and rubric in force (see `Ledger.paper`), `engine` the version that judged. The order
    of acts is that of their numbers, whatever the clock says.
    """

    kind: Kind
    by: str
    at: str
    reason: str = ""
    paper: str = ""
    engine: str = ""
    number: int = 0
    """Its place in the ledger, from 1; 0 while it is not recorded."""


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
    act: int = 0

    def repeats(self, other: Decision | None) -> bool:
        """Whether the same person said just the same before."""
        if other is None:
            return False
        return self._said() == other._said()

    def _said(self) -> tuple[object, ...]:
        return (self.question, self.answer, self.item, self.credit, self.comment, self.by)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or folder in the submissions, and what was read in it. `handed` is None once it is gone.

    `content` names its bytes, `reader` what else reading it depended on (see `loading.entries.reader_digest`; empty where reading failed by our fault).
    """

    name: str
    content: str
    reader: str
    handed: Handed | None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """A score by the machine, and what it was made from (see `scoring.Work.identity`)."""

    work: str
    question: str
    item: str
    """Digest of the rubric item."""
    answer: str
    """Digest of the answer together with those it may follow from."""
    engine: str
    level: str
    """What confined the program that was run; empty where none was."""
    score: Score
    settled: bool = True
    """False where it was our fault or this machine could not run it: the next run tries again."""
    number: int = 0
    act: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """A score in the ledger as whoever looks a work up needs it: `content` is as `codec.score_text` wrote it."""

    number: int
    content: str
    settled: bool
    act: int
    engine: str


class Placed(NamedTuple):
    """A question's score in a standing: its number, the digest that decisions on the answer are kept under, and a
    digest of what candidates see of the score.
    """

    number: int
    answer: str
    said: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a candidate stands: the entries that were read, and the score of each question.

    `held` names by question a work whose lower score was left to a person (`grader apply --only-up`).
    `made_from` names all it was planned from; while that stays, there is nothing to plan. `identity` names what
    a report without the key says of scores and answers, whatever their numbers.
    """

    candidate: str
    group: str
    entries: tuple[int, ...]
    scores: Mapping[str, Placed]
    bonus: str
    made_from: str
    identity: str
    settled: bool
    held: Mapping[str, str] = field(default_factory=dict)
    number: int = 0
    act: int = 0

    @property
    def gone(self) -> bool:
        """Whether the candidate's submission vanished."""
        return not self.entries


def checksum(values: object) -> str:
    """Tells a row that was damaged from one that was written."""
    text = json.dumps(values, ensure_ascii=True, default=repr)  # damage may leave bytes
    return hashlib.blake2b(text.encode("ascii"), digest_size=8).hexdigest()

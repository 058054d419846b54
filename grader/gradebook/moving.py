"""Two results of one candidate -> what is other than before, and the numbers of a class that moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from grader.gradebook.tallying import Marked, Result


@dataclass(frozen=True, slots=True)
class Move:
    """One question of one candidate whose mark is another than before. None: it was not asked, or nobody was there."""

    question: str
    before: Marked | None
    after: Marked | None
    why: str

    @property
    def gain(self) -> Fraction:
        """By how much the points change; between ranges the lower ends count, or else the upper ones."""
        return _gain(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Shift:
    """One candidate whose marks, total or grade are other than before. None: there was, or is, no such candidate."""

    candidate: str
    before: Result | None
    after: Result | None
    moves: tuple[Move, ...]

    @property
    def whole(self) -> bool:
        """Whether the candidate is there on both sides."""
        return self.before is not None and self.after is not None

    @property
    def grade_changes(self) -> bool:
        """Whether a candidate who was there before has another grade, as far as it is known."""
        return self.whole and grades(self.before) != grades(self.after)

    @property
    def gain(self) -> Fraction:
        """By how much the total changes; between ranges the lower ends count, or else the upper ones."""
        return _gain(self.before, self.after)


@dataclass(frozen=True, slots=True)
class QuestionMoves:
    """How often one question's mark moves."""

    question: str
    up: int
    down: int
    other: int
    """Only the outcome changes, such as an answer that now waits with all its points open."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Everybody whose marks moved, in the order in which people should look; `candidates` counts the whole class."""

    shifts: tuple[Shift, ...]
    candidates: int

    @property
    def grades(self) -> int:
        return sum(shift.grade_changes for shift in self.shifts)

    @property
    def up(self) -> int:
        return sum(shift.whole and shift.gain > 0 for shift in self.shifts)

    @property
    def down(self) -> int:
        return sum(shift.whole and shift.gain < 0 for shift in self.shifts)

    @property
    def new(self) -> int:
        return sum(shift.before is None for shift in self.shifts)

    @property
    def gone(self) -> int:
        return sum(shift.after is None for shift in self.shifts)

    def questions(self) -> Iterator[QuestionMoves]:
        """By question, of candidates who are there on both sides; the one that moves most comes first."""
        counts: dict[str, list[int]] = {}
        for shift in self.shifts:
            for move in shift.moves if shift.whole else ():
                gain = move.gain
                counts.setdefault(move.question, [0, 0, 0])[(gain <= 0) + (gain == 0)] += 1
        for question, numbers in sorted(counts.items(), key=lambda entry: -sum(entry[1])):
            yield QuestionMoves(question, *numbers)


def grades(result: Result | None) -> object:
    """The grades between which a result lies."""
    return result and (result.grade_low, result.grade_high)


def _gain(before: Marked | Result | None, after: Marked | Result | None) -> Fraction:
    (low, high), (new_low, new_high) = _ends(before), _ends(after)
    return new_low - low or new_high - high


def _ends(side: Marked | Result | None) -> tuple[Fraction, Fraction]:
    return (Fraction(0), Fraction(0)) if side is None else (Fraction(side.low), Fraction(side.high))

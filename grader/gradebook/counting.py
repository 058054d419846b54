"""Results -> summary numbers of a class, its distribution and its questions, counted one candidate at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from grader.exam import Exam
from grader.gradebook.tallying import Result
from grader.score import NOTHING, Outcome, Score

HISTOGRAM_BINS = 20


@dataclass(frozen=True, slots=True)
class QuestionStatistics:
    """How a class did on one question."""

    question: str
    asked: int
    decided: int
    waiting: Mapping[Outcome, int]
    """Counts by REVIEW, UNREADABLE and ERROR; only those that occur."""
    mean_credit: Fraction | None
    """Over decided answers, blank ones included; None where none is decided."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Candidates whose total lies in [low, high) percent of the points; the last bin includes its end."""

    low: int
    high: int
    complete: int = 0
    open: int = 0
    """Those with answers waiting, placed at the middle of their range."""


@dataclass(frozen=True, slots=True)
class ClassStatistics:
    """Summary numbers of a class. Submissions that could not be read at all count as `unread` and nowhere else."""

    candidates: int
    complete: int
    open: int
    unread: int
    mean_percent: Fraction | None
    """Mean total in percent of the points, over complete candidates."""
    grades: Mapping[str, int]
    """Every grade of the scale, best first, and how many have it; without those still open."""
    bins: tuple[Bin, ...]
    questions: tuple[QuestionStatistics, ...] = field(default=())


class ExactSum:
    """A sum of fractions. Numerators are summed by denominator, of which a class has few: that is exact, and fast."""

    def __init__(self) -> None:
        self.count = 0
        self._numerators: Counter[int] = Counter()

    def add(self, value: Fraction) -> None:
        self.count += 1
        self._numerators[value.denominator] += value.numerator

    @property
    def mean(self) -> Fraction | None:
        """None where nothing was added."""
        if not self.count:
            return None
        total = sum((Fraction(above, below) for below, above in self._numerators.items()), NOTHING)
        return total / self.count


class ClassCounter:
    """Counts a class, one result at a time, in memory that does not grow with the class; the order does not matter."""

    def __init__(self, exam: Exam) -> None:
        self.exam = exam
        self._read = self._complete = self._unread = 0
        self._percents = ExactSum()
        self._grades: Counter[str] = Counter()
        self._places: Counter[tuple[int, bool]] = Counter()
        self._questions = {key: _QuestionCounter() for key in exam.questions}

    def add(self, result: Result) -> None:
        if result.problem:
            self._unread += 1
            return
        self._read += 1
        self._complete += result.complete
        if result.grade is not None:
            self._grades[result.grade] += 1
        if result.max_points:
            self._places[_place(result), result.complete] += 1
            if result.complete:
                self._percents.add(percent(result.low, result.max_points))
        for key, counter in self._questions.items():
            if key in result.questions:
                counter.add(result.questions[key].score)

    def statistics(self) -> ClassStatistics:
        """The numbers of what was added so far."""
        width = 100 // HISTOGRAM_BINS
        return ClassStatistics(
            candidates=self._read + self._unread,
            complete=self._complete,
            open=self._read - self._complete,
            unread=self._unread,
            mean_percent=self._percents.mean,
            grades={grade: self._grades[grade] for grade in self.exam.scale},
            bins=tuple(
                Bin(
                    low=place * width,
                    high=(place + 1) * width,
                    complete=self._places[place, True],
                    open=self._places[place, False],
                )
                for place in range(HISTOGRAM_BINS)
            ),
            questions=tuple(one.statistics(key) for key, one in self._questions.items()),
        )


class _QuestionCounter:
    """One question's part of a class."""

    def __init__(self) -> None:
        self._outcomes: Counter[Outcome] = Counter()
        self._credits = ExactSum()

    def add(self, score: Score) -> None:
        self._outcomes[score.outcome] += 1
        if score.outcome.decided and score.credit is not None:
            self._credits.add(score.credit)

    def statistics(self, question: str) -> QuestionStatistics:
        counts = self._outcomes
        waiting = {one: counts[one] for one in Outcome if counts[one] and not one.decided}
        return QuestionStatistics(
            question=question,
            asked=counts.total(),
            decided=self._credits.count,
            waiting=waiting,
            mean_credit=self._credits.mean,
        )


def percent(points: Decimal | Fraction, max_points: Decimal) -> Fraction:
    """Points as an exact percentage."""
    return Fraction(points) * 100 / Fraction(max_points)


def _place(result: Result) -> int:
    """The bin of a total; an open one lies at the middle of its range."""
    middle = percent((Fraction(result.low) + Fraction(result.high)) / 2, result.max_points)
    return min(int(middle * HISTOGRAM_BINS / 100), HISTOGRAM_BINS - 1)

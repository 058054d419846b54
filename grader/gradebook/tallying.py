"""Scores -> points, totals and grades of one candidate. Points are multiplied here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

from grader.exam import Exam
from grader.score import NOTHING, Score

TOTAL_STEP = Decimal("0.01")
"""Totals are rounded to this."""
NO_POINTS = Decimal(0)
CACHED_POINTS = 10_000
"""Shares of a question are few, and candidates many."""


@dataclass(frozen=True, slots=True)
class Marked:
    """One score with its points, exact. `points` is None while it is not decided; `low` and `high` bound it."""

    score: Score
    max_points: Decimal
    points: Fraction | None
    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class Result:
    """What one candidate reached. Totals do not include the bonus, which stands beside them."""

    candidate: str
    group: str
    questions: Mapping[str, Marked]
    """By question id, in the exam's order; only what was asked of the group."""
    points: Decimal | None
    """The total; None while anything waits."""
    low: Decimal
    high: Decimal
    max_points: Decimal
    bonus: Decimal
    """As it counts: at most the exam's `bonus.max`."""
    grade: str | None
    """None while the grade is open; given early when both ends of the range give the same."""
    grade_low: str | None
    grade_high: str | None
    complete: bool
    problem: str = ""
    """Why a whole submission could not be read."""

    @property
    def waiting(self) -> int:
        """How many answers a person must still look at."""
        return sum(not marked.score.outcome.decided for marked in self.questions.values())


def tally(
    exam: Exam,
    candidate: str,
    group: str,
    scores: Mapping[str, Score],
    bonus: Decimal = NO_POINTS,
    problem: str = "",
) -> Result:
    """One candidate's result. A question of the group without a score counts as waiting, with all its points open.

    Raises:
        ValueError: a bonus that is negative or no number.
    """
    group = group or exam.default_group
    asked = exam.asked(group)
    questions = {
        key: mark(scores[key], question.points) for key, question in asked.items() if key in scores
    }
    missing = sum((Fraction(q.points) for key, q in asked.items() if key not in scores), NOTHING)
    low = round_to(sum((marked.low for marked in questions.values()), NOTHING))
    high = round_to(sum((marked.high for marked in questions.values()), missing))
    complete = (
        not missing and not problem and all(m.score.outcome.decided for m in questions.values())
    )
    most = sum((question.points for question in asked.values()), NO_POINTS)
    counted = count_bonus(exam, bonus)
    grade_low, grade_high = (grade_of(exam, total + counted, most) for total in (low, high))
    grade = grade_low if grade_low == grade_high and not problem else None
    return Result(
        candidate=candidate,
        group=group,
        questions=questions,
        points=low if complete else None,
        low=low,
        high=high,
        max_points=most,
        bonus=counted,
        grade=grade,
        grade_low=grade_low,
        grade_high=grade_high,
        complete=complete,
        problem=problem,
    )


def mark(score: Score, max_points: Decimal) -> Marked:
    """A score with its points."""
    if score.outcome.decided and score.credit is not None:
        points = points_of(score.credit, max_points)
        return Marked(score, max_points, points, points, points)
    return Marked(
        score,
        max_points,
        None,
        points_of(score.least, max_points),
        points_of(score.most, max_points),
    )


@lru_cache(maxsize=CACHED_POINTS)
def points_of(share: Fraction, max_points: Decimal) -> Fraction:
    """What a share of a question (a credit, or the part of it that one finding gives or costs) is worth, exactly."""
    return share * Fraction(max_points)


def count_bonus(exam: Exam, bonus: Decimal) -> Decimal:
    """The part of a bonus that counts: nothing where the exam has none, at most its `max`.

    Raises:
        ValueError: a bonus that is negative or no number.
    """
    if not bonus.is_finite() or bonus < 0:
        raise ValueError(f"a bonus is 0 or more, not {bonus}")
    return min(bonus, exam.bonus.max) if exam.bonus else NO_POINTS


def grade_of(exam: Exam, points: Decimal, max_points: Decimal) -> str | None:
    """The best grade whose least percentage is reached, compared exactly; None where no points can be had."""
    if not max_points:
        return None
    share = Fraction(points) * 100 / Fraction(max_points)
    return next((grade for grade, least in exam.scale.items() if share >= Fraction(least)), None)


def round_to(value: Fraction, step: Decimal = TOTAL_STEP) -> Decimal:
    """The nearest multiple of `step` (a power of ten), half up, exactly."""
    steps = value / Fraction(step)
    whole = (2 * steps.numerator + steps.denominator) // (2 * steps.denominator)
    return (Decimal(whole) * step).quantize(step, ROUND_HALF_UP)

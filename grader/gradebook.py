"""Scores -> points, totals and grades. Points are multiplied here and nowhere else.

Points of a question are kept exact (credit x points, a fraction); a total is rounded once, to two decimals,
half up, and the grade follows from that rounded total, so that anybody can check it from the printed page.
What waits for a person counts as a range, from the least to the most that can still come of it, never as 0.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from grader.errors import Problem
from grader.exam import Exam
from grader.score import NOTHING, Outcome, Score
from grader.submission import natural

TOTAL_STEP = Decimal("0.01")
"""Totals are rounded to this."""
QUESTION_STEP = Decimal("0.001")
"""Points and credits of single questions are rounded to this where they are written as decimals."""
HISTOGRAM_BINS = 20
CACHED_NUMBERS = 4096
"""A class has few different numbers, and exact fractions are slow to write."""
NO_POINTS = Decimal(0)
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet takes a cell that begins with one of these for a formula, or leaves the cell at it."""


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


@dataclass(frozen=True, slots=True)
class Gradebook:
    """A class: every result, by candidate in natural order, and what could not be taken in."""

    exam: Exam
    rubric_digest: str
    results: tuple[Result, ...]
    problems: tuple[Problem, ...] = ()


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


def gradebook(
    exam: Exam, rubric_digest: str, results: Iterable[Result], problems: Iterable[Problem] = ()
) -> Gradebook:
    """The class in its one order, so that the same results always give the same files."""
    ordered = sorted(results, key=lambda result: natural(result.candidate))
    return Gradebook(exam, rubric_digest, tuple(ordered), tuple(sorted(set(problems))))


def statistics(book: Gradebook) -> ClassStatistics:
    """Summary numbers, distribution and questions of a class."""
    read = [result for result in book.results if not result.problem]
    complete = [result for result in read if result.complete]
    shares = [percent(result.low, result.max_points) for result in complete if result.max_points]
    grades = Counter(result.grade for result in read if result.grade is not None)
    return ClassStatistics(
        candidates=len(book.results),
        complete=len(complete),
        open=len(read) - len(complete),
        unread=len(book.results) - len(read),
        mean_percent=sum(shares, NOTHING) / len(shares) if shares else None,
        grades={grade: grades[grade] for grade in book.exam.scale},
        bins=_histogram(read),
        questions=tuple(_question_statistics(key, read) for key in book.exam.questions),
    )


def percent(points: Decimal | Fraction, max_points: Decimal) -> Fraction:
    """Points as an exact percentage."""
    return Fraction(points) * 100 / Fraction(max_points)


def _histogram(results: Sequence[Result]) -> tuple[Bin, ...]:
    counts: Counter[tuple[int, bool]] = Counter()
    for result in results:
        if result.max_points:
            middle = percent((Fraction(result.low) + Fraction(result.high)) / 2, result.max_points)
            place = min(int(middle * HISTOGRAM_BINS / 100), HISTOGRAM_BINS - 1)
            counts[place, result.complete] += 1
    width = 100 // HISTOGRAM_BINS
    return tuple(
        Bin(place * width, (place + 1) * width, counts[place, True], counts[place, False])
        for place in range(HISTOGRAM_BINS)
    )


def _question_statistics(question: str, results: Sequence[Result]) -> QuestionStatistics:
    scores = [
        result.questions[question].score for result in results if question in result.questions
    ]
    credits = [s.credit for s in scores if s.outcome.decided and s.credit is not None]
    waiting = Counter(score.outcome for score in scores if not score.outcome.decided)
    mean = sum(credits, NOTHING) / len(credits) if credits else None
    ordered = {outcome: waiting[outcome] for outcome in Outcome if waiting[outcome]}
    return QuestionStatistics(question, len(scores), len(credits), ordered, mean)


def as_json(book: Gradebook) -> dict[str, Any]:
    """The content of `gradebook.json`; numbers are rounded decimals, points are null while undecided."""
    return {
        "exam": book.exam.exam,
        "rubric_digest": book.rubric_digest,
        "candidates": [_candidate_json(result) for result in book.results],
    }


def json_text(book: Gradebook) -> str:
    """`gradebook.json` with one candidate per line, so that a diff shows whose marks moved."""
    whole = as_json(book)
    lines = ",\n".join(
        json.dumps(candidate, ensure_ascii=False) for candidate in whole.pop("candidates")
    )
    head = json.dumps(whole, ensure_ascii=False).removesuffix("}")
    return f'{head}, "candidates": [\n{lines}\n]}}\n'


def _candidate_json(result: Result) -> dict[str, Any]:
    content: dict[str, Any] = {
        "candidate": result.candidate,
        "group": result.group,
        "points": number(result.points),
        "points_range": [number(result.low), number(result.high)],
        "max_points": number(result.max_points),
        "bonus": number(result.bonus),
        "grade": result.grade,
        "complete": result.complete,
        "questions": {key: marked_json(marked) for key, marked in result.questions.items()},
    }
    return {**content, "problem": result.problem} if result.problem else content


def marked_json(marked: Marked) -> dict[str, Any]:
    """One question's outcome, credit and points; the credit of an answer under review is a proposal."""
    return {
        "outcome": marked.score.outcome.value,
        "credit": number(marked.score.credit),
        "points": number(marked.points),
        "max_points": number(marked.max_points),
    }


@lru_cache(maxsize=CACHED_NUMBERS)
def number(value: Decimal | Fraction | None) -> float | int | None:
    """A JSON number of at most three decimals; whole numbers are written without a point."""
    if value is None:
        return None
    rounded = round_to(Fraction(value), QUESTION_STEP)
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)


def csv_text(book: Gradebook) -> str:
    """`gradebook.csv` (RFC 4180): one line per candidate, one column per question, empty where it waits or was not asked.

    Identifiers are written as handed in: leading zeros survive in the file. A spreadsheet drops them
    when it opens the file as it likes; import the first column as text.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    totals = ["points", "points_low", "points_high", "max_points", "bonus", "grade", "complete"]
    keys = list(book.exam.questions)
    writer.writerow([guard(cell) for cell in ["candidate", "group", *totals, *keys]])
    for result in book.results:
        numbers = [result.points, result.low, result.high, result.max_points, result.bonus]
        points = [result.questions[key].points if key in result.questions else None for key in keys]
        row = [result.candidate, result.group, *map(_cell, numbers), result.grade or ""]
        row += ["yes" if result.complete else "no", *map(_cell, points)]
        writer.writerow([guard(cell) for cell in row])
    return out.getvalue()


def _cell(value: Decimal | Fraction | None) -> str:
    shown = number(value)
    return "" if shown is None else str(shown)


def guard(cell: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe goes before a sign that would start one."""
    return f"'{cell}" if cell.lstrip("\"' ").startswith(FORMULA_SIGNS) else cell

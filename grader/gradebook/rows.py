"""One candidate's result as other programs read it: an object of `gradebook.json`, a line of `gradebook.csv`."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from grader.exam import Exam
from grader.gradebook.tallying import Marked, Result, round_to

QUESTION_STEP = Decimal("0.001")
"""Points and credits of single questions are rounded to this where they are written as decimals."""
CACHED_NUMBERS = 4096
"""A class has few different numbers, and exact fractions are slow to write."""
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet takes a cell that begins with one of these for a formula, or leaves the cell at it."""
TOTALS = ("points", "points_low", "points_high", "max_points", "bonus", "grade", "complete")


def csv_header(exam: Exam) -> list[str]:
    """The names of the columns: the candidate, the totals, then one column per question."""
    return [guard(cell) for cell in ("candidate", "group", *TOTALS, *exam.questions)]


def csv_row(exam: Exam, result: Result) -> list[str]:
    """One candidate's cells, empty where points wait or were not asked.

    Identifiers are written as handed in: leading zeros survive in the file. A spreadsheet drops them
    when it opens the file as it likes; import the first column as text.
    """
    numbers = (result.points, result.low, result.high, result.max_points, result.bonus)
    asked = result.questions
    points = [asked[key].points if key in asked else None for key in exam.questions]
    row = [result.candidate, result.group, *map(_cell, numbers), result.grade or ""]
    row += ["yes" if result.complete else "no", *map(_cell, points)]
    return [guard(cell) for cell in row]


def candidate_json(result: Result) -> dict[str, Any]:
    """What `gradebook.json` says of a candidate; numbers are rounded decimals, points are null while undecided."""
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


def _cell(value: Decimal | Fraction | None) -> str:
    shown = number(value)
    return "" if shown is None else str(shown)


def guard(cell: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe goes before a sign that would start one."""
    return f"'{cell}" if cell.lstrip("\"' ").startswith(FORMULA_SIGNS) else cell

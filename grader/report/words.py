"""Outcomes and numbers in words that a candidate understands at once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from grader.gradebook import CACHED_NUMBERS, TOTAL_STEP, Marked, Result, round_to
from grader.score import FULL, NOTHING, Outcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome for the page: a CSS class, a sign, two words, and a sentence where one helps."""

    style: str
    sign: str
    words: str
    sentence: str = ""


FULL_CREDIT = Verdict("full", "✓", "Full credit")
PARTIAL_CREDIT = Verdict("partial", "◐", "Partial credit")
NO_CREDIT = Verdict("none", "✗", "No credit")
NOT_ANSWERED = Verdict("blank", "–", "Not answered", "Nothing was handed in here.")
WAITING = Verdict(
    "waiting",
    "…",
    "Waiting for a person",
    "A person will read this answer; until then its points are a range.",
)
UNREADABLE = Verdict(
    "waiting",
    "…",
    "Could not be read",
    "The program could not read this answer, so a person will. It has not been counted as wrong.",
)
OUR_FAULT = Verdict(
    "waiting",
    "…",
    "Our fault",
    "The program failed on this answer. That is our fault, not yours: a person will look at it.",
)
WITHHELD = Verdict("off", "–", "Not asked any more")
OTHER_GROUP = Verdict("off", "–", "Not asked of you")
NOT_JUDGED = Verdict("waiting", "…", "Not judged yet")


def verdict(marked: Marked) -> Verdict:
    """What became of an answer."""
    score = marked.score
    if score.outcome is Outcome.GRADED:
        if score.credit == FULL:
            return FULL_CREDIT
        return PARTIAL_CREDIT if score.credit else NO_CREDIT
    return {
        Outcome.BLANK: NOT_ANSWERED,
        Outcome.REVIEW: WAITING,
        Outcome.UNREADABLE: UNREADABLE,
        Outcome.ERROR: OUR_FAULT,
    }[score.outcome]


@lru_cache(maxsize=CACHED_NUMBERS)
def decimal_text(value: Decimal | Fraction) -> str:
    """At most two decimals, half up, without trailing zeros: `1`, `0.5`, `0.33`."""
    text = str(round_to(Fraction(value), TOTAL_STEP))
    return text.rstrip("0").rstrip(".") if "." in text else text


def points_text(value: Decimal | Fraction) -> str:
    """`1 point`, `0.5 points`."""
    text = decimal_text(value)
    return f"{text} {'point' if text == '1' else 'points'}"


def signed_text(value: Fraction) -> str:
    """With its sign, and a real minus: `+0.5`, `−0.25`."""
    return f"{'+' if value >= NOTHING else '−'}{decimal_text(abs(value))}"


def range_text(low: Decimal | Fraction, high: Decimal | Fraction) -> str:
    """`3 to 5`, or one number where both ends look the same."""
    first, last = decimal_text(low), decimal_text(high)
    return first if first == last else f"{first} to {last}"


def percent_text(points: Decimal, max_points: Decimal) -> str:
    """In percent with one decimal, cut and not rounded: what is shown never reaches a limit that the points do not."""
    if not max_points:
        return ""
    tenths = int(Fraction(points) * 1000 / Fraction(max_points))
    return f"{tenths // 10}.{tenths % 10}".removesuffix(".0") + " %"


def total_text(result: Result) -> str:
    """The total, or its range."""
    return (
        range_text(result.low, result.high)
        if result.points is None
        else decimal_text(result.points)
    )


def grade_text(result: Result) -> str:
    """The grade, or between which it lies; empty where there is none to give."""
    if result.grade is not None:
        return result.grade
    if result.problem or result.grade_low is None or result.grade_high is None:
        return ""
    return f"{result.grade_low} to {result.grade_high}"


def counted(number: int, one: str, many: str) -> str:
    """`1 answer`, `3 answers`."""
    return f"{number} {one if number == 1 else many}"

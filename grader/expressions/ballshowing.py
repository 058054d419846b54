"""Balls and matrices of them in the evidence of a verdict."""

from typing import Any

from grader.expressions.limits import DIGITS_LADDER, EVIDENCE_DIGITS
from grader.expressions.tables import Table

Ball = Any


def show_pair(a: Ball, b: Ball) -> str:
    """Both values, with as many digits as it takes to see the difference."""
    shown = ""
    for digits in (EVIDENCE_DIGITS, 2 * EVIDENCE_DIGITS, 4 * EVIDENCE_DIGITS, *DIGITS_LADDER):
        first, second = show_ball(a, digits), show_ball(b, digits)
        shown = f"{first} vs {second}"
        if first != second:
            break
    return shown


def show_ball(ball: Ball, digits: int = EVIDENCE_DIGITS) -> str:
    """A value to some digits; a complex one as a + b*i."""
    imaginary = getattr(ball, "imag", None)
    if imaginary is not None and not imaginary.is_zero():
        return f"{_show_real(ball.real, digits)} + {_show_real(imaginary, digits)}*i"
    return _show_real(ball if imaginary is None else ball.real, digits)


def show_shape(value: Ball) -> str:
    """A number, or how many rows and columns."""
    return (
        f"a {value.shape[0]} by {value.shape[1]} matrix" if isinstance(value, Table) else "a number"
    )


def _show_real(ball: Ball, digits: int) -> str:
    text = str(ball.mid().str(digits, radius=False))
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text

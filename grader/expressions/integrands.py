"""The built-in functions under an integral, which asks whether a whole ball lies where a function is smooth.

Functions of an order are continued from the real line: |z| is z or -z on either side.
"""

from typing import Any

from grader.expressions.ballfunctions import ANALYTIC, Function
from grader.expressions.unreadable import Undefined

Ball = Any


def _smooth(name: str) -> Function:
    """A function with branch cuts, under an integral that asks whether a ball crosses one."""
    return lambda ev, x: getattr(ev.ball(x), name)(analytic=ev.analytic)


def _smooth_log(base: int) -> Function:
    return lambda ev, x: ev.ball(x).log(analytic=ev.analytic) / ev.flint.acb(base).log()


def _smooth_logb(ev: Any, x: Ball, base: Ball) -> Ball:
    return ev.ball(x).log(analytic=ev.analytic) / ev.ball(base).log(analytic=ev.analytic)


def _smooth_max(ev: Any, *values: Ball) -> Ball:
    best = ev.ball(values[0])
    for value in values[1:]:
        best = best.real_max(ev.ball(value), analytic=ev.analytic)
    return best


def _smooth_min(ev: Any, *values: Ball) -> Ball:
    return -_smooth_max(ev, *[-ev.ball(value) for value in values])


def _with_cut(name: str) -> Function:
    """An inverse function without a flag of its own: on a wide ball its cuts are not ruled out."""

    def function(ev: Any, x: Ball) -> Ball:
        ball = ev.ball(x)
        if ev.analytic and not abs(ball) < 1:
            raise Undefined("a branch cut that cannot be ruled out")
        return getattr(ball, name)()

    return function


def _unknown(*_: Any) -> Ball:
    raise Undefined("a function that is not smooth")


INTEGRAND: dict[str, Function] = {
    **ANALYTIC,
    **{name: _smooth(name) for name in ("sqrt", "log")},
    **{name: _smooth_log(int(name[3:])) for name in ("log2", "log10")},
    "logb": _smooth_logb,
    "abs": _smooth("real_abs"),
    "sign": _smooth("real_sgn"),
    "step": _smooth("real_heaviside"),
    "floor": _smooth("real_floor"),
    "ceil": _smooth("real_ceil"),
    "max": _smooth_max,
    "min": _smooth_min,
    "relu": lambda ev, x: _smooth_max(ev, x, ev.flint.fmpq(0)),
    **{f"arc{name}": _with_cut(f"a{name}") for name in ("sin", "cos", "tan")},
    "artanh": _with_cut("atanh"),
    "arsinh": _with_cut("asinh"),
    **dict.fromkeys(("arcosh", "arccsc", "arcsec", "arccot", "re", "im", "conj"), _unknown),
}

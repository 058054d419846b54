"""The built-in functions on balls: what each means, and where it has no value.

A function gets the evaluator and the values of its arguments (fmpq, arb or acb). It raises
`Undefined` where it has no value, or where the ball cannot tell.
"""

from collections.abc import Callable
from typing import Any

from grader.expressions.limits import MAX_FACTORIAL
from grader.expressions.unreadable import Undefined

Ball = Any
Function = Callable[..., Ball]


def _method(name: str) -> Function:
    return lambda ev, x: getattr(ev.ball(x), name)()


def _of_inverse(name: str) -> Function:
    """arccsc x = arcsin(1/x) and the like."""

    def function(ev: Any, x: Ball) -> Ball:
        if x == 0:
            raise Undefined("division by zero")
        return getattr(1 / ev.ball(x), name)()

    return function


def _scaled_log(name: str) -> Function:
    base = int(name[3:])
    return lambda ev, x: ev.ball(x).log() / ev.ball(ev.flint.fmpz(base)).log()


def _logb(ev: Any, x: Ball, base: Ball) -> Ball:
    return ev.ball(x).log() / ev.ball(base).log()


def _root(ev: Any, x: Ball, n: Ball) -> Ball:
    if n == 0:
        raise Undefined("division by zero")
    return ev.power(x, 1 / n, True)


def _cbrt(ev: Any, x: Ball) -> Ball:
    return ev.power(x, ev.flint.fmpq(1, 3), True)


def sqrt(ev: Any, x: Ball) -> Ball:
    """The square root; of the square of a fraction that fraction."""
    if isinstance(x, ev.flint.fmpq) and x >= 0 and (exact := _rational_sqrt(ev, x)) is not None:
        return exact
    return ev.ball(x).sqrt()


def _rational_sqrt(ev: Any, x: Ball) -> Ball | None:
    top, bottom = x.p.isqrt(), x.q.isqrt()
    exact = top * top == x.p and bottom * bottom == x.q
    return ev.flint.fmpq(top, bottom) if exact else None


def _sigmoid(ev: Any, x: Ball) -> Ball:
    return 1 / (1 + (-ev.ball(x)).exp())


def _factorial(ev: Any, x: Ball) -> Ball:
    if isinstance(x, ev.flint.fmpq):
        if x > MAX_FACTORIAL:
            raise Undefined("a factorial too large")
        if x.q == 1 and x < 0:
            raise Undefined("a factorial of a negative integer")
        if x.q == 1:
            return ev.ball(ev.flint.fmpz.fac_ui(int(x.p)))
    ball = ev.ball(x)
    if ball.abs_lower() > MAX_FACTORIAL:
        raise Undefined("a factorial too large")
    return (ball + 1).gamma()


def _abs(_: Any, x: Ball) -> Ball:
    return abs(x)


def _sign(ev: Any, x: Ball) -> Ball:
    if x > 0:
        return ev.flint.fmpq(1)
    if x < 0:
        return ev.flint.fmpq(-1)
    if x == 0:
        return ev.flint.fmpq(0)
    raise Undefined("a sign that cannot be told")


def _step(ev: Any, x: Ball) -> Ball:
    if x > 0:
        return ev.flint.fmpq(1)
    if x < 0:
        return ev.flint.fmpq(0)
    raise Undefined("a step at zero")


def _floor(ev: Any, x: Ball) -> Ball:
    if isinstance(x, ev.flint.fmpq):
        return ev.flint.fmpq(x.floor())
    whole = x.floor().unique_fmpz()
    if whole is None:
        raise Undefined("a floor that cannot be told")
    return ev.flint.fmpq(whole)


def _ceil(ev: Any, x: Ball) -> Ball:
    return -_floor(ev, -x)


def _min(ev: Any, *values: Ball) -> Ball:
    return -_max(ev, *[-value for value in values])


def _max(ev: Any, *values: Ball) -> Ball:
    best = values[0]
    for value in values[1:]:
        if value > best:
            best = value
        elif not value <= best:
            best = ev.flint.arb(best).max(ev.flint.arb(value))
    return best


def _relu(ev: Any, x: Ball) -> Ball:
    return _max(ev, x, ev.flint.fmpq(0))


def _same(_: Any, x: Ball) -> Ball:
    return x


def _zero(ev: Any, _: Ball) -> Ball:
    return ev.flint.fmpq(0)


ANALYTIC: dict[str, Function] = {
    **{name: _method(name) for name in ("sin", "cos", "tan", "sec", "csc", "cot")},
    **{name: _method(name) for name in ("sinh", "cosh", "tanh", "sech", "csch", "coth")},
    **{f"arc{name}": _method(f"a{name}") for name in ("sin", "cos", "tan")},
    **{f"ar{name}": _method(f"a{name}") for name in ("sinh", "cosh", "tanh")},
    "arccsc": _of_inverse("asin"),
    "arcsec": _of_inverse("acos"),
    "arccot": _of_inverse("atan"),
    "exp": _method("exp"),
    "log": _method("log"),
    "log2": _scaled_log("log2"),
    "log10": _scaled_log("log10"),
    "logb": _logb,
    "root": _root,
    "cbrt": _cbrt,
    "sqrt": sqrt,
    "sigmoid": _sigmoid,
    "factorial": _factorial,
    "abs": _abs,
}


def _of_real(function: Function) -> Function:
    """An order-based function on a complex value that is certainly real."""

    def checked(ev: Any, *values: Ball) -> Ball:
        parts = []
        for value in values:
            if isinstance(value, ev.flint.acb):
                if not value.imag.is_zero():
                    raise Undefined("an order among complex numbers")
                value = value.real  # noqa: PLW2901 - the same number
            parts.append(value)
        return function(ev, *parts)

    return checked


def _binomial(ev: Any, n: Ball, k: Ball) -> Ball:
    """n over k: 0 beyond n, a polynomial in n for a small whole k, else by gamma functions."""
    fmpq = ev.flint.fmpq
    if isinstance(k, fmpq) and k.q == 1 and k < 0:
        return fmpq(0)
    if isinstance(k, fmpq) and isinstance(n, fmpq) and n.q == k.q == 1 and n >= k and n - k < k:
        k = n - k
    if isinstance(k, fmpq) and k.q == 1 and k <= MAX_FACTORIAL:
        value = fmpq(1)
        for j in range(int(k.p)):
            value = ev.small(value * (n - j) / fmpq(j + 1))
        return value
    return _factorial(ev, n) / (_factorial(ev, k) * _factorial(ev, n - k))


def _times(_: Any, x: Ball, y: Ball) -> Ball:
    return x * y


_ORDERED: dict[str, Function] = {
    "sign": _sign,
    "step": _step,
    "floor": _floor,
    "ceil": _ceil,
    "min": _min,
    "max": _max,
    "relu": _relu,
    "binom": _binomial,
    "hadamard": _times,
}


def _norm(ev: Any, x: Ball, _: Ball = None) -> Ball:
    return abs(ev.ball(x))


def _trivial(_: Any, x: Ball) -> Ball:
    return x


# a number is a matrix with one entry
_OF_SCALARS: dict[str, Function] = {
    "norm": _norm,
    "dot": _times,
    **dict.fromkeys(("transpose", "det", "trace"), _trivial),
}
REAL: dict[str, Function] = {
    **_OF_SCALARS,
    **ANALYTIC,
    **_ORDERED,
    "re": _same,
    "conj": _same,
    "im": _zero,
}
COMPLEX: dict[str, Function] = {
    **_OF_SCALARS,
    **ANALYTIC,
    **{name: _of_real(function) for name, function in _ORDERED.items()},
    "re": lambda ev, x: ev.ball(x).real,
    "im": lambda ev, x: ev.ball(x).imag,
    "conj": lambda ev, x: ev.ball(x).conjugate(),
    "abs": lambda ev, x: abs(ev.ball(x)),
}

"""Values of number answers, and whether two numbers are close."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any

from grader.expressions.bases import bases
from grader.expressions.budget import BudgetSpent
from grader.expressions.deciding import OTHER_BASE, equivalent
from grader.expressions.expression import Expression
from grader.expressions.kinds import NAMES as KIND_NAMES
from grader.expressions.kinds import kind
from grader.expressions.limits import GUARD_DIGITS, MAX_DIGITS, MAX_VALUE_BITS
from grader.expressions.showing import show_fraction
from grader.expressions.unreadable import NotANumber, Undefined
from grader.expressions.verdict import Verdict

Complex = tuple[Fraction, Fraction]  # real and imaginary part
_CLOSE_DIGITS = 60


def number(expr: Expression, *, digits: int = 50) -> Any:
    """The value: an exact Fraction when rational, else an mpmath mpf or mpc good to `digits`.

    Raises `NotANumber` for free symbols, relations, undefined values and values beyond
    2**200000.
    """
    real, imaginary = _parts(expr, digits)
    exact = expr.exact()
    if exact is not None:
        return exact
    import mpmath  # 0.15 s to load, and rational answers never need it

    with mpmath.workdps(digits + GUARD_DIGITS):
        top = mpmath.mpf(real.numerator) / real.denominator
        if imaginary == 0:
            return top
        return mpmath.mpc(top, mpmath.mpf(imaginary.numerator) / imaginary.denominator)


def close(
    a: Expression,
    b: Expression,
    *,
    rtol: Fraction | None = None,
    atol: Fraction | None = None,
    digits: int | None = None,
) -> Verdict:
    """Whether answer `a` is close to reference `b`.

    Equal when any given criterion holds: |a - b| <= rtol*|b|, |a - b| <= atol, or `a` and `b`
    rounded to `digits` significant digits agree (a half may go either way). With a zero
    reference, rtol asks for exactly zero: give an atol. With no criterion the values must be the
    same. Undecided when either has no value.
    """
    if rtol is None and atol is None and digits is None:
        return equivalent(a, b)
    try:
        first, second = _parts(a, _CLOSE_DIGITS), _parts(b, _CLOSE_DIGITS)
    except NotANumber as error:
        return Verdict("undecided", str(error), proved=False)
    shown = f"{_show(first)} vs {_show(second)}"
    for name, holds in (
        ("rtol", rtol is not None and _within(first, second, rtol, relative=True)),
        ("atol", atol is not None and _within(first, second, atol, relative=False)),
        ("digits", digits is not None and _round_alike(first, second, digits)),
    ):
        if holds and bases(a.tree) != bases(b.tree):
            return OTHER_BASE
        if holds:
            return Verdict("equal", f"within {name}: {shown}", proved=True)
    if rtol is not None and atol is None and not any(second):
        shown += "; a relative tolerance of zero is zero"
    return Verdict("different", f"not close: {shown}", proved=True)


def _within(first: Complex, second: Complex, tolerance: Fraction, *, relative: bool) -> bool:
    gap = _square((first[0] - second[0], first[1] - second[1]))
    allowed = tolerance * tolerance * (_square(second) if relative else 1)
    return tolerance >= 0 and gap <= allowed


def _square(value: Complex) -> Fraction:
    return value[0] * value[0] + value[1] * value[1]


def _round_alike(first: Complex, second: Complex, digits: int) -> bool:
    return all(
        _rounded(x, digits) & _rounded(y, digits) for x, y in zip(first, second, strict=True)
    )


def _rounded(value: Fraction, digits: int) -> set[Decimal]:
    """The value to so many significant digits, a half rounded both ways."""
    results = set()
    for rounding in (ROUND_HALF_UP, ROUND_HALF_EVEN):
        context = Context(prec=digits, rounding=rounding, Emax=10**9, Emin=-(10**9))
        wide = Context(prec=_exact_digits(value), Emax=10**9, Emin=-(10**9))
        quotient = wide.divide(Decimal(value.numerator), Decimal(value.denominator))
        results.add(context.plus(quotient).normalize(context))
    return results


def _exact_digits(value: Fraction) -> int:
    """Digits enough that rounding once more gives the same as rounding the fraction itself."""
    return min(value.denominator.bit_length() + 2 * _CLOSE_DIGITS, 4 * MAX_DIGITS)


def _show(value: Complex) -> str:
    real = show_fraction(value[0])
    return real if value[1] == 0 else f"{real} + {show_fraction(value[1])}*i"


def _parts(expr: Expression, digits: int) -> Complex:
    """Real and imaginary part, to `digits` when irrational. Raises `NotANumber`."""
    sort = kind(expr.core)
    if sort != "expression":
        raise NotANumber(f"{KIND_NAMES[sort]} is not a number")
    if expr.names():
        raise NotANumber(f"{', '.join(sorted(expr.names()))} has no value here")
    if not expr.is_number():
        raise NotANumber("this is not one number")
    exact = expr.exact()
    if exact is not None:
        return exact, Fraction(0)
    from grader.expressions.balls import PRECISION, Evaluator  # start-up time

    with PRECISION:
        from flint import ctx  # loaded late: see balls.Evaluator

        ctx.dps = digits + GUARD_DIGITS
        for complex_mode in (False, True):
            evaluator = Evaluator(complex_mode=complex_mode)
            try:
                value = evaluator.ball(evaluator.value(expr.core, {}))
            except (Undefined, BudgetSpent):
                continue
            if complex_mode:
                return _fraction(value.real), _fraction(value.imag)
            return _fraction(value), Fraction(0)
    raise NotANumber("this has no finite value")


def _fraction(ball: Any) -> Fraction:
    """The centre of a ball as an exact fraction."""
    mantissa, exponent = (int(part) for part in ball.mid().man_exp())
    if mantissa == 0:
        return Fraction(0)
    if abs(exponent) > MAX_VALUE_BITS:
        raise NotANumber("this is too large or too small to compare")
    return mantissa * Fraction(2) ** exponent

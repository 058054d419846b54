"""Exact values of rational constants, within a budget of bits."""

from fractions import Fraction
from math import factorial

from grader.expressions.limits import MAX_CONSTANT_BITS, MAX_FACTORIAL
from grader.expressions.tree import Add, Call, Mul, Neg, Node, Number, Pow, Recip, children


class TooLarge(ArithmeticError):
    """An exact constant that would not fit in the budget."""


def bits(value: Fraction) -> int:
    """The size of a fraction: bits of its numerator and denominator together."""
    return value.numerator.bit_length() + value.denominator.bit_length()


def power(base: Fraction, exponent: int) -> Fraction:
    """base ** exponent. Raises `TooLarge`, and ZeroDivisionError for 0 to a power below one."""
    if base == 0 and exponent <= 0:
        raise ZeroDivisionError
    grows = abs(base) not in (0, 1)
    if grows and bits(base) * abs(exponent) > MAX_CONSTANT_BITS:
        raise TooLarge
    if not grows:
        exponent = exponent % 2 if exponent % 2 else 2  # 0, 1 and -1 only know parity
    return base**exponent


def combine(node: Node, values: list[Fraction]) -> Fraction | None:
    """The value of `node` given its children's; None when it is not rational in general.

    Raises `TooLarge` and ZeroDivisionError.
    """
    match node:
        case Add():
            value = values[0]
            for term in values[1:]:
                value = _check(value + term)
        case Mul():
            value = values[0]
            for factor in values[1:]:
                value = _check(value * factor)
        case Neg():
            value = -values[0]
        case Recip():
            value = 1 / values[0]
        case Pow():
            if values[1].denominator != 1:
                return None
            value = power(values[0], values[1].numerator)
        case Call(_, _, meaning):
            return _call(meaning, values)
        case _:
            return None
    return _check(value)


def _check(value: Fraction) -> Fraction:
    if bits(value) > MAX_CONSTANT_BITS:
        raise TooLarge
    return value


def _call(meaning: str, values: list[Fraction]) -> Fraction | None:
    value = values[0]
    match meaning:
        case "abs" | "re" | "conj":
            return abs(value) if meaning == "abs" else value
        case "sign":
            return Fraction((value > 0) - (value < 0))
        case "floor":
            return Fraction(value.__floor__())
        case "ceil":
            return Fraction(value.__ceil__())
        case "relu":
            return max(value, Fraction(0))
        case "min":
            return min(values)
        case "max":
            return max(values)
        case "factorial":
            return _factorial(value)
        case "inbase":
            return Fraction(int(str(value), int(values[1])))
        case _:
            return None


def _factorial(value: Fraction) -> Fraction | None:
    if value > MAX_FACTORIAL:
        raise TooLarge
    if value.denominator != 1 or value < 0:
        return None
    return Fraction(factorial(value.numerator))


def constant(node: Node) -> Fraction | None:
    """The exact value of a tree, None when it is not a rational constant built from + - * / ^.

    Also walks the parts of a tree that has no value itself, so that a part too large to compute
    (`TooLarge`) or divided by zero (ZeroDivisionError) is found wherever it stands.
    """
    if isinstance(node, Number):
        return node.value
    below = children(node)
    if not below:
        return None
    values = [constant(child) for child in below]
    known = [value for value in values if value is not None]
    return combine(node, known) if len(known) == len(values) else None

"""Degrees of trees as polynomials in some names."""

from grader.expressions.exact import TooLarge, constant
from grader.expressions.limits import MAX_EXPONENT_BITS
from grader.expressions.tree import Add, Mul, Neg, Node, Pow, Reduce, Symbol, symbols


def integer_exponent(node: Node) -> int | None:
    """The value of a constant integer exponent that is not absurdly large, else None."""
    try:
        value = constant(node)
    except (TooLarge, ZeroDivisionError):
        return None
    if value is None or value.denominator != 1 or value.numerator.bit_length() > MAX_EXPONENT_BITS:
        return None
    return value.numerator


def degree_in(node: Node, names: frozenset[str]) -> int | None:
    """A bound on the total degree in `names`; None where it is no polynomial in them."""
    if isinstance(node, Symbol):
        return int(node.name in names)
    if names.isdisjoint(symbols(node)):
        return 0
    match node:
        case Add(parts) | Mul(parts):
            degrees = [degree_in(part, names) for part in parts]
            known = [degree for degree in degrees if degree is not None]
            if len(known) < len(degrees):
                return None
            return max(known) if isinstance(node, Add) else sum(known)
        case Neg(argument):
            return degree_in(argument, names)
        case Pow(base, exponent):
            power, below = integer_exponent(exponent), degree_in(base, names)
            return None if power is None or below is None or power < 0 else below * power
        case Reduce("sum", variable, lower, upper, body) if lower is not None and upper is not None:
            ends = [degree_in(end, names) for end in (lower, upper)]
            inside = degree_in(body, (names - {variable}) | {variable})
            if inside is None or None in ends:
                return None
            return (inside + 1) * max(1, *[end for end in ends if end is not None])
        case _:
            return None

"""Expanding a polynomial into its monomials, within a budget."""

from collections.abc import Mapping
from fractions import Fraction

from grader.expressions.degrees import integer_exponent
from grader.expressions.exact import TooLarge, bits, constant
from grader.expressions.exact import power as exact_power
from grader.expressions.expression import Expression
from grader.expressions.limits import (
    MAX_CONSTANT_BITS,
    MAX_EXPANSION_STEPS,
    MAX_MONOMIAL_DEGREE,
    MAX_MONOMIALS,
)
from grader.expressions.tree import Add, Mul, Neg, Node, Number, Pow, Recip, Relation, Symbol

Monomial = tuple[tuple[str, int], ...]  # (name, power), sorted by name, powers above zero
_Terms = dict[Monomial, Fraction]
_UNIT: _Terms = {(): Fraction(1)}


class _NotAPolynomial(Exception):
    pass


def terms(expr: Expression) -> Mapping[Monomial, Fraction] | None:
    """The expanded polynomial, monomial to nonzero coefficient; None if it is none or too large.

    2*x*(y + x) gives {(("x", 1), ("y", 1)): 2, (("x", 2),): 2}; the constant term has monomial ().
    """
    if isinstance(expr.core, Relation):
        return None
    try:
        return _Expander().expand(expr.core)
    except (_NotAPolynomial, TooLarge, ZeroDivisionError):
        return None


class _Expander:
    """Expands one tree, counting products of coefficients against `MAX_EXPANSION_STEPS`."""

    def __init__(self) -> None:
        self.steps = 0

    def expand(self, node: Node) -> _Terms:
        match node:
            case Number(value, _):
                return {(): value} if value else {}
            case Symbol(name):
                return {((name, 1),): Fraction(1)}
            case Add(parts):
                return _total([self.expand(part) for part in parts])
            case Neg(argument):
                return {monomial: -value for monomial, value in self.expand(argument).items()}
            case Mul(factors):
                product = _UNIT
                for factor in factors:
                    product = self._multiply(product, self.expand(factor))
                return product
            case Pow(base, exponent):
                return self._power(base, exponent)
            case Recip(argument):
                return _scalar(1 / _value(self.expand(argument)))
            case _:
                exact = constant(node)
                if exact is None:
                    raise _NotAPolynomial
                return _scalar(exact)

    def _power(self, base: Node, exponent: Node) -> _Terms:
        power = integer_exponent(exponent)
        if power is None:
            raise _NotAPolynomial
        factor = self.expand(base)
        if factor.keys() <= {()}:
            return _scalar(exact_power(_value(factor), power))
        highest = max([sum(p for _, p in monomial) for monomial in factor])
        if power < 0 or highest * power > MAX_MONOMIAL_DEGREE:
            raise _NotAPolynomial
        result = _UNIT
        for _ in range(power):
            result = self._multiply(result, factor)
        return result

    def _multiply(self, a: _Terms, b: _Terms) -> _Terms:
        self.steps += len(a) * len(b)
        if self.steps > MAX_EXPANSION_STEPS:
            raise _NotAPolynomial
        result: _Terms = {}
        for first, x in a.items():
            for second, y in b.items():
                monomial = _joined(first, second)
                result[monomial] = result.get(monomial, Fraction(0)) + x * y
        return _kept(result)


def _joined(first: Monomial, second: Monomial) -> Monomial:
    if not first or not second:
        return first or second
    powers = dict(first)
    for name, power in second:
        powers[name] = powers.get(name, 0) + power
    return tuple(sorted(powers.items()))


def _scalar(value: Fraction) -> _Terms:
    return {(): value} if value else {}


def _value(terms_: _Terms) -> Fraction:
    """The value of a constant polynomial."""
    if terms_.keys() <= {()}:
        return terms_.get((), Fraction(0))
    raise _NotAPolynomial


def _total(parts: list[_Terms]) -> _Terms:
    result: _Terms = {}
    for part in parts:
        for monomial, value in part.items():
            result[monomial] = result.get(monomial, Fraction(0)) + value
    return _kept(result)


def _kept(result: _Terms) -> _Terms:
    if len(result) > MAX_MONOMIALS:
        raise _NotAPolynomial
    if any(bits(value) > MAX_CONSTANT_BITS for value in result.values()):
        raise TooLarge
    return {monomial: value for monomial, value in result.items() if value}

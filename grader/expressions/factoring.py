"""Factors of polynomials over the rational numbers, by FLINT."""

from __future__ import annotations

from fractions import Fraction
from math import comb, gcd
from typing import Any

from grader.expressions.degrees import integer_exponent
from grader.expressions.exact import TooLarge
from grader.expressions.limits import MAX_FORM_DEGREE, MAX_FORM_TERMS
from grader.expressions.tree import Add, Mul, Neg, Node, Number, Pow, Recip, Symbol, symbols


def irreducible_parts(node: Node) -> int | None:
    """How many irreducible factors, with multiplicity, a polynomial has; None if it is none or too large."""
    polynomial = _polynomial(node)
    if polynomial is None:
        return None
    return sum([int(power) for _, power in polynomial.factor()[1]])


def content(node: Node) -> Fraction:
    """The largest whole number that divides all coefficients; 1 where one of them is a fraction."""
    polynomial = _polynomial(node)
    values = (
        [] if polynomial is None else [Fraction(int(c.p), int(c.q)) for c in polynomial.coeffs()]
    )
    top, bottom = 0, 1
    for value in values:
        top = gcd(top, value.numerator)
        bottom = bottom * value.denominator // gcd(bottom, value.denominator)
    return Fraction(top, bottom) if top and bottom == 1 else Fraction(1)


def _polynomial(node: Node) -> Any:
    """The tree as a FLINT polynomial over the rationals; None if it is none, or of too high a degree."""
    from flint import fmpq, fmpq_mpoly_ctx  # 0.1 s to load, and most forms never need it

    names = sorted(symbols(node))
    context = fmpq_mpoly_ctx.get(tuple(f"x{k}" for k in range(max(1, len(names)))), "lex")
    generators = dict(zip(names, context.gens(), strict=False))

    def build(part: Node) -> Any:
        match part:
            case Number(value, _):
                return context.constant(fmpq(value.numerator, value.denominator))
            case Symbol(name):
                return generators[name]
            case Neg(argument):
                return -build(argument)
            case Add(terms):
                return sum([build(term) for term in terms[1:]], build(terms[0]))
            case Mul(factors):
                product = build(factors[0])
                for factor in factors[1:]:
                    other = build(factor)
                    _check(len(product) * len(other), product.total_degree() + other.total_degree())
                    product = product * other
                return product
            case Recip(argument):
                bottom = build(argument)
                if not bottom.is_constant() or bottom.is_zero():
                    raise _NoPolynomialError
                return context.constant(1 / bottom.leading_coefficient())
            case Pow(base, exponent):
                power = integer_exponent(exponent)
                below = build(base)
                if power is None or power < 0:
                    raise _NoPolynomialError
                _check(1, below.total_degree() * power)
                _check(comb(len(below) + power - 1, power), 0)
                return below**power
            case _:
                raise _NoPolynomialError

    try:
        return build(node)
    except (_NoPolynomialError, TooLarge, ZeroDivisionError):
        return None


class _NoPolynomialError(Exception):
    pass


def _check(terms: int, degree: int) -> None:
    if terms > MAX_FORM_TERMS or degree > MAX_FORM_DEGREE:
        raise _NoPolynomialError


def shares_a_factor(node: Mul) -> bool:
    """Whether what stands above and what stands below the line have a polynomial in common."""
    tops = [f for f in node.factors if not isinstance(f, Recip)]
    bottoms = [f.argument for f in node.factors if isinstance(f, Recip)]
    whole = Mul((*tops, *bottoms))  # one context of names for both
    names = symbols(whole)
    if not names or not tops:
        return False
    anchor: tuple[Node, ...] = tuple(
        [Mul((Number(Fraction(0), "0"), Symbol(n))) for n in sorted(names)]
    )
    top, bottom = (_polynomial(Add((Mul(tuple(side)), *anchor))) for side in (tops, bottoms))
    return top is not None and bottom is not None and not top.gcd(bottom).is_constant()

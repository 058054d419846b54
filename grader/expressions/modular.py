"""Rational functions compared exactly, by their values modulo random primes.

Schwartz (1980) and Zippel (1979): two different polynomials of degree d agree at a random point
modulo p with chance at most d/p. With the limits here, two primes leave less than 1e-13 for
every degree up to a hundred thousand, whatever the size of the coefficients.
"""

from fractions import Fraction
from functools import lru_cache

from grader.expressions.chance import Chance, prime
from grader.expressions.exact import TooLarge, constant
from grader.expressions.limits import (
    MAX_EXPONENT_BITS,
    MAX_MODULAR_DEGREE,
    MODULAR_TRIES,
    PRIME_BITS,
)
from grader.expressions.tree import Add, Mul, Neg, Node, Number, Pow, Recip, Symbol, symbols


def degree(node: Node) -> int | None:
    """A bound on the degree (numerator plus denominator) of a rational function; None if it is none."""
    match node:
        case Number():
            return 0
        case Symbol():
            return 1
        case Add(parts) | Mul(parts):
            total = 0
            for part in parts:
                below = degree(part)
                if below is None:
                    return None
                total += below
            return total
        case Neg(argument) | Recip(argument):
            return degree(argument)
        case Pow(base, exponent):
            power = integer_exponent(exponent)
            below = degree(base)
            return None if power is None or below is None else below * max(1, abs(power))
        case _:
            return None


def integer_exponent(node: Node) -> int | None:
    """The value of a constant integer exponent that is not absurdly large, else None."""
    try:
        value = constant(node)
    except (TooLarge, ZeroDivisionError):
        return None
    if value is None or value.denominator != 1 or value.numerator.bit_length() > MAX_EXPONENT_BITS:
        return None
    return value.numerator


def comparable(a: Node, b: Node) -> bool:
    """Whether both are rational functions of a degree that keeps the error bound."""
    first, second = degree(a), degree(b)
    return first is not None and second is not None and first + second <= MAX_MODULAR_DEGREE


@lru_cache(maxsize=4_096)
def primes(seed: int) -> tuple[int, int]:
    """Two random primes that follow from a seed."""
    chance = Chance(seed)
    return prime(chance, PRIME_BITS), prime(chance, PRIME_BITS)


def same(a: Node, b: Node, seed: int) -> bool | None:
    """Whether two rational functions are equal modulo two primes; None when always undefined."""
    names = sorted(symbols(a) | symbols(b))
    chance = Chance(seed ^ PRIME_BITS)
    for modulus in primes(seed):
        agreed = _agree(a, b, names, modulus, chance)
        if agreed is not True:
            return agreed
    return True


def _agree(a: Node, b: Node, names: list[str], modulus: int, chance: Chance) -> bool | None:
    for _ in range(MODULAR_TRIES):
        point = {name: chance.between(2, modulus - 2) for name in names}
        try:
            return evaluate(a, point, modulus) == evaluate(b, point, modulus)
        except ZeroDivisionError:
            continue
    return None


def evaluate(node: Node, point: dict[str, int], modulus: int) -> int:
    """The value modulo a prime. Raises ZeroDivisionError where a denominator vanishes."""
    match node:
        case Number(value, _):
            return _residue(value, modulus)
        case Symbol(name):
            return point[name]
        case Add(terms):
            total = 0
            for term in terms:
                total += evaluate(term, point, modulus)
            return total % modulus
        case Mul(factors):
            product = 1
            for factor in factors:
                product = product * evaluate(factor, point, modulus) % modulus
            return product
        case Neg(argument):
            return -evaluate(argument, point, modulus) % modulus
        case Recip(argument):
            return _inverse(evaluate(argument, point, modulus), modulus)
        case Pow(base, exponent):
            return _power(evaluate(base, point, modulus), integer_exponent(exponent) or 0, modulus)
        case _:
            raise TypeError("not a rational function")


def _residue(value: Fraction, modulus: int) -> int:
    if value.denominator == 1:
        return value.numerator % modulus
    return value.numerator * _inverse(value.denominator % modulus, modulus) % modulus


def _inverse(value: int, modulus: int) -> int:
    if value == 0:
        raise ZeroDivisionError
    return pow(value, -1, modulus)


def _power(base: int, exponent: int, modulus: int) -> int:
    if base == 0 and exponent <= 0:
        raise ZeroDivisionError
    return pow(base, exponent, modulus)

"""Values with proven error bounds, by FLINT's ball arithmetic (Johansson 2017, Arb).

Rationals stay exact while they are small; everything else is a ball (centre and radius) that is
certain to hold the true value. Real mode knows only real numbers and takes the real odd root of a
negative number, (-8)^(1/3) = -2; complex mode takes principal values.

An abstract function is a fixed smooth stand-in, s(v) = v + sin(c1*v + c2), with constants hashed
from its name: two expressions that use it alike agree, others differ.
"""

import hashlib
from collections.abc import Callable, Mapping
from fractions import Fraction
from threading import RLock
from typing import Any

from grader.expressions.ballfunctions import COMPLEX, REAL
from grader.expressions.limits import MAX_EXACT_BITS, MAX_EXPONENT_BITS
from grader.expressions.tree import Add, Call, Constant, Mul, Neg, Node, Number, Pow, Recip, Symbol
from grader.expressions.tree import symbols as free_symbols
from grader.expressions.unreadable import Undefined

# FLINT's working precision is one setting for the whole process
PRECISION = RLock()

_E = Constant("e")

Ball = Any  # flint.fmpq, flint.arb or flint.acb: flint has no common base class
Point = Mapping[str, Ball]


class Evaluator:
    """Evaluates trees at points in one mode, at whatever precision FLINT is set to."""

    def __init__(self, *, complex_mode: bool) -> None:
        import flint  # 0.1 s to load, and rational answers never need it

        self.flint = flint
        self.complex_mode = complex_mode
        self.functions: Mapping[str, Callable[..., Ball]] = COMPLEX if complex_mode else REAL

    def value(self, node: Node, point: Point) -> Ball:
        """The value of `node` with `point`'s values for its symbols. Raises `Undefined`."""
        match node:
            case Number() | Symbol() | Constant():
                return self._leaf(node, point)
            case Add(terms):
                total = self.value(terms[0], point)
                for term in terms[1:]:
                    total = total + self.value(term, point)
                return self._small(total)
            case Mul(factors):
                product = self.value(factors[0], point)
                for factor in factors[1:]:
                    product = self._small(product * self.value(factor, point))
                return product
            case Neg(argument):
                return -self.value(argument, point)
            case Recip(argument):
                return self._inverse(self.value(argument, point))
            case Pow(base, exponent):
                if base == _E:
                    return self._apply("exp", [self.value(exponent, point)])
                written = not free_symbols(exponent)
                return self.power(self.value(base, point), self.value(exponent, point), written)
            case Call(name, arguments, meaning):
                values = [self.value(argument, point) for argument in arguments]
                return self._apply(meaning, values) if meaning else self._abstract(name, values)
            case _:
                raise Undefined("a relation has no value")

    def _leaf(self, node: Number | Symbol | Constant, point: Point) -> Ball:
        match node:
            case Number(value, _):
                return self.rational(value)
            case Symbol(name):
                return point[name]
            case Constant(name):
                return self._constant(name)

    def rational(self, value: Fraction) -> Ball:
        """A fraction as an exact value, or a ball when it is large."""
        return self._small(self.flint.fmpq(value.numerator, value.denominator))

    def ball(self, value: Ball) -> Ball:
        """Any value as a ball of this mode."""
        if self.complex_mode:
            return value if isinstance(value, self.flint.acb) else self.flint.acb(value)
        return value if isinstance(value, self.flint.arb) else self.flint.arb(value)

    def _small(self, value: Ball) -> Ball:
        if isinstance(value, self.flint.fmpq) and value.height_bits() > MAX_EXACT_BITS:
            return self.ball(value)
        return value

    def _constant(self, name: str) -> Ball:
        if name == "pi":
            return self.flint.arb.pi()
        if name == "e":
            return self.flint.arb.const_e()
        if name == "i" and self.complex_mode:
            return self.flint.acb(0, 1)
        raise Undefined(name)

    def _inverse(self, value: Ball) -> Ball:
        if value == 0:
            raise Undefined("division by zero")
        return _finite(1 / value)

    def power(self, base: Ball, exponent: Ball, written: bool) -> Ball:
        """base ** exponent; `written` says the exponent has no symbols, so 1/3 means a cube root."""
        fmpq = self.flint.fmpq
        if isinstance(exponent, fmpq):
            if exponent.q == 1:
                return self._integer_power(base, exponent.p)
            if not self.complex_mode and written and exponent.q % 2 == 1 and base < 0:
                size = self.ball(-base) ** self.ball(exponent)
                return _finite(-size if exponent.p % 2 else size)
        if base == 0:
            if isinstance(exponent, fmpq) and exponent > 0:
                return fmpq(0)
            raise Undefined("zero to a power")
        if not self.complex_mode and not base > 0:
            raise Undefined("a power of a negative number")
        return _finite(self.ball(base) ** self.ball(exponent))

    def _integer_power(self, base: Ball, exponent: Ball) -> Ball:
        if base == 0 and exponent <= 0:
            raise Undefined("zero to a power")
        size = abs(int(exponent))
        if size.bit_length() > MAX_EXPONENT_BITS:
            raise Undefined("an exponent too large")
        if isinstance(base, self.flint.fmpq) and size * base.height_bits() <= MAX_EXACT_BITS:
            return base ** int(exponent)
        return _finite(self.ball(base) ** exponent)

    def _apply(self, meaning: str, values: list[Ball]) -> Ball:
        function = self.functions.get(meaning)
        if function is None:
            raise Undefined(meaning)
        return _finite(function(self, *values))

    def _abstract(self, name: str, values: list[Ball]) -> Ball:
        seed = hashlib.sha256(f"{name}/{len(values)}".encode()).digest()
        phase = self.ball(self.rational(Fraction(seed[0] + 1, 97)))
        total = self.ball(self.rational(Fraction(0)))
        for k, value in enumerate(values, 1):
            slope = Fraction(seed[k % 32] + 301, 257 + k)
            phase = phase + value * self.rational(slope)
            total = total + value * self.rational(Fraction(seed[-k % 32] + 101, 211))
        return _finite(total + phase.sin())


def _finite(value: Ball) -> Ball:
    is_finite = getattr(value, "is_finite", None)
    if is_finite is not None and not is_finite():
        raise Undefined("no finite value")
    return value

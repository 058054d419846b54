"""Values with proven error bounds, by FLINT's ball arithmetic (Johansson 2017, Arb).

Rationals stay exact while they are small; everything else is a ball (centre and radius) that is
certain to hold the true value. Real mode knows only real numbers and takes the real odd root of a
negative number, (-8)^(1/3) = -2; complex mode takes principal values. A matrix is a `Table` of them.

An abstract function is a fixed smooth stand-in, s(v) = v + sin(c1*v + c2), with constants hashed
from its name: two expressions that use it alike agree, others differ. The entries of a family such
as x_i are numbers hashed from name, indices and `State.salt`.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from threading import RLock
from typing import Any

from grader.expressions import tables
from grader.expressions.arraynames import ARRAY
from grader.expressions.arrays import SIDES, array_named
from grader.expressions.ballfunctions import COMPLEX, REAL
from grader.expressions.budget import Budget
from grader.expressions.conditions import chosen, indicated
from grader.expressions.expecting import expectation, over_a_name, probability
from grader.expressions.families import entry_value
from grader.expressions.integrands import INTEGRAND
from grader.expressions.limits import MAX_EXACT_BITS, MAX_EXPONENT_BITS
from grader.expressions.reducing import reduced
from grader.expressions.tablefunctions import SEVERAL, TABLES
from grader.expressions.tables import Table
from grader.expressions.tree import (
    Add,
    Call,
    Collection,
    Constant,
    Indexed,
    Matrix,
    Mul,
    Neg,
    Node,
    Number,
    Piecewise,
    Pow,
    Recip,
    Reduce,
    Symbol,
)
from grader.expressions.tree import symbols as free_symbols
from grader.expressions.unreadable import Undefined

# FLINT's working precision is one setting for the whole process
PRECISION = RLock()

Ball = Any  # flint.fmpq, flint.arb, flint.acb, or a Table of them: flint has no common base class
Point = Mapping[str, Ball]


@dataclass(slots=True)
class State:
    """What holds beside the values of the symbols: how long unlimited sums are, which family entries are used.

    `horizon` is where a sum to infinity is cut, `by_terms` says that it counts terms instead of naming the last
    index; `random` are the names an expectation is taken over, `outcome` the case it is in (-1 outside).
    """

    salt: int = 0
    length: int = 3
    horizon: int = 5
    by_terms: bool = False
    domains: Mapping[str, str] = field(default_factory=dict)
    random: frozenset[str] = frozenset()
    outcome: int = -1
    sides: tuple[int, ...] = SIDES
    entries: dict[str, Ball] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)

    @property
    def side(self) -> int:
        """How long vectors are here, and how many rows and columns matrices have."""
        return self.sides[self.salt % len(self.sides)]

    def at(self, salt: int, length: int) -> None:
        """Move to another place."""
        self.salt, self.length = salt, length
        self.entries.clear()


class Evaluator:
    """Evaluates trees at points in one mode, at whatever precision FLINT is set to."""

    def __init__(
        self, *, complex_mode: bool, state: State | None = None, integrand: bool = False
    ) -> None:
        import flint  # 0.1 s to load, and rational answers never need it

        self.flint = flint
        self.complex_mode = complex_mode
        self.state = State() if state is None else state
        self.integrand = integrand
        self.analytic = False  # set by an integral that must know where its body is smooth
        self.functions: Mapping[str, Callable[..., Ball]] = (
            INTEGRAND if integrand else COMPLEX if complex_mode else REAL
        )
        self._numbers: dict[int, tuple[Number, Ball]] = {}
        self._for_integrand: Evaluator | None = None

    def for_integrand(self) -> "Evaluator":
        """The evaluator of what stands under an integral of this one."""
        if self._for_integrand is None:
            self._for_integrand = Evaluator(complex_mode=True, state=self.state, integrand=True)
        return self._for_integrand

    def value(self, node: Node, point: Point) -> Ball:
        """The value of `node` with `point`'s values for its symbols. Raises `Undefined`, `OverBudget`."""
        rule = _RULES.get(type(node))
        if rule is None:
            raise Undefined("this has no value")
        return rule(self, node, point)

    def _number(self, node: Number, _: Point) -> Ball:
        known = self._numbers.get(id(node))
        if known is not None:
            return known[1]
        value = self.rational(node.value)
        if isinstance(value, self.flint.fmpq):  # a ball depends on the precision
            self._numbers[id(node)] = node, value
        return value

    def _symbol(self, node: Symbol, point: Point) -> Ball:
        try:
            return point[node.name]
        except KeyError:  # a bound name outside what binds it
            raise Undefined(f"{node.name} has no value here") from None

    def _sum(self, node: Add, point: Point) -> Ball:
        terms = node.terms
        total = self.value(terms[0], point)
        for term in terms[1:]:
            total = total + self.value(term, point)
        return self.small(total)

    def _product(self, node: Mul, point: Point) -> Ball:
        factors = node.factors
        product = self.value(factors[0], point)
        for factor in factors[1:]:
            product = self.small(product * self.value(factor, point))
        return product

    def _negative(self, node: Neg, point: Point) -> Ball:
        return -self.value(node.argument, point)

    def _reciprocal(self, node: Recip, point: Point) -> Ball:
        return self.inverse(self.value(node.argument, point))

    def _power(self, node: Pow, point: Point) -> Ball:
        exponent = self.value(node.exponent, point)
        if isinstance(node.base, Constant) and node.base.name == "e":
            return self._apply("exp", [exponent])
        base = self.value(node.base, point)
        whole = isinstance(exponent, self.flint.fmpq) and exponent.q == 1
        return self.power(base, exponent, not whole and not free_symbols(node.exponent))

    def _call(self, node: Call, point: Point) -> Ball:
        special = _SPECIAL.get(node.meaning.partition(" ")[0])
        if special is not None:
            return special(self, node, point)
        values = [self._argument(argument, point) for argument in node.arguments]
        return (
            self._apply(node.meaning, values) if node.meaning else self._abstract(node.name, values)
        )

    def _argument(self, node: Node, point: Point) -> Ball:
        if not isinstance(node, Collection):
            return self.value(node, point)
        values = [self.value(item, point) for item in node.items]  # max of a set
        if not values or any(isinstance(value, Table) for value in values):
            raise Undefined("a function of an empty list, or of a list of vectors")
        return tables.column(values)

    def _indexed(self, node: Indexed, point: Point) -> Ball:
        return entry_value(self, node, point)

    def _reduce(self, node: Reduce, point: Point) -> Ball:
        return reduced(self, node, point)

    def _piecewise(self, node: Piecewise, point: Point) -> Ball:
        return self.value(chosen(self, node, point), point)

    def _matrix(self, node: Matrix, point: Point) -> Ball:
        rows = [[self.value(entry, point) for entry in row] for row in node.rows]
        if not any(rows) or any(isinstance(entry, Table) for row in rows for entry in row):
            raise Undefined("a matrix of matrices")
        return Table(tuple([tuple(row) for row in rows]))

    def _collection(self, node: Collection, point: Point) -> Ball:
        if node.kind == "set" or not node.items:
            raise Undefined("a set has no value")
        values = [self.value(item, point) for item in node.items]
        if not any(isinstance(value, Table) for value in values):
            return tables.column(values)
        if all(isinstance(v, Table) and v.shape == (values[0].shape[0], 1) for v in values):
            return Table(tuple([tuple(value.entries()) for value in values]))
        raise Undefined("a tuple of tuples of different lengths")

    def rational(self, value: Fraction) -> Ball:
        """A fraction as an exact value, or a ball when it is large."""
        return self.small(self.flint.fmpq(value.numerator, value.denominator))

    def ball(self, value: Ball) -> Ball:
        """Any number as a ball of this mode."""
        if isinstance(value, Table):
            raise Undefined("a matrix where a number is expected")
        if self.complex_mode:
            return value if isinstance(value, self.flint.acb) else self.flint.acb(value)
        return value if isinstance(value, self.flint.arb) else self.flint.arb(value)

    def small(self, value: Ball) -> Ball:
        """The value, with long fractions as balls."""
        if isinstance(value, self.flint.fmpq):
            return self.ball(value) if value.height_bits() > MAX_EXACT_BITS else value
        return value.map(self.small) if isinstance(value, Table) else value

    def _constant(self, node: Constant, _: Point) -> Ball:
        if node.name == "pi":
            return self.flint.arb.pi()
        if node.name == "e":
            return self.flint.arb.const_e()
        if node.name == "i" and self.complex_mode:
            return self.flint.acb(0, 1)
        raise Undefined(node.name)

    def inverse(self, value: Ball) -> Ball:
        """One divided by a number."""
        if isinstance(value, Table):
            raise Undefined("division by a matrix")
        if value == 0:
            raise Undefined("division by zero")
        return finite(1 / value)

    def power(self, base: Ball, exponent: Ball, written: bool) -> Ball:
        """base ** exponent; `written` says the exponent has no symbols, so 1/3 means a cube root."""
        fmpq = self.flint.fmpq
        if isinstance(base, Table) or isinstance(exponent, Table):
            if isinstance(exponent, fmpq) and exponent.q == 1:
                return tables.power(base, int(exponent.p), fmpq(1), self.inverse, self.small)
            raise Undefined("a power of a matrix")
        if isinstance(exponent, fmpq):
            if exponent.q == 1:
                return self._integer_power(base, exponent.p)
            if not self.complex_mode and written and exponent.q % 2 == 1 and base < 0:
                size = self.ball(-base) ** self.ball(exponent)
                return finite(-size if exponent.p % 2 else size)
        if base == 0:
            if isinstance(exponent, fmpq) and exponent > 0:
                return fmpq(0)
            raise Undefined("zero to a power")
        if self.integrand:
            return finite(self.ball(base).pow(self.ball(exponent), analytic=self.analytic))
        if not self.complex_mode and not base > 0:
            raise Undefined("a power of a negative number")
        return finite(self.ball(base) ** self.ball(exponent))

    def _integer_power(self, base: Ball, exponent: Ball) -> Ball:
        if base == 0 and exponent <= 0:
            raise Undefined("zero to a power")
        size = abs(int(exponent))
        if size.bit_length() > MAX_EXPONENT_BITS:
            raise Undefined("an exponent too large")
        if isinstance(base, self.flint.fmpq) and size * base.height_bits() <= MAX_EXACT_BITS:
            return base ** int(exponent)
        return finite(self.ball(base) ** exponent)

    def _apply(self, meaning: str, values: list[Ball]) -> Ball:
        if any(isinstance(value, Table) for value in values):
            rule = TABLES.get(meaning)
            if rule is None:
                raise Undefined(f"{meaning} of a matrix")
            return rule(self, *values)
        function = self.functions.get(meaning) or SEVERAL.get(meaning)
        if function is None:
            raise Undefined(meaning)
        return finite(function(self, *values))

    def _abstract(self, name: str, values: list[Ball]) -> Ball:
        flat = [x for v in values for x in (v.entries() if isinstance(v, Table) else (v,))]
        seed = hashlib.sha256(f"{name}/{len(flat)}".encode()).digest()
        phase = self.ball(self.rational(Fraction(seed[0] + 1, 97)))
        total = self.ball(self.rational(Fraction(0)))
        for k, value in enumerate(flat, 1):
            slope = Fraction(seed[k % 32] + 301, 257 + k)
            phase = phase + value * self.rational(slope)
            total = total + value * self.rational(Fraction(seed[-k % 32] + 101, 211))
        return finite(total + phase.sin())


# calls whose arguments are not just values
_SPECIAL: dict[str, Callable[[Evaluator, Call, Point], Ball]] = {
    "indicator": indicated,
    **dict.fromkeys(("expectation", "variance"), expectation),
    **dict.fromkeys(("maxover", "minover", "argmaxover", "argminover"), over_a_name),
    "probability": probability,
    ARRAY: array_named,
}
_Rule = Callable[[Evaluator, Any, Point], Ball]
_RULES: dict[type, _Rule] = {
    Number: Evaluator._number,
    Symbol: Evaluator._symbol,
    Constant: Evaluator._constant,
    Add: Evaluator._sum,
    Mul: Evaluator._product,
    Neg: Evaluator._negative,
    Recip: Evaluator._reciprocal,
    Pow: Evaluator._power,
    Call: Evaluator._call,
    Indexed: Evaluator._indexed,
    Reduce: Evaluator._reduce,
    Piecewise: Evaluator._piecewise,
    Matrix: Evaluator._matrix,
    Collection: Evaluator._collection,
}


def finite(value: Ball) -> Ball:
    """The value itself. Raises `Undefined` where it is infinite or unknown."""
    is_finite = getattr(value, "is_finite", None)
    if is_finite is not None and not is_finite():
        raise Undefined("no finite value")
    return value

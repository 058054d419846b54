"""Rational functions compared exactly, by their values modulo random primes.

Schwartz (1980) and Zippel (1979): two different polynomials of degree d agree at a random point
modulo p with chance at most d/p. With the limits here, each prime leaves less than 1e-11 for
every degree up to ten million, and a wrong "equal" must pass two. A coefficient below the
product of the primes cannot vanish modulo both; where coefficients may be larger, the primes are
drawn anew from a hash of what is compared, as the points always are. A sum of a polynomial in its
index is a polynomial in its ends, so sums with symbolic ends are compared in the same way. The
imaginary unit is a square root of -1, which every prime used here has.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

from grader.expressions import tables
from grader.expressions.budget import Budget, OverBudget
from grader.expressions.chance import Chance, prime
from grader.expressions.degrees import degree_in, integer_exponent
from grader.expressions.families import entry_name, residue
from grader.expressions.limits import (
    MAX_MODULAR_DEGREE,
    MAX_SUM_DEGREE,
    MAX_TABLE_SIDE,
    MODULAR_TRIES,
    PRIME_BITS,
)
from grader.expressions.reducing import antisum
from grader.expressions.tables import Table
from grader.expressions.tree import (
    Add,
    Call,
    Constant,
    Indexed,
    Matrix,
    Mul,
    Neg,
    Node,
    Number,
    Pow,
    Recip,
    Reduce,
    Symbol,
    children,
    symbols,
    walk,
)
from grader.expressions.unreadable import Undefined

Residue = Any  # an int below the prime, or a Table of them
_TABLE_CALLS = {"transpose": 1, "det": 1, "trace": 1, "dot": 2, "inverse": 1}


def degree(node: Node) -> int | None:
    """A bound on the degree (numerator plus denominator) of a rational function; None if it is none.

    Of a matrix, the bound holds for each entry over one common denominator.
    """
    match node:
        case Number():
            return 0
        case Symbol():
            return 1
        case Constant("i"):
            return 0
        case Add(parts) | Mul(parts):
            return _total(parts)
        case Neg(argument) | Recip(argument):
            return degree(argument)
        case Pow(base, exponent):
            power = integer_exponent(exponent)
            below = degree(base)
            return (
                None if power is None or below is None else below * max(1, abs(power)) * _side(base)
            )
        case Matrix() | Indexed():
            below = _total(children(node))
            return None if below is None else below + 1
        case Call(_, arguments, meaning) if _TABLE_CALLS.get(meaning) == len(arguments):
            below = _total(arguments) if all(map(_has_matrix, arguments)) else None
            return None if below is None else below * MAX_TABLE_SIDE
        case Reduce():
            return _sum_degree(node)
        case _:
            return None


def _total(parts: tuple[Node, ...]) -> int | None:
    total = 0
    for part in parts:
        below = degree(part)
        if below is None:
            return None
        total += below
    return total


def _has_matrix(node: Node) -> bool:
    return any(isinstance(part, Matrix) for part in walk(node))


def _side(base: Node) -> int:
    """What a power of a matrix multiplies the degree by beside its exponent."""
    return 1 if isinstance(base, Symbol | Number | Add | Mul) else 2 * MAX_TABLE_SIDE


def _sum_degree(node: Reduce) -> int | None:
    """Of a sum whose body is a polynomial in the index."""
    if node.kind != "sum" or node.lower is None or node.upper is None:
        return None
    inside = degree_in(node.body, frozenset({node.variable}))
    body, lower, upper = degree(node.body), degree(node.lower), degree(node.upper)
    if inside is None or inside > MAX_SUM_DEGREE or body is None or lower is None or upper is None:
        return None
    return (inside + 2) * (body + lower + upper + 1)


def comparable(a: Node, b: Node) -> bool:
    """Whether both are rational functions of a degree that keeps the error bound."""
    first = degree(a)
    second = None if first is None else degree(b)
    return first is not None and second is not None and first + second <= MAX_MODULAR_DEGREE


def weight(node: Node) -> int:
    """A bound on the bits of the largest coefficient of numerator times denominator, as a complex number."""
    match node:
        case Number(value, _):
            return value.numerator.bit_length() + value.denominator.bit_length() - 1
        case Add(parts) | Mul(parts):
            return sum([weight(part) for part in parts]) + len(parts).bit_length()
        case Pow(base, exponent):
            return weight(base) * max(1, abs(integer_exponent(exponent) or 0))
        case Symbol() | Constant():
            return 0
        case Neg(argument) | Recip(argument):
            return weight(argument)
        case _:
            return _WIDE  # sums and matrices: not worth a bound of their own


_WIDE = 2 * PRIME_BITS


@lru_cache(maxsize=256)
def primes(seed: int) -> tuple[int, int]:
    """Two random primes that follow from a seed."""
    chance = Chance(seed)
    return prime(chance, PRIME_BITS), prime(chance, PRIME_BITS)


def same(a: Node, b: Node, key: int) -> bool | None:
    """Whether two rational functions are equal modulo two primes; None when always undefined or too much work.

    `key` is a hash of what is compared. Raises `Undefined` where shapes of matrices do not fit.
    """
    names = sorted(symbols(a) | symbols(b))
    chance = Chance(key ^ PRIME_BITS)
    # both primes are above 2**(PRIME_BITS - 1), and a + b*i vanishes only where a*a + b*b does
    small = 2 * (weight(a) + weight(b) + 1) < _WIDE - 2
    try:
        for modulus in primes(0 if small else key):
            agreed = _agree(a, b, names, modulus, chance)
            if agreed is not True:
                return agreed
    except OverBudget:
        return None
    return True


def _agree(a: Node, b: Node, names: list[str], modulus: int, chance: Chance) -> bool | None:
    for _ in range(MODULAR_TRIES):
        point = {name: chance.between(2, modulus - 2) for name in names}
        field = Field(modulus)
        try:
            return bool(field.value(a, point) == field.value(b, point))
        except ZeroDivisionError:
            continue
    return None


class Field:
    """Values of trees modulo a prime."""

    def __init__(self, modulus: int) -> None:
        self.modulus = modulus
        self.budget = Budget()
        self._root = 0
        self._degrees: dict[int, tuple[Reduce, int | None]] = {}

    def value(self, node: Node, point: dict[str, int]) -> Residue:
        """The value. Raises ZeroDivisionError where a denominator vanishes, `Undefined`, `OverBudget`."""
        rule = _RULES.get(type(node))
        if rule is None:
            raise TypeError("not a rational function")
        return rule(self, node, point)

    def _number(self, node: Number, _: dict[str, int]) -> Residue:
        return _residue(node.value, self.modulus)

    def _symbol(self, node: Symbol, point: dict[str, int]) -> Residue:
        return point[node.name]

    def _unit(self, _: Constant, __: dict[str, int]) -> Residue:
        """A square root of -1, by the power of a number that is no square."""
        if not self._root:
            p = self.modulus
            base = next(b for b in range(2, p) if pow(b, (p - 1) // 2, p) == p - 1)
            self._root = pow(base, (p - 1) // 4, p)
        return self._root

    def _sum(self, node: Add, point: dict[str, int]) -> Residue:
        terms = node.terms
        total = self.value(terms[0], point)
        for term in terms[1:]:
            total = total + self.value(term, point)
        return total % self.modulus

    def _product(self, node: Mul, point: dict[str, int]) -> Residue:
        factors = node.factors
        product = self.value(factors[0], point)
        for factor in factors[1:]:
            product = product * self.value(factor, point) % self.modulus
        return product

    def _negative(self, node: Neg, point: dict[str, int]) -> Residue:
        return -self.value(node.argument, point) % self.modulus

    def _reciprocal(self, node: Recip, point: dict[str, int]) -> Residue:
        return self.inverse(self.value(node.argument, point))

    def _power(self, node: Pow, point: dict[str, int]) -> Residue:
        base, exponent = self.value(node.base, point), integer_exponent(node.exponent) or 0
        if isinstance(base, Table):
            return tables.power(base, exponent, 1, self.inverse, self._trim)
        if base == 0 and exponent <= 0:
            raise ZeroDivisionError
        return pow(base, exponent, self.modulus)

    def _matrix(self, node: Matrix, point: dict[str, int]) -> Residue:
        rows = [[self.value(entry, point) for entry in row] for row in node.rows]
        if any(isinstance(entry, Table) for row in rows for entry in row):
            raise Undefined("a matrix of matrices")
        return Table(tuple([tuple(row) for row in rows]))

    def _call(self, node: Call, point: dict[str, int]) -> Residue:
        values = [self.value(argument, point) for argument in node.arguments]
        if not all(isinstance(value, Table) for value in values):
            raise Undefined("a matrix is expected")
        match node.meaning:
            case "transpose":
                return values[0].transposed()
            case "trace":
                return tables.trace(values[0]) % self.modulus
            case "det":
                return tables.determinant(values[0], 1, self.inverse) % self.modulus
            case "inverse":
                return tables.inverted(values[0], 1, self.inverse) % self.modulus
            case _:
                return tables.dot(values[0].entries(), values[1].entries()) % self.modulus

    def _indexed(self, node: Indexed, point: dict[str, int]) -> Residue:
        indices = [str(self.value(index, point)) for index in node.indices]
        name = entry_name(node.name, indices)
        return point[name] if name in point else residue(name, self.modulus)

    def _reduce(self, node: Reduce, point: dict[str, int]) -> Residue:
        known = self._degrees.get(id(node))
        if known is None:
            found = degree_in(node.body, frozenset({node.variable}))
            known = self._degrees[id(node)] = node, found
        degree_ = known[1]
        if degree_ is None or node.lower is None or node.upper is None:
            raise TypeError("not a rational function")
        low, high = self.value(node.lower, point), self.value(node.upper, point)
        self.budget.spend((degree_ + 2) * self.budget.size(node.body))
        inner = dict(point)

        def body(k: int) -> Residue:
            inner[node.variable] = k
            return self.value(node.body, inner)

        up, down = (antisum(body, degree_, end, self.inverse) for end in (high, low - 1))
        return (up - down) % self.modulus

    def _trim(self, value: Residue) -> Residue:
        return value % self.modulus

    def inverse(self, value: Residue) -> Residue:
        """One divided by a residue."""
        if isinstance(value, Table):
            raise Undefined("division by a matrix")
        if value % self.modulus == 0:
            raise ZeroDivisionError
        return pow(value, -1, self.modulus)


_RULES: dict[type, Callable[[Field, Any, dict[str, int]], Residue]] = {
    Number: Field._number,
    Symbol: Field._symbol,
    Constant: Field._unit,
    Add: Field._sum,
    Mul: Field._product,
    Neg: Field._negative,
    Recip: Field._reciprocal,
    Pow: Field._power,
    Matrix: Field._matrix,
    Call: Field._call,
    Indexed: Field._indexed,
    Reduce: Field._reduce,
}


def _residue(value: Fraction, modulus: int) -> int:
    if value.denominator == 1:
        return value.numerator % modulus
    bottom = value.denominator % modulus
    if bottom == 0:
        raise ZeroDivisionError
    return value.numerator * pow(bottom, -1, modulus) % modulus

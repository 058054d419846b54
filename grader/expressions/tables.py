"""Matrices of values, over any numbers that know +, - and *; a vector is a matrix with one column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from grader.expressions.limits import MAX_TABLE_POWER, MAX_TABLE_SIDE
from grader.expressions.unreadable import Undefined

Entry = Any  # a residue (int) or a ball: the number types have no common base class


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of equal length."""

    rows: tuple[tuple[Entry, ...], ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.rows), len(self.rows[0]) if self.rows else 0

    def entries(self) -> list[Entry]:
        """Row by row."""
        return [entry for row in self.rows for entry in row]

    def map(self, function: Callable[[Entry], Entry]) -> Table:
        """The same shape with every entry changed."""
        return Table(tuple([tuple([function(entry) for entry in row]) for row in self.rows]))

    def __add__(self, other: object) -> Table:
        if not isinstance(other, Table):
            raise Undefined("a number plus a matrix")
        if self.shape != other.shape:
            raise Undefined("a sum of matrices of different shapes")
        pairs = zip(self.rows, other.rows, strict=True)
        return Table(tuple([tuple([x + y for x, y in zip(*pair, strict=True)]) for pair in pairs]))

    __radd__ = __add__

    def __neg__(self) -> Table:
        return self.map(lambda entry: -entry)

    def __mul__(self, other: Any) -> Any:
        return self.times(other) if isinstance(other, Table) else self.map(lambda x: x * other)

    def __rmul__(self, other: Any) -> Table:
        return self.map(lambda x: other * x)

    def __mod__(self, modulus: int) -> Table:
        return self.map(lambda x: x % modulus)

    def times(self, other: Table) -> Any:
        """The matrix product; of two columns of the same length the dot product. A 1 by 1 result is a number."""
        (rows, inner), (below, columns) = self.shape, other.shape
        if inner != below and columns == inner == 1 and rows == below:
            return dot(self.entries(), other.entries())
        if inner != below:
            raise Undefined("a product of matrices whose shapes do not fit")
        if (
            max(rows, inner, columns) > MAX_TABLE_SIDE
            and rows * inner * columns > MAX_TABLE_SIDE**3
        ):
            raise Undefined("a product of matrices too large")
        across = list(zip(*other.rows, strict=True))
        product = Table(
            tuple([tuple([dot(row, column) for column in across]) for row in self.rows])
        )
        return product.rows[0][0] if product.shape == (1, 1) else product

    def transposed(self) -> Table:
        """Rows as columns."""
        return Table(tuple(zip(*self.rows, strict=True)))


def dot(a: Sequence[Entry], b: Sequence[Entry]) -> Entry:
    """The sum of the products."""
    if len(a) != len(b) or not a:
        raise Undefined("a product of vectors of different lengths")
    total = a[0] * b[0]
    for x, y in zip(a[1:], b[1:], strict=True):
        total = total + x * y
    return total


def column(entries: Sequence[Entry]) -> Table:
    """A vector."""
    return Table(tuple([(entry,) for entry in entries]))


def square(table: Table) -> int:
    """The side of a square matrix. Raises `Undefined` for another one or a large one."""
    rows, columns = table.shape
    if rows != columns or rows > MAX_TABLE_SIDE:
        raise Undefined("a matrix that is not square, or too large")
    return rows


def identity(side: int, one: Entry, zero: Entry) -> Table:
    """Ones on the diagonal."""
    return Table(
        tuple([tuple([one if i == j else zero for j in range(side)]) for i in range(side)])
    )


def power(
    table: Table,
    exponent: int,
    one: Entry,
    inverse: Callable[[Entry], Entry],
    trim: Callable[[Any], Any],
) -> Any:
    """A square matrix to a whole power, by squaring.

    `one` is the number one, `inverse` divides one by a number, `trim` keeps numbers short.
    """
    side = square(table)
    if abs(exponent) > MAX_TABLE_POWER:
        raise Undefined("a power of a matrix too large")
    result: Any = identity(side, one, one - one)
    base: Any = inverted(table, one, inverse) if exponent < 0 else table
    rest = abs(exponent)
    while rest:
        if rest & 1:
            result = trim(result * base)
        base, rest = (trim(base * base) if rest > 1 else base), rest >> 1
    return result


def characteristic(
    table: Table, one: Entry, inverse: Callable[[Entry], Entry]
) -> tuple[Entry, Table]:
    """The determinant up to sign (-1)^n, and minus the adjugate up to the same sign.

    Faddeev and LeVerrier: n products of matrices and divisions by 1..n only, so no pivot is ever chosen.
    """
    side = square(table)
    unit = identity(side, one, one - one)
    helper, last = unit, one
    for k in range(1, side + 1):
        product = _full(table, helper)
        trace_ = trace(product)
        last = -(trace_ * inverse(_whole(k, one)))
        if k < side:
            helper = product + unit * last
    return last, helper


def _full(a: Table, b: Table) -> Table:
    """The product, kept a matrix even when it is 1 by 1."""
    across = list(zip(*b.rows, strict=True))
    return Table(tuple([tuple([dot(row, column_) for column_ in across]) for row in a.rows]))


def _whole(k: int, one: Entry) -> Entry:
    total = one
    for _ in range(k - 1):
        total = total + one
    return total


def trace(table: Table) -> Entry:
    """The sum of the diagonal."""
    side = square(table)
    total = table.rows[0][0]
    for k in range(1, side):
        total = total + table.rows[k][k]
    return total


def determinant(table: Table, one: Entry, inverse: Callable[[Entry], Entry]) -> Entry:
    """The determinant of a square matrix."""
    last, _ = characteristic(table, one, inverse)
    return last if square(table) % 2 == 0 else -last


def inverted(table: Table, one: Entry, inverse: Callable[[Entry], Entry]) -> Table:
    """The inverse matrix; `inverse` raises where the determinant is zero."""
    last, helper = characteristic(table, one, inverse)
    scale = inverse(last)
    return helper.map(lambda entry: -(entry * scale))

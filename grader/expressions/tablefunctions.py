"""Functions of vectors and matrices, and of entries written one by one."""

from typing import Any

from grader.expressions import tables
from grader.expressions.ballfunctions import COMPLEX, REAL, Function, sqrt
from grader.expressions.conditions import order
from grader.expressions.tables import Table
from grader.expressions.unreadable import Undefined

Ball = Any
_IN_SPACE, _EUCLIDEAN = 3, 2


def _entries(values: tuple[Ball, ...]) -> list[Ball]:
    return [x for v in values for x in (v.entries() if isinstance(v, Table) else (v,))]


def _place_of_largest(ev: Any, *values: Ball) -> Ball:
    entries = _entries(values)
    for k, entry in enumerate(entries, 1):
        if _exceeds(ev, entry, [*entries[: k - 1], *entries[k:]]):
            return ev.flint.fmpq(k)
    raise Undefined("a largest value that cannot be told")


def _exceeds(ev: Any, entry: Ball, others: list[Ball]) -> bool:
    """Whether an entry is surely larger than each of the others."""
    try:
        return all(order(ev, entry, other) > 0 for other in others)
    except Undefined:
        return False


def _mean(ev: Any, *values: Ball) -> Ball:
    entries = _entries(values)
    return sum(entries[1:], entries[0]) / ev.flint.fmpq(len(entries))


def softmax(ev: Any, *values: Ball) -> Ball:
    """Exponentials divided by their sum, in the shape of the one vector given, else as a column."""
    powers = [ev.ball(value).exp() for value in _entries(values)]
    total = sum(powers[1:], powers[0])
    if isinstance(values[0], Table):
        shares = iter([power / total for power in powers])
        return values[0].map(lambda _: next(shares))
    return tables.column([power / total for power in powers])


def _each(name: str) -> Function:
    """A function of a vector entry by entry, as networks use it."""
    return lambda ev, x: x.map(
        lambda entry: (COMPLEX if ev.complex_mode else REAL)[name](ev, entry)
    )


def _all(name: str) -> Function:
    def function(ev: Any, *values: Ball) -> Ball:
        return (COMPLEX if ev.complex_mode else REAL)[name](ev, *_entries(values))

    return function


def _norm(ev: Any, x: Table, order: Ball = None) -> Ball:
    """The Euclidean (Frobenius) norm, or the sum of sizes for order 1."""
    if order is not None and order == 1:
        return sum([abs(entry) for entry in x.entries()], ev.flint.fmpq(0))
    if order is not None and order != _EUCLIDEAN:
        raise Undefined("a norm of another order")
    sizes = [abs(entry) for entry in x.entries()]
    return sqrt(ev, tables.dot(sizes, sizes))


def _dot(_: Any, x: Table, y: Table) -> Ball:
    if not isinstance(x, Table) or not isinstance(y, Table):
        raise Undefined("a product of a vector and a number")
    return tables.dot(x.entries(), y.entries())


def _cross(_: Any, x: Table, y: Table) -> Ball:
    if not isinstance(x, Table) or not isinstance(y, Table) or len(x.entries()) != _IN_SPACE:
        raise Undefined("a cross product outside space")
    if x.shape != y.shape:
        raise Undefined("a cross product of different shapes")
    (a, b, c), (p, q, r) = x.entries(), y.entries()
    parts = (b * r - c * q, c * p - a * r, a * q - b * p)
    return Table((parts,)) if x.shape[0] == 1 else tables.column(parts)


def _hadamard(_: Any, x: Table, y: Table) -> Ball:
    if not isinstance(x, Table) or not isinstance(y, Table) or x.shape != y.shape:
        raise Undefined("a product entry by entry of different shapes")
    pairs = zip(x.rows, y.rows, strict=True)
    return Table(tuple([tuple([a * b for a, b in zip(*pair, strict=True)]) for pair in pairs]))


def _entry(ev: Any, x: Table, row: Ball, column: Ball = None, *more: Ball) -> Ball:
    """An entry of a matrix, or of a vector, counted from one."""
    if more:
        raise Undefined("more than two indices of a matrix")
    rows, columns = x.shape
    if column is None:
        row, column = (ev.flint.fmpq(1), row) if rows == 1 else (row, ev.flint.fmpq(1))
    if not all(isinstance(index, ev.flint.fmpq) and index.q == 1 for index in (row, column)):
        raise Undefined("an index that is no whole number")
    if not (1 <= row <= rows and 1 <= column <= columns):
        raise Undefined("an index outside the matrix")
    return x.rows[int(row.p) - 1][int(column.p) - 1]


_OF_LISTS: dict[str, Function] = {
    "softmax": softmax,
    "argmax": _place_of_largest,
    "argmin": lambda ev, *values: _place_of_largest(ev, *[-value for value in values]),
    "mean": _mean,
}


def _several(name: str) -> Function:
    """Of entries written one by one; of a single name it means its entries, which are not known."""

    def function(ev: Any, *values: Ball) -> Ball:
        if len(values) == 1:
            raise Undefined(f"{name} of one value")
        return _OF_LISTS[name](ev, *values)

    return function


SEVERAL: dict[str, Function] = {name: _several(name) for name in _OF_LISTS}


def _of_table(function: Function) -> Function:
    """A function whose first argument has to be a matrix."""

    def checked(ev: Any, x: Ball, *others: Ball) -> Ball:
        if not isinstance(x, Table):
            raise Undefined("a number where a matrix is expected")
        return function(ev, x, *others)

    return checked


TABLES: dict[str, Function] = {
    **{name: _all(name) for name in ("min", "max")},
    **_OF_LISTS,
    **{name: _of_table(_each(name)) for name in ("relu", "sigmoid", "tanh", "step", "sign")},
    "hadamard": _of_table(_hadamard),
    "entry": _of_table(_entry),
    "transpose": _of_table(lambda _, x: x.transposed()),
    "det": _of_table(lambda ev, x: tables.determinant(x, ev.flint.fmpq(1), ev.inverse)),
    "trace": _of_table(lambda _, x: tables.trace(x)),
    "inverse": _of_table(lambda ev, x: tables.inverted(x, ev.flint.fmpq(1), ev.inverse)),
    "norm": _of_table(_norm),
    "dot": _of_table(_dot),
    "cross": _of_table(_cross),
}

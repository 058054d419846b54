"""Trees for tests, put together from text and nodes."""

from typing import Literal

from grader.expressions import Scope, read
from grader.expressions.deciding import NO_DOMAINS, judge
from grader.expressions.tree import (
    Add,
    Call,
    Collection,
    Indexed,
    Interval,
    Matrix,
    Mul,
    Neg,
    Node,
    Piecewise,
    PlusMinus,
    Pow,
    Reduce,
    Relation,
)
from grader.expressions.verdict import Verdict

OPEN = Scope.of(open=True)
Part = str | Node
ReduceKind = Literal["sum", "product", "integral"]


def t(part: Part) -> Node:
    """Text as a tree."""
    return read(part, OPEN).core if isinstance(part, str) else part


def _end(part: Part | None) -> Node | None:
    return None if part is None else t(part)


def total(
    body: Part,
    name: str = "k",
    low: Part | None = "1",
    high: Part | None = "n",
    kind: ReduceKind = "sum",
) -> Reduce:
    """A sum over k from 1 to n unless told otherwise."""
    return Reduce(kind, name, _end(low), _end(high), t(body))


def integral(
    body: Part, low: Part | None = "0", high: Part | None = "1", name: str = "x"
) -> Reduce:
    """An integral over x from 0 to 1 unless told otherwise."""
    return total(body, name, low, high, "integral")


def entry(name: str, *indices: Part) -> Indexed:
    """x_k"""
    return Indexed(name, tuple(map(t, indices)))


def add(*parts: Part) -> Add:
    """A sum."""
    return Add(tuple(map(t, parts)))


def mul(*parts: Part) -> Mul:
    """A product."""
    return Mul(tuple(map(t, parts)))


def minus(part: Part) -> Neg:
    """The negative."""
    return Neg(t(part))


def power(base: Part, exponent: Part) -> Pow:
    """base ** exponent"""
    return Pow(t(base), t(exponent))


def call(meaning: str, *arguments: Part) -> Call:
    """A built-in function."""
    return Call(meaning, tuple(map(t, arguments)), meaning)


def matrix(*rows: str) -> Matrix:
    """Rows with entries separated by blanks."""
    return Matrix(tuple(tuple(map(t, row.split())) for row in rows))


def vector(text: str) -> Collection:
    """A tuple of entries separated by blanks."""
    return Collection("tuple", tuple(map(t, text.split())))


def members(*items: Part) -> Collection:
    """A set."""
    return Collection("set", tuple(map(t, items)))


def interval(low: Part, high: Part, brackets: str = "[]") -> Interval:
    """Brackets as mathematicians write them: [ and ] belong, ( and ) do not."""
    return Interval(t(low), t(high), brackets[0] == "(", brackets[1] == ")")


def relation(left: Part, operator: str, right: Part) -> Relation:
    """left operator right"""
    return Relation((operator,), (t(left), t(right)))


def cases(*pieces: tuple[Part, Part | None]) -> Piecewise:
    """Values with their conditions."""
    return Piecewise(tuple((t(value), _end(condition)) for value, condition in pieces))


def pm(centre: Part, spread: Part) -> PlusMinus:
    """centre ± spread"""
    return PlusMinus(t(centre), t(spread))


def verdicts(a: Part, b: Part, **domains: str) -> Verdict:
    """The verdict, checked to be the same the other way around."""
    first, second = t(a), t(b)
    found, turned = (
        judge(x, y, domains or NO_DOMAINS, 0) for x, y in ((first, second), (second, first))
    )
    assert (found.status, found.proved) == (turned.status, turned.proved)
    return found

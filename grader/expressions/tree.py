"""The syntax tree: what was written, with no simplification.

Names bound by a sum, a product or an integral are spelled as written; `symbols` gives the free ones only. Subtraction is `Add` of a `Neg`, division is `Mul` by a `Recip`, so that long sums and products
stay flat and the height of the tree is the nesting of the text.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Number:
    """A written number. `text` keeps the digits as written, decimal point "." and a "%" if any."""

    value: Fraction
    text: str


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name with a value, in its canonical spelling."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """One of `pi`, `e`, `i`, `inf`."""

    name: str


@dataclass(frozen=True, slots=True)
class Add:
    """A sum of two or more terms, in the order written."""

    terms: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Mul:
    """A product of two or more factors, in the order written."""

    factors: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Neg:
    """Minus the argument."""

    argument: "Node"


@dataclass(frozen=True, slots=True)
class Recip:
    """One divided by the argument."""

    argument: "Node"


@dataclass(frozen=True, slots=True)
class Pow:
    """Base to the exponent."""

    base: "Node"
    exponent: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """A function of its arguments.

    `name` is how the question spells it, `meaning` the built-in it stands for, "" when abstract.
    """

    name: str
    arguments: tuple["Node", ...]
    meaning: str


@dataclass(frozen=True, slots=True)
class Relation:
    """`sides[0] operators[0] sides[1] ...`; operators are = != < > <= >= and "in" (is an element of).

    Stands at the root, as a condition of a `Piecewise`, or as the argument of an indicator.
    """

    operators: tuple[str, ...]
    sides: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Indexed:
    """An entry of a named family, x_i or w_{i,j+1}, where an index is no fixed part of the name."""

    name: str
    indices: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Reduce:
    """A sum, product or integral of `body` over `variable`; both limits None where none are written."""

    kind: Literal["sum", "product", "integral"]
    variable: str
    lower: "Node | None"
    upper: "Node | None"
    body: "Node"


@dataclass(frozen=True, slots=True)
class Collection:
    """Values side by side: a tuple (order counts) or a set."""

    kind: Literal["tuple", "set"]
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of equal length; a column vector has rows of one entry."""

    rows: tuple[tuple["Node", ...], ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers between two ends."""

    lower: "Node"
    upper: "Node"
    lower_open: bool
    upper_open: bool


@dataclass(frozen=True, slots=True)
class Piecewise:
    """Values with the condition under which each holds, the first that fits; None is otherwise."""

    pieces: tuple[tuple["Node", "Node | None"], ...]


@dataclass(frozen=True, slots=True)
class PlusMinus:
    """centre ± spread: two values, or a measurement with its uncertainty, as the question declares."""

    centre: "Node"
    spread: "Node"


Leaf = Number | Symbol | Constant
Node = (
    Leaf
    | Add
    | Mul
    | Neg
    | Recip
    | Pow
    | Call
    | Relation
    | Indexed
    | Reduce
    | Collection
    | Matrix
    | Interval
    | Piecewise
    | PlusMinus
)

BOUND_AGAIN = "″"
"""Marks a bound name that was renamed; no name read from text contains it."""
ZERO = Number(Fraction(0), "0")
ONE = Number(Fraction(1), "1")


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    below = _CHILDREN.get(type(node))
    return () if below is None else below(node)


def _present(*nodes: Node | None) -> tuple[Node, ...]:
    return tuple(node for node in nodes if node is not None)


_CHILDREN: dict[type, Callable[[Any], tuple[Node, ...]]] = {
    Add: lambda node: node.terms,
    Mul: lambda node: node.factors,
    Neg: lambda node: (node.argument,),
    Recip: lambda node: (node.argument,),
    Pow: lambda node: (node.base, node.exponent),
    Call: lambda node: node.arguments,
    Relation: lambda node: node.sides,
    Indexed: lambda node: node.indices,
    Reduce: lambda node: _present(node.body, node.lower, node.upper),
    Collection: lambda node: node.items,
    Matrix: lambda node: tuple(entry for row in node.rows for entry in row),
    Interval: lambda node: (node.lower, node.upper),
    Piecewise: lambda node: _present(*(part for piece in node.pieces for part in piece)),
    PlusMinus: lambda node: (node.centre, node.spread),
}
"""By type: asked of every node many times, so a look-up and no chain of tests."""


def walk(node: Node) -> Iterator[Node]:
    """Every node, the root first; iterative, so height costs no stack."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(children(current))


def by_levels(node: Node) -> tuple[int, list[Node]]:
    """How high the tree is, the root counting one, and every node, level by level."""
    nodes, height, seen = [node], 0, 0
    while seen < len(nodes):
        level = nodes[seen:]
        height, seen = height + 1, len(nodes)
        for parent in level:
            nodes += children(parent)
    return height, nodes


def height_and_size(node: Node) -> tuple[int, int]:
    """How deep and how large the tree is, the root counting one."""
    height, nodes = by_levels(node)
    return height, len(nodes)


def fits(node: Node, height: int, size: int) -> bool:
    """Whether the tree is within both limits, found without walking much further than them."""
    level, seen = [node], 0
    while level:
        height -= 1
        seen += len(level)
        if height < 0 or seen > size:
            return False
        level = [child for parent in level for child in children(parent)]
    return True


def symbols(node: Node) -> frozenset[str]:
    """The names of the free symbols."""
    names: set[str] = set()
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Symbol):
            names.add(current.name)
        elif isinstance(current, Reduce):
            names |= symbols(current.body) - {current.variable}
            waiting.extend(_present(current.lower, current.upper))
        else:
            waiting.extend(children(current))
    return frozenset(names)


def rebuild(node: Node, parts: tuple[Node, ...]) -> Node:
    """The same kind of node over other children, as many as `children` gave."""
    build = _REBUILD.get(type(node))
    return node if build is None else build(node, parts)


def _rebuild_reduce(node: Reduce, parts: tuple[Node, ...]) -> Node:
    ends = iter(parts[1:])
    low, high = (None if end is None else next(ends) for end in (node.lower, node.upper))
    return Reduce(node.kind, node.variable, low, high, parts[0])


def _rebuild_matrix(node: Matrix, parts: tuple[Node, ...]) -> Node:
    entries = iter(parts)
    return Matrix(tuple(tuple(next(entries) for _ in row) for row in node.rows))


def _rebuild_pieces(node: Piecewise, parts: tuple[Node, ...]) -> Node:
    given = iter(parts)
    return Piecewise(
        tuple((next(given), None if c is None else next(given)) for _, c in node.pieces)
    )


_REBUILD: dict[type, Callable[[Any, tuple[Node, ...]], Node]] = {
    Add: lambda _, parts: Add(parts),
    Mul: lambda _, parts: Mul(parts),
    Neg: lambda _, parts: Neg(parts[0]),
    Recip: lambda _, parts: Recip(parts[0]),
    Pow: lambda _, parts: Pow(parts[0], parts[1]),
    Call: lambda node, parts: Call(node.name, parts, node.meaning),
    Relation: lambda node, parts: Relation(node.operators, parts),
    Indexed: lambda node, parts: Indexed(node.name, parts),
    Reduce: _rebuild_reduce,
    Collection: lambda node, parts: Collection(node.kind, parts),
    Matrix: _rebuild_matrix,
    Interval: lambda node, parts: Interval(parts[0], parts[1], node.lower_open, node.upper_open),
    Piecewise: _rebuild_pieces,
    PlusMinus: lambda _, parts: PlusMinus(parts[0], parts[1]),
}


def replace(node: Node, values: Mapping[str, Node]) -> Node:
    """Put a tree in place of each named symbol."""
    if isinstance(node, Symbol):
        return values.get(node.name, node)
    if isinstance(node, Reduce):
        return _replace_bound(node, values)
    below = children(node)
    if not below:
        return node
    return rebuild(node, tuple([replace(child, values) for child in below]))


def _replace_bound(node: Reduce, values: Mapping[str, Node]) -> Node:
    """The bound name stays; it is renamed where a value holds the same name."""
    outer = {name: value for name, value in values.items() if name != node.variable}
    used = frozenset().union(*(symbols(value) for value in outer.values()))
    variable, body = node.variable, node.body
    if variable in used:
        variable += BOUND_AGAIN
        body = replace(body, {node.variable: Symbol(variable)})
    lower, upper = (
        None if end is None else replace(end, values) for end in (node.lower, node.upper)
    )
    return Reduce(node.kind, variable, lower, upper, replace(body, outer))

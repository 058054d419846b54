"""The syntax tree: what was written, with no simplification.

Subtraction is `Add` of a `Neg`, division is `Mul` by a `Recip`, so that long sums and products
stay flat and the height of the tree is the nesting of the text.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction


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
    """`sides[0] operators[0] sides[1] ...`; operators are = != < > <= >=. Only ever the root."""

    operators: tuple[str, ...]
    sides: tuple["Node", ...]


Node = Number | Symbol | Constant | Add | Mul | Neg | Recip | Pow | Call | Relation

ZERO = Number(Fraction(0), "0")
ONE = Number(Fraction(1), "1")


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    match node:
        case Add(terms):
            return terms
        case Mul(factors):
            return factors
        case Neg(argument) | Recip(argument):
            return (argument,)
        case Pow(base, exponent):
            return (base, exponent)
        case Call(_, arguments, _):
            return arguments
        case Relation(_, sides):
            return sides
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """Every node, the root first; iterative, so height costs no stack."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(children(current))


def height_and_size(node: Node) -> tuple[int, int]:
    """How deep and how large the tree is, the root counting one."""
    height = size = 0
    level = [node]
    while level:
        height += 1
        size += len(level)
        level = [child for parent in level for child in children(parent)]
    return height, size


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
    return frozenset(n.name for n in walk(node) if isinstance(n, Symbol))


def rebuild(node: Node, parts: tuple[Node, ...]) -> Node:
    """The same kind of node over other children."""
    match node:
        case Add():
            return Add(parts)
        case Mul():
            return Mul(parts)
        case Neg():
            return Neg(parts[0])
        case Recip():
            return Recip(parts[0])
        case Pow():
            return Pow(parts[0], parts[1])
        case Call(name, _, meaning):
            return Call(name, parts, meaning)
        case Relation(operators, _):
            return Relation(operators, parts)
        case _:
            return node


def replace(node: Node, values: Mapping[str, Node]) -> Node:
    """Put a tree in place of each named symbol."""
    if isinstance(node, Symbol):
        return values.get(node.name, node)
    below = children(node)
    if not below:
        return node
    return rebuild(node, tuple([replace(child, values) for child in below]))

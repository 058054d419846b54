"""What two trees hold that decides how they are compared, found in one walk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any

from grader.expressions.arraynames import ARRAY, BOLD
from grader.expressions.tree import (
    Add,
    Call,
    Collection,
    Constant,
    Indexed,
    Interval,
    Matrix,
    Neg,
    Node,
    Number,
    Piecewise,
    Pow,
    Reduce,
    Relation,
    Symbol,
    children,
    symbols,
    walk,
)

_TURNING = frozenset({"abs", "sign", "step", "relu"})
PIECEWISE = _TURNING | {"min", "max", "floor", "ceil", "indicator", "argmax", "argmin"}
_OF_ARRAYS = frozenset(
    {"transpose", "det", "trace", "norm", "dot", "cross", "inverse", "softmax", "hadamard", "entry"}
    | {"argmax", "argmin", "mean", ARRAY}
)
_OVER_A_NAME = frozenset({"maxover", "minover", "argmaxover", "argminover"})
PROBABILITY = "probability "
_NOTHING: frozenset[str] = frozenset()
_Waiting = list[tuple[Node, frozenset[str], str]]  # a node, the names bound around it, its part
_TOUCHING = frozenset({"sqrt", "root", "log", "log2", "log10", "logb"})

_BRANCHING = frozenset(
    {
        *("sqrt", "root", "cbrt", "log", "log2", "log10", "logb", "abs"),
        *("arcsin", "arccos", "arctan", "arcsec", "arccsc", "arccot", "arsinh", "arcosh", "artanh"),
    }
)


def _is_whole(exponent: Node) -> bool:
    bare = exponent.argument if isinstance(exponent, Neg) else exponent
    return isinstance(bare, Number) and bare.value.denominator == 1


@dataclass(slots=True)
class Features:
    """Free names and the parts they play; `switches` change sign where a piecewise function turns."""

    names: set[str] = field(default_factory=set)
    lengths: set[str] = field(default_factory=set)  # in the limits of sums and products
    indices: set[str] = field(default_factory=set)  # in the indices of a family
    families: set[str] = field(default_factory=set)
    arrays: set[str] = field(default_factory=set)  # under a function of vectors or matrices
    marked: bool = False  # names are known to be arrays, and
    bold: bool = False  # they were written so
    spatial: bool = False  # a cross product, which three dimensions have
    expected: list[frozenset[str]] = field(default_factory=list)  # under each expectation
    outside: set[str] = field(default_factory=set)  # not under one
    numbers: set[Fraction] = field(default_factory=set)
    switches: list[Node] = field(default_factory=list)
    touching: list[Node] = field(default_factory=list)  # under a root or a logarithm
    imaginary: bool = False
    piecewise: bool = False
    partial: bool = False  # cases that may leave something out
    branches: bool = False  # roots, logarithms and the like, which take another branch far out
    loops: bool = False
    integrals: bool = False
    unlimited: bool = False
    infinite: bool = False
    open_ended: bool = False  # an extreme or a probability whose case is not written down

    @classmethod
    def of(cls, *trees: Node) -> Features:
        """The features of all trees together."""
        found = cls()
        for tree in trees:
            found._walk(tree)
        return found

    def _walk(self, tree: Node) -> None:
        waiting: _Waiting = [(tree, _NOTHING, "")]
        while waiting:
            node, bound, part = waiting.pop()
            rule = _RULES.get(type(node))
            inner = part if rule is None else rule(self, node, bound, part, waiting)
            if inner is not None:
                waiting.extend([(child, bound, inner) for child in children(node)])

    def _symbol(self, node: Symbol, bound: frozenset[str], part: str, _: _Waiting) -> None:
        if node.name not in bound:
            self._name(node.name, part)

    def _number(self, node: Number, _: frozenset[str], __: str, ___: _Waiting) -> None:
        self.numbers.add(node.value)

    def _constant(self, node: Constant, _: frozenset[str], __: str, ___: _Waiting) -> None:
        self.imaginary |= node.name == "i"

    def _indexed(self, node: Indexed, _: frozenset[str], part: str, __: _Waiting) -> str:
        self.families.add(node.name)
        self._name(node.name, part, family=True)
        return "index"

    def _relation(self, node: Relation, bound: frozenset[str], part: str, _: _Waiting) -> str:
        self.piecewise = True
        self._turns(relation_gaps(node), bound)
        return part

    def _pieces(self, node: Piecewise, _: frozenset[str], part: str, __: _Waiting) -> str:
        self.piecewise = True
        self.partial |= all(condition is not None for _, condition in node.pieces)
        return part

    def _power(self, node: Pow, bound: frozenset[str], part: str, _: _Waiting) -> str:
        if not _is_whole(node.exponent):
            self.branches = True
            self._touches(node.base, bound)
        return part

    def _name(self, name: str, part: str, *, family: bool = False) -> None:
        if not family:
            self.names.add(name)
            if part == "length":
                self.lengths.add(name)
            elif part == "index":
                self.indices.add(name)
            elif part == "array":
                self.arrays.add(name)
        if part != "expected":
            self.outside.add(name)

    def _reduce(
        self,
        node: Reduce,
        bound: frozenset[str],
        part: str,
        waiting: _Waiting,
    ) -> None:
        integral = node.kind == "integral"
        self.integrals |= integral
        self.loops = True
        waiting.append((node.body, bound | {node.variable}, part))
        for end in (node.lower, node.upper):
            if end is None:
                self.unlimited = True
                continue
            self.infinite |= _infinite(end)
            waiting.append((end, bound, part if integral else "length"))

    def _call(self, node: Call, bound: frozenset[str], part: str, _: _Waiting) -> str:
        """What part the arguments play."""
        self.branches |= node.meaning in _BRANCHING
        self.marked |= node.meaning == ARRAY
        self.bold |= node.meaning == ARRAY and node.name == BOLD
        self.spatial |= node.meaning == "cross"
        if node.meaning in _TOUCHING:
            self._touches(node.arguments[0], bound)
        if node.meaning in PIECEWISE:
            self.piecewise = True
            if node.meaning in _TURNING:
                self._turns([node.arguments[0]], bound)
            elif node.meaning in {"min", "max"}:
                self._turns(_gaps(node.arguments), bound)
        if node.meaning in {"expectation", "variance"}:
            if len(node.arguments) == 1:
                self.expected.append(_names(node) - bound)
            return "expected"
        if node.meaning in _OVER_A_NAME:
            self.open_ended = True
        if node.meaning.startswith(PROBABILITY):
            plain = all(
                isinstance(part, Symbol | Collection) for part in walk(node) if part is not node
            )
            self.open_ended |= not plain or bool(bound)
        if node.meaning in _OF_ARRAYS and not any(isinstance(a, Matrix) for a in node.arguments):
            return "array"
        return "" if part == "array" else part

    def random(self) -> frozenset[str]:
        """The names an expectation is taken over: those that stand nowhere else.

        Where that leaves an expectation without any, all of its names: E[x] is not x.
        """
        inside = frozenset().union(*self.expected)
        chosen = inside - self.outside
        for names in self.expected:
            if names.isdisjoint(chosen):
                chosen |= names
        return chosen

    def _turns(self, switches: list[Node], bound: frozenset[str]) -> None:
        if not bound:
            self.switches.extend(switches)

    def _touches(self, inside: Node, bound: frozenset[str]) -> None:
        if not bound and symbols(inside) and not isinstance(inside, Symbol):
            self.touching.append(inside)


_Rule = Callable[[Features, Any, frozenset[str], str, _Waiting], str | None]
_RULES: dict[type, _Rule] = {
    Symbol: Features._symbol,
    Number: Features._number,
    Constant: Features._constant,
    Reduce: Features._reduce,
    Indexed: Features._indexed,
    Call: Features._call,
    Relation: Features._relation,
    Piecewise: Features._pieces,
    Pow: Features._power,
}
"""By type: what a node adds, and what part its children play; None where they are not waiting or were added."""


def _names(node: Node) -> frozenset[str]:
    """The names in a tree, families included."""
    return symbols(node) | {part.name for part in walk(node) if isinstance(part, Indexed)}


def _gaps(values: tuple[Node, ...]) -> list[Node]:
    """Differences of neighbours."""
    return [Add((a, Neg(b))) for a, b in pairwise(values)]


def relation_gaps(relation: Relation) -> list[Node]:
    """Trees that are zero where a link of the relation may change."""
    found: list[Node] = []
    for operator, left, right in zip(
        relation.operators, relation.sides, relation.sides[1:], strict=False
    ):
        if operator != "in":
            found.append(Add((left, Neg(right))))
            continue
        ends = [end for part in walk(right) if isinstance(part, Interval) for end in children(part)]
        items = [i for part in walk(right) if isinstance(part, Collection) for i in part.items]
        found.extend([Add((left, Neg(end))) for end in (*ends, *items) if not _infinite(end)])
    return found


def _infinite(node: Node) -> bool:
    while isinstance(node, Neg):
        node = node.argument
    return isinstance(node, Constant) and node.name == "inf"

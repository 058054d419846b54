"""Common slips as changes of a tree: a reference under one slip is what a candidate who made it writes.

The names are those that teachers use. Each gives a bounded number of trees, simple ones first; the judge then finds
whether an answer equals one of them, so that no author has to list wrong values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import islice
from typing import Literal

from grader.expressions.tree import (
    ONE,
    Add,
    Call,
    Collection,
    Matrix,
    Mul,
    Neg,
    Node,
    Number,
    Pow,
    Recip,
    Reduce,
    Relation,
    Symbol,
    children,
    rebuild,
)

Slip = Literal[
    "sign",
    "factor of 2",
    "missing factor",
    "missing term",
    "bias left out",
    "off by one",
    "upside down",
    "transposed",
    "log base",
    "square left out",
    "root left out",
]
MOST_VARIANTS = 64
"""Trees tried for one slip."""
TWO = Number(Fraction(2), "2")
_BIAS = "b"


@dataclass(frozen=True, slots=True)
class Variant:
    """A tree with one slip in it, and where: a sentence about the reference that says no value."""

    tree: Node
    where: str


def variants(tree: Node, slip: Slip) -> Iterator[Variant]:
    """The reference with one slip; at most `MOST_VARIANTS`, none equal to the reference as written."""
    root = tree.sides[-1] if isinstance(tree, Relation) else tree
    return islice((one for one in _SLIPS[slip](root) if one.tree != root), MOST_VARIANTS)


def _everywhere(
    node: Node, change: Callable[[Node], Iterator[Node]], depth: int = 0
) -> Iterator[Node]:
    """The tree with one node changed, every node in turn, the root first."""
    yield from change(node)
    below = children(node)
    for place, child in enumerate(below):
        for changed in _everywhere(child, change, depth + 1):
            yield rebuild(node, (*below[:place], changed, *below[place + 1 :]))


def _tell(where: str, trees: Iterator[Node]) -> Iterator[Variant]:
    return (Variant(tree, where) for tree in trees)


def _sign(root: Node) -> Iterator[Variant]:
    yield Variant(_negative(root), "the sign of the whole")
    yield from _tell("the sign of one term", _everywhere(root, _one_sign))


def _negative(node: Node) -> Node:
    return node.argument if isinstance(node, Neg) else Neg(node)


def _one_sign(node: Node) -> Iterator[Node]:
    if isinstance(node, Add):
        for place, term in enumerate(node.terms):
            yield Add((*node.terms[:place], _negative(term), *node.terms[place + 1 :]))
    elif isinstance(node, Call):
        for place, argument in enumerate(node.arguments):
            changed = (*node.arguments[:place], _negative(argument), *node.arguments[place + 1 :])
            yield Call(node.name, changed, node.meaning)
    elif isinstance(node, Pow):
        yield Pow(node.base, _negative(node.exponent))


def _factor_of_2(root: Node) -> Iterator[Variant]:
    yield Variant(Mul((TWO, root)), "a factor of 2 too many")
    yield Variant(Mul((root, Recip(TWO))), "a factor of 2 is missing")
    if isinstance(root, Add):
        for place, term in enumerate(root.terms):
            for changed in (Mul((TWO, term)), Mul((term, Recip(TWO)))):
                terms = (*root.terms[:place], changed, *root.terms[place + 1 :])
                yield Variant(Add(terms), "a factor of 2 in one term")


def _missing_factor(root: Node) -> Iterator[Variant]:
    yield from _tell("one factor is missing", _everywhere(root, _fewer_factors))


def _fewer_factors(node: Node) -> Iterator[Node]:
    if isinstance(node, Mul):
        for place in range(len(node.factors)):
            rest = (*node.factors[:place], *node.factors[place + 1 :])
            yield rest[0] if len(rest) == 1 else Mul(rest)


def _missing_term(root: Node) -> Iterator[Variant]:
    yield from _tell("one term is missing", _everywhere(root, _fewer_terms))


def _fewer_terms(node: Node) -> Iterator[Node]:
    if isinstance(node, Add):
        for place in range(len(node.terms)):
            rest = (*node.terms[:place], *node.terms[place + 1 :])
            yield rest[0] if len(rest) == 1 else Add(rest)


def _bias(root: Node) -> Iterator[Variant]:
    """Terms that are one name beginning with b, all of them at once, and the same for written numbers."""
    for is_bias in (_is_named_bias, _is_number):
        yield from _tell("a bias is left out", _everywhere(root, partial(_no_bias, is_bias)))
        yield Variant(_without_biases(root, is_bias), "the biases are left out")


_Test = Callable[[Node], bool]


def _no_bias(is_bias: _Test, node: Node) -> Iterator[Node]:
    if isinstance(node, Add):
        for place, term in enumerate(node.terms):
            if is_bias(term):
                rest = (*node.terms[:place], *node.terms[place + 1 :])
                yield rest[0] if len(rest) == 1 else Add(rest)


def _is_number(term: Node) -> bool:
    return isinstance(term.argument if isinstance(term, Neg) else term, Number)


def _is_named_bias(term: Node) -> bool:
    bare = term.argument if isinstance(term, Neg) else term
    return isinstance(bare, Symbol) and bare.name.startswith(_BIAS)


def _without_biases(node: Node, is_bias: _Test) -> Node:
    below = tuple(_without_biases(child, is_bias) for child in children(node))
    if isinstance(node, Add):
        kept = tuple(term for term in below if not is_bias(term)) or below
        return kept[0] if len(kept) == 1 else Add(kept)
    return rebuild(node, below) if below else node


def _off_by_one(root: Node) -> Iterator[Variant]:
    if not isinstance(root, Number):
        yield Variant(Add((root, ONE)), "one too many")
        yield Variant(Add((root, Neg(ONE))), "one too few")
    yield from _tell("a number is off by one", _everywhere(root, _next_numbers))


def _next_numbers(node: Node) -> Iterator[Node]:
    if isinstance(node, Number) and node.value.denominator == 1:
        for value in (node.value + 1, node.value - 1):
            yield Number(value, str(value)) if value >= 0 else Neg(Number(-value, str(-value)))
    elif isinstance(node, Reduce) and node.kind != "integral":
        for end in (ONE, Neg(ONE)):
            if node.upper is not None:
                upper = Add((node.upper, end))
                yield Reduce(node.kind, node.variable, node.lower, upper, node.body)
            if node.lower is not None:
                lower = Add((node.lower, end))
                yield Reduce(node.kind, node.variable, lower, node.upper, node.body)


def _upside_down(root: Node) -> Iterator[Variant]:
    yield Variant(Recip(root), "the whole is upside down")
    yield from _tell("one fraction is upside down", _everywhere(root, _turned_fraction))


def _turned_fraction(node: Node) -> Iterator[Node]:
    if isinstance(node, Mul) and any(isinstance(factor, Recip) for factor in node.factors):
        yield Mul(tuple(_turned(factor) for factor in node.factors))
        for place, factor in enumerate(node.factors):
            yield Mul((*node.factors[:place], _turned(factor), *node.factors[place + 1 :]))


def _turned(factor: Node) -> Node:
    return factor.argument if isinstance(factor, Recip) else Recip(factor)


def _transposed(root: Node) -> Iterator[Variant]:
    yield from _tell("rows and columns are exchanged", _everywhere(root, _turned_matrix))


def _turned_matrix(node: Node) -> Iterator[Node]:
    if isinstance(node, Matrix):
        yield Matrix(tuple(zip(*node.rows, strict=True)))
    elif isinstance(node, Collection) and node.kind == "tuple":
        yield Collection("tuple", node.items[::-1])


def _log_base(root: Node) -> Iterator[Variant]:
    yield from _tell("another base of the logarithm", _everywhere(root, _other_logarithms))


def _other_logarithms(node: Node) -> Iterator[Node]:
    if isinstance(node, Call) and node.meaning == "log" and len(node.arguments) == 1:
        for base in (TWO, Number(Fraction(10), "10")):
            bottom = Call("log", (base,), "log")
            yield Mul((node, Recip(bottom)))


def _square_left_out(root: Node) -> Iterator[Variant]:
    yield from _tell("a square is left out", _everywhere(root, _without_square))


def _without_square(node: Node) -> Iterator[Node]:
    if isinstance(node, Pow) and node.exponent == TWO:
        yield node.base


def _root_left_out(root: Node) -> Iterator[Variant]:
    yield from _tell("a root is left out", _everywhere(root, _without_root))


def _without_root(node: Node) -> Iterator[Node]:
    if isinstance(node, Call) and node.meaning == "sqrt":
        yield node.arguments[0]


_SLIPS: dict[Slip, Callable[[Node], Iterator[Variant]]] = {
    "sign": _sign,
    "factor of 2": _factor_of_2,
    "missing factor": _missing_factor,
    "missing term": _missing_term,
    "bias left out": _bias,
    "off by one": _off_by_one,
    "upside down": _upside_down,
    "transposed": _transposed,
    "log base": _log_base,
    "square left out": _square_left_out,
    "root left out": _root_left_out,
}
SLIPS: tuple[Slip, ...] = tuple(_SLIPS)
"""Every slip that an author can name."""

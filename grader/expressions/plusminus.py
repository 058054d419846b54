"""What c ± s and several equations side by side stand for: the values, and one equation."""

from __future__ import annotations

from grader.expressions.tree import (
    Add,
    Collection,
    Mul,
    Neg,
    Node,
    PlusMinus,
    Relation,
    children,
    rebuild,
)


def alternatives(node: Node) -> tuple[Node, ...]:
    """The upper and the lower sign of every ± at once; the elements of a set; a tree itself."""
    if isinstance(node, Collection) and node.kind == "set":
        return tuple([way for item in node.items for way in alternatives(item)])
    plus, minus = _signed(node, 1), _signed(node, -1)
    return (plus,) if plus == minus else (plus, minus)


def _signed(node: Node, sign: int) -> Node:
    below = tuple([_signed(child, sign) for child in children(node)])
    if isinstance(node, PlusMinus):
        return Add((below[0], below[1] if sign > 0 else Neg(below[1])))
    return rebuild(node, below) if below else node


def joined(relations: tuple[Node, ...]) -> Node:
    """x = a or x = b as (x - a)(x - b) = 0."""
    if len(relations) == 1:
        return relations[0]
    gaps = tuple(
        [Add((r.sides[0], Neg(r.sides[-1]))) for r in relations if isinstance(r, Relation)]
    )
    return Relation(("=",), (Mul(gaps), Add((gaps[0], Neg(gaps[0])))))

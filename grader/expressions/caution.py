"""Where agreement at points is not enough: what jumps, or has no known shape, may differ where no point was tried.

Such an agreement counts only if it still holds with every such part taken as an unknown of its own; otherwise a
person looks.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from fractions import Fraction

from grader.expressions.arraynames import ARRAY
from grader.expressions.normal import normal
from grader.expressions.tree import (
    Add,
    Call,
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
    Relation,
    Symbol,
    children,
    rebuild,
    symbols,
    walk,
)

_ALWAYS = frozenset(
    {
        *("floor", "ceil", "argmax", "argmin", "inverse", "det"),
    }
)
"""Calls whose jumps lie too close, or whose arguments have no shape that points could try."""
_JUMPS = frozenset({"sign", "step", "indicator"})
"""Calls whose jumps points find where the boundary is a straight one."""
TWO = Number(Fraction(2), "2")
_EITHER_SIDE = frozenset({"=", "!="})
_HIDDEN = "‴"
"""Begins the name of an unknown that stands for a part; no name read from text contains it."""
_HIDDEN_MATRIX = "M"
"""Before it where the part is a matrix, as all capitals are taken to be."""


def doubts(node: Node) -> Iterator[Node]:
    """The parts of a tree for which points prove nothing, the outermost ones."""
    if _doubtful(node):
        yield node
        return
    for child in children(node):
        yield from doubts(child)


def _doubtful(node: Node) -> bool:
    if isinstance(node, Piecewise):
        conditions = [condition for _, condition in node.pieces if condition is not None]
        return not all(_straight_condition(condition) for condition in conditions)
    if isinstance(node, Pow | Recip):
        base = node.base if isinstance(node, Pow) else node.argument
        return any(isinstance(part, Call) and part.meaning == "transpose" for part in walk(base))
    if not isinstance(node, Call):
        return False
    if node.meaning == "norm":
        return len(node.arguments) > 1 and node.arguments[1] != TWO
    if node.meaning in _ALWAYS:
        known = any(isinstance(part, Matrix) for part in walk(node))
        return not known and any(symbols(part) or _has_family(part) for part in node.arguments)
    if node.meaning == "indicator":
        return not all(_straight_condition(part) for part in node.arguments)
    return node.meaning in _JUMPS and not all(_straight(part) for part in node.arguments)


def _is_matrix(doubtful: Node) -> bool:
    """Whether a doubtful part is a matrix: an inverse, however written."""
    return not isinstance(doubtful, Call | Piecewise) or (
        isinstance(doubtful, Call) and doubtful.meaning == "inverse"
    )


def _has_family(node: Node) -> bool:
    return any(isinstance(part, Indexed) for part in walk(node))


def _straight_condition(condition: Node) -> bool:
    """Whether a condition is made of inequalities between straight sides."""
    if isinstance(condition, Call) and condition.meaning in {"and", "or"}:
        return all(_straight_condition(part) for part in condition.arguments)
    if not isinstance(condition, Relation) or set(condition.operators) & _EITHER_SIDE:
        return False
    return all(_straight(side) for side in condition.sides)


def _straight(node: Node) -> bool:
    """Whether a tree is a sum of names with rational factors, whose zeros points find exactly."""
    match node:
        case Number() | Symbol():
            return True
        case Add(terms):
            return all(_straight(term) for term in terms)
        case Neg(argument):
            return _straight(argument)
        case Recip(argument):
            return isinstance(argument, Number)
        case Call(_, (argument,), "abs"):
            return _straight(argument)
        case Mul(factors):
            varying = [factor for factor in factors if symbols(factor)]
            return len(varying) <= 1 and all(_straight(factor) for factor in factors)
    return False


def straight_relation(node: Node) -> bool:
    """Whether a relation's boundary is one that points lie on exactly."""
    return all(
        _straight_condition(part) or set(part.operators) == {"in"}
        for part in walk(node)
        if isinstance(part, Relation)
    ) and not any(_doubtful(part) for part in walk(node))


def hidden(a: Node, b: Node, lost: Container[Node] = ()) -> tuple[Node, Node]:
    """Both trees with what is doubtful or lost replaced by unknowns, equal parts by the same one."""
    names: dict[str, str] = {}
    return _hide(a, names, frozenset(), lost), _hide(b, names, frozenset(), lost)


def _hide(node: Node, names: dict[str, str], bound: frozenset[str], lost: Container[Node]) -> Node:
    if _doubtful(node) or node in lost:
        name = names.setdefault(normal(node), f"{_HIDDEN}{len(names)}")
        inside = sorted(symbols(node) & bound)
        if node not in lost and _is_matrix(node):
            return Call(ARRAY, (Symbol(f"{_HIDDEN_MATRIX}{name}"),), ARRAY)
        # a part that changes with a bound name stays a function of it
        return Call(name, tuple(map(Symbol, inside)), "") if inside else Symbol(name)
    if isinstance(node, Reduce):
        bound = bound | {node.variable}
    below = children(node)
    return (
        rebuild(node, tuple(_hide(child, names, bound, lost) for child in below)) if below else node
    )

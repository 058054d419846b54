"""Whether a condition holds at a place: in piecewise functions, indicators and sets of solutions.

A condition that the balls cannot tell raises `Undefined`, so nothing is ever decided by rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from grader.expressions.tables import Table
from grader.expressions.tree import Call, Collection, Interval, Neg, Node, Piecewise, Relation
from grader.expressions.tree import Constant as NamedConstant
from grader.expressions.unreadable import Undefined


def indicated(ev: Any, node: Call, point: Any) -> Any:
    """1 where the condition holds, 0 where it does not."""
    return ev.flint.fmpq(int(_all(lambda part: holds(ev, part, point), node.arguments)))


def chosen(ev: Any, node: Piecewise, point: Any) -> Node:
    """The value of the first piece whose condition holds."""
    for value, condition in node.pieces:
        if condition is None or holds(ev, condition, point):
            return value
    raise Undefined("none of the cases fits")


def holds(ev: Any, node: Node, point: Any) -> bool:
    """Whether a relation, or several joined by and, or, not, is true. Raises `Undefined` when unknown."""
    if isinstance(node, Call) and node.meaning in {"and", "or", "not"}:
        if node.meaning == "not":
            return not holds(ev, node.arguments[0], point)
        join = _all if node.meaning == "and" else _any
        return join(lambda part: holds(ev, part, point), node.arguments)
    if not isinstance(node, Relation):
        raise Undefined("no condition")
    links = zip(node.operators, node.sides, node.sides[1:], strict=False)
    return _all(lambda link: _link(ev, link[0], link[1], link[2], point), list(links))


def _all(test: Callable[[Any], bool], parts: Sequence[Any]) -> bool:
    """Whether every part passes: one that fails settles it, whatever the unknown ones are.

    Raises `Undefined` where none fails and some are unknown.
    """
    unknown: Undefined | None = None
    for part in parts:
        try:
            if not test(part):
                return False
        except Undefined as error:
            unknown = error
    if unknown is not None:
        raise unknown
    return True


def _any(test: Callable[[Any], bool], parts: Sequence[Any]) -> bool:
    """Whether some part passes."""
    return not _all(lambda part: not test(part), parts)


def _link(ev: Any, operator: str, left: Node, right: Node, point: Any) -> bool:
    if operator == "in":
        return member(ev, ev.value(left, point), right, point)
    infinite = infinity(left) - infinity(right)
    if infinite:
        return compared(operator, infinite)
    return compared(operator, order(ev, ev.value(left, point), ev.value(right, point)))


def compared(operator: str, sign: int) -> bool:
    """Whether left `operator` right, given the sign of left - right."""
    match operator:
        case "<":
            return sign < 0
        case "<=":
            return sign <= 0
        case ">":
            return sign > 0
        case ">=":
            return sign >= 0
        case "=":
            return sign == 0
        case "!=":
            return sign != 0
        case _:
            raise Undefined("a relation of another kind")


def order(ev: Any, left: Any, right: Any) -> int:
    """The sign of left - right: -1, 0 or 1. Raises `Undefined` when the balls cannot tell."""
    if isinstance(left, Table) or isinstance(right, Table):
        raise Undefined("an order among vectors or matrices")
    gap = left - right
    if isinstance(gap, ev.flint.acb):
        if not gap.imag.is_zero() and not ev.integrand:
            raise Undefined("an order among complex numbers")
        gap = gap.real
    if gap > 0:
        return 1
    if gap < 0:
        return -1
    if gap == 0:
        return 0
    raise Undefined("an order that cannot be told")


def member(ev: Any, value: Any, region: Node, point: Any) -> bool:
    """Whether a number lies in an interval, a set, or several put together."""
    match region:
        case Interval(lower, upper, lower_open, upper_open):
            above = -infinity(lower) or order(ev, value, ev.value(lower, point))
            below = -infinity(upper) or order(ev, value, ev.value(upper, point))
            return (above > 0 or (above == 0 and not lower_open)) and (
                below < 0 or (below == 0 and not upper_open)
            )
        case Collection("set", items):
            return _any(lambda item: order(ev, value, ev.value(item, point)) == 0, items)
        case Call(_, parts, "union"):
            return _any(lambda part: member(ev, value, part, point), parts)
        case Call(_, parts, "intersection"):
            return _all(lambda part: member(ev, value, part, point), parts)
        case Call(_, (first, second), "setminus"):
            return member(ev, value, first, point) and not member(ev, value, second, point)
        case _:
            raise Undefined("a set of another kind")


def infinity(node: Node) -> int:
    """1 where the tree is just infinity, -1 for minus infinity, 0 for anything else."""
    sign = 1
    while isinstance(node, Neg):
        node, sign = node.argument, -sign
    return sign if isinstance(node, NamedConstant) and node.name == "inf" else 0

"""Short sums and products with written limits, written out term by term so that they can be compared exactly."""

from __future__ import annotations

from fractions import Fraction

from grader.expressions.degrees import integer_exponent
from grader.expressions.limits import MAX_DERIVED_NODES
from grader.expressions.tree import (
    ONE,
    ZERO,
    Add,
    Mul,
    Node,
    Number,
    Reduce,
    children,
    height_and_size,
    rebuild,
    replace,
)


def unrolled(node: Node) -> Node:
    """The tree with such sums and products written out, innermost first, as far as the budget of nodes allows."""
    below = children(node)
    if not below:
        return node
    done = rebuild(node, tuple([unrolled(child) for child in below]))
    if not isinstance(done, Reduce) or done.kind == "integral":
        return done
    if done.lower is None or done.upper is None:
        return done
    low, high = integer_exponent(done.lower), integer_exponent(done.upper)
    if low is None or high is None:
        return done
    count = max(0, high - low + 1)
    if count * height_and_size(done.body)[1] > MAX_DERIVED_NODES:
        return done
    parts = tuple([replace(done.body, {done.variable: _number(k)}) for k in range(low, high + 1)])
    if count == 0:
        return ZERO if done.kind == "sum" else ONE
    if count == 1:
        return parts[0]
    return Add(parts) if done.kind == "sum" else Mul(parts)


def _number(value: int) -> Number:
    return Number(Fraction(value), str(value))

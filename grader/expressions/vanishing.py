"""Parts too small to show: what enters a sum or a function so small that the result is the same without it.

1 + exp(-10^4) is 1 to a thousand digits, and so is tanh(10^4). Each value is therefore made a seventh larger, and
the value it goes into has to change with it; where it does not, an agreement says nothing of that part.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from grader.expressions.ballfunctions import REAL
from grader.expressions.features import PIECEWISE
from grader.expressions.tables import Table
from grader.expressions.tree import (
    Add,
    Call,
    Mul,
    Neg,
    Node,
    Number,
    Pow,
    Recip,
    Reduce,
    Symbol,
    children,
    rebuild,
    symbols,
)
from grader.expressions.unreadable import Undefined

_SLOT = "⁗"
"""Begins the name of a value that is put in for a part; no name read from text contains it."""
_LARGER = Fraction(8, 7)
_SMALL_BITS, _LARGE_BITS = -60, 5
"""Between 2 to these, a value is never lost at the digits that judging begins with."""
_UNDERFLOW_BITS = -100_000
"""Balls around zero narrower than this hold numbers too small for the library to tell from zero."""


def lost_parts(ev: Any, tree: Node, point: Any) -> list[Node]:
    """The parts that an `Evaluator` loses at a point, at its present precision: terms, and calls that stand still."""
    search = _Search(ev)
    search.value(tree, point)
    return search.lost


class _Search:
    def __init__(self, ev: Any) -> None:
        self.ev = ev
        two = ev.flint.arb(2)
        self.small, self.large = two**_SMALL_BITS, two**_LARGE_BITS
        self.underflow = two**_UNDERFLOW_BITS
        self.lost: list[Node] = []

    def value(self, node: Node, point: Any) -> Any:
        """The value of a tree, None where there is none; what is lost on the way is noted."""
        if isinstance(node, Reduce):
            self._body(node, point)
            return self._evaluated(node, point)
        values = [self.value(child, point) for child in children(node)]
        plain = values and None not in values and _is_plain(node)
        if not plain or any(isinstance(value, Table) for value in values):
            return self._evaluated(node, point)
        inside = {f"{_SLOT}{k}": value for k, value in enumerate(values)}
        slots = rebuild(node, tuple(map(Symbol, inside)))
        put = slots
        if isinstance(node, Pow) and not symbols(node.exponent):
            put = Pow(Symbol(f"{_SLOT}0"), node.exponent)  # as written: 1/3 is a cube root
        result = self._evaluated(put, inside)
        loses = not isinstance(node, Mul | Neg | Recip) and any(map(self._is_extreme, values))
        if result is not None and loses:
            for k, name in enumerate(inside):
                if self._is_lost(name, put if k == 0 else slots, inside, result):
                    self.lost.append(_bare(children(node)[k]) if isinstance(node, Add) else node)
        return result

    def _evaluated(self, node: Node, point: Any) -> Any:
        try:
            return self.ev.value(node, point)
        except Undefined:
            return None

    def _body(self, node: Reduce, point: Any) -> None:
        """What is lost in the first term of a sum or a product."""
        low = None if node.lower is None else self._evaluated(node.lower, point)
        if node.kind != "integral":
            first = self.ev.flint.fmpq(1) if low is None else low
            self.value(node.body, {**point, node.variable: first})

    def _is_extreme(self, value: Any) -> bool:
        size = abs(self.ev.ball(value))
        return bool(value != 0 and (size < self.small or size > self.large))

    def _is_lost(self, name: str, node: Node, inside: dict[str, Any], result: Any) -> bool:
        """Whether the result stays within its error when one value of it changes."""
        value = inside[name]
        size = abs(self.ev.ball(value))
        if size.contains(0):
            return value != 0 and bool(size < self.underflow)
        larger = self._evaluated(node, {**inside, name: value * self.ev.rational(_LARGER)})
        if larger is None or isinstance(larger, Table):
            return False
        return bool(self.ev.ball(larger - result).contains(0))


def _bare(term: Node) -> Node:
    """A term without its sign and its written factor, so that equal parts are seen as such."""
    while isinstance(term, Neg):
        term = term.argument
    varied = [f for f in term.factors if not isinstance(f, Number)] if isinstance(term, Mul) else []
    return varied[0] if len(varied) == 1 else term


def _is_plain(node: Node) -> bool:
    """Whether a value follows from those of the parts, smoothly."""
    if isinstance(node, Call):
        return not node.meaning or (node.meaning in REAL and node.meaning not in PIECEWISE)
    return isinstance(node, Add | Mul | Neg | Recip | Pow)

"""Intervals and what is put together from them, with numbers as ends, compared cell by cell.

The ends of both sides, in order, cut the line into cells: before the first end, the end itself, between it and the
next, and so on. A region is the set of its cells.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grader.expressions.conditions import infinity
from grader.expressions.tree import Call, Collection, Interval, Node, walk
from grader.expressions.unreadable import Undefined
from grader.expressions.verdict import Verdict

Cells = frozenset[int]  # end k is cell 2k + 1, the gap before it 2k
_Judge = Callable[[Node, Node], Verdict]


def same_regions(a: Node, b: Node, judge: _Judge, show: Callable[[Node], str], ev: Any) -> Verdict:
    """The verdict on two regions whose ends are numbers. Raises `Undefined` where they are not.

    `ev` is a real `Evaluator`, which orders the ends; `judge` says which of them are
    the same, `show` writes one.
    """
    line = _Line(judge, ev)
    line.take(a)
    line.take(b)
    first, second = line.cells(a), line.cells(b)
    if first == second:
        return Verdict("equal", "the same numbers, end by end", line.proved)
    extra = min(first ^ second)
    side = "first" if extra in first else "second"
    return Verdict("different", f"only the {side} holds {line.name(extra, show)}", proved=True)


class _Line:
    """The ends met so far, in order and without repetition."""

    def __init__(self, judge: _Judge, ev: Any) -> None:
        self.judge, self.ev = judge, ev
        self.ends: list[tuple[Any, Node]] = []
        self.proved = True

    def take(self, region: Node) -> None:
        """Enter all ends of a region."""
        for part in walk(region):
            match part:
                case Interval(lower, upper, _, _):
                    points: tuple[Node, ...] = (lower, upper)
                case Collection("set", items):
                    points = items
                case _:
                    points = ()
            for end in points:
                if not infinity(end):
                    self._enter(end)

    def _enter(self, end: Node) -> None:
        value = self.ev.ball(self.ev.value(end, {}))
        place = 0
        for other, node in self.ends:
            if value < other:
                break
            if not value > other:
                verdict = self.judge(end, node)
                if verdict.status != "equal":
                    raise Undefined("ends too close to order")
                self.proved &= verdict.proved
                return
            place += 1
        self.ends.insert(place, (value, end))

    def _place(self, end: Node) -> int:
        sign = infinity(end)
        if sign:
            return -1 if sign < 0 else 2 * len(self.ends) + 1
        value = self.ev.ball(self.ev.value(end, {}))
        for k, (other, _) in enumerate(self.ends):
            if not value > other and not value < other:
                return 2 * k + 1
        raise Undefined("an end that is not there")

    def cells(self, region: Node) -> Cells:
        """The cells of a region."""
        match region:
            case Interval(lower, upper, lower_open, upper_open):
                low, high = self._place(lower), self._place(upper)
                return frozenset(range(low + lower_open, high - upper_open + 1)) - {
                    -1,
                    2 * len(self.ends) + 1,
                }
            case Collection("set", items):
                return frozenset(self._place(item) for item in items)
            case Call(_, parts, "union"):
                return frozenset().union(*[self.cells(part) for part in parts])
            case Call(_, parts, "intersection"):
                first, *rest = [self.cells(part) for part in parts]
                return first.intersection(*rest)
            case Call(_, (first_part, second_part), "setminus"):
                return self.cells(first_part) - self.cells(second_part)
            case _:
                raise Undefined("a region of another kind")

    def name(self, cell: int, show: Callable[[Node], str]) -> str:
        """A cell in words."""
        shown = [show(node) for _, node in self.ends]
        k = cell // 2
        if cell % 2:
            return shown[k]
        if not shown:
            return "all numbers"
        if k == 0:
            return f"numbers below {shown[0]}"
        if k == len(shown):
            return f"numbers above {shown[-1]}"
        return f"numbers between {shown[k - 1]} and {shown[k]}"

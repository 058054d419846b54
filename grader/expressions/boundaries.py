"""Places on and beside the boundaries where a piecewise function turns or a condition changes.

Each switch is a tree whose sign decides. Along a line through a place (one name varies) its roots are found exactly
when it is linear, else by bisection between places of different sign, and at the bottom of dips between places of the
same sign: (x - 17)(x - 17.00001) is negative nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import inf
from typing import Any

from grader.expressions.budget import OverBudget
from grader.expressions.chance import Chance
from grader.expressions.limits import MAX_SWITCHES
from grader.expressions.points import LENGTHS, WHOLE, Place, Value
from grader.expressions.tree import Node, symbols
from grader.expressions.unreadable import Undefined

_GRID = tuple(Fraction(n, 2) for n in (0, 1, 2, 3, 4, 6, 9, 13, 20, 61, 200, 2001))
_BESIDE = (Fraction(1, 10**3), Fraction(1, 10**12))
_HALVINGS = 45
_NARROWINGS, _IN_A_DIP = 64, 3
_MOST_LINES, _MOST_ROOTS, _MOST_WRITTEN, _MOST_DIPS = 2, 6, 8, 3


def turning_places(
    ev: Any, switches: list[Node], domains: Mapping[str, str], written: list[Fraction], seed: int
) -> Iterator[Place]:
    """Places on and beside the boundaries of `switches`, for a real `Evaluator`."""
    chance = Chance(seed)
    grid = {*_GRID, *written[:_MOST_WRITTEN], *written[-_MOST_WRITTEN:]}
    ordered = sorted(grid | {-value for value in grid})
    done: set[Node] = set()
    for switch in switches:
        if switch in done or len(done) >= MAX_SWITCHES:
            continue
        done.add(switch)
        for name in sorted(symbols(switch) & domains.keys())[:_MOST_LINES]:
            base = {other: _base(domain, chance) for other, domain in domains.items()}
            for root in _roots(_Line(ev, switch, base, name), ordered):
                for value in _around(root, domains[name]):
                    yield Place({**base, name: value}, nice=True)


def _base(domain: str, chance: Chance) -> Value:
    if domain in WHOLE:
        return Fraction(LENGTHS[chance.between(0, 3)])
    value = Fraction(chance.between(1, 299) * 2 + 1, 200)
    if domain == "complex":
        return value, Fraction(0)
    return value if domain in {"positive", "nonnegative"} or chance.word() % 2 else -value


def _around(root: Fraction, domain: str) -> list[Fraction]:
    """The boundary and places on both sides of it, inside the domain."""
    if domain in WHOLE:
        near = round(root)
        return [
            Fraction(value)
            for value in (near - 1, near, near + 1)
            if value >= 0 or domain == "integer"
        ]
    around = [root, *[root + side * gap for gap in _BESIDE for side in (-1, 1)]]
    if domain in {"positive", "nonnegative"}:
        return [value for value in around if value > 0 or (value == 0 and domain == "nonnegative")]
    return around


class _Line:
    """A switch along one name, the others fixed."""

    def __init__(self, ev: Any, switch: Node, base: Mapping[str, Value], name: str) -> None:
        self.ev, self.switch, self.name = ev, switch, name
        self.point = {
            other: ev.rational(value if isinstance(value, Fraction) else value[0])
            for other, value in base.items()
        }

    def at(self, t: Fraction) -> Any:
        """The value, None where there is none."""
        self.point[self.name] = self.ev.flint.fmpq(t.numerator, t.denominator)
        try:
            return self.ev.value(self.switch, self.point)
        except (Undefined, OverBudget):
            return None

    def sign(self, t: Fraction) -> int | None:
        """-1, 0, 1, or None where it cannot be told."""
        value = self.at(t)
        if value is None:
            return None
        try:
            if value > 0 or value < 0:
                return 1 if value > 0 else -1
            return 0 if value == 0 else None
        except (TypeError, ValueError):  # a matrix or a complex number has no sign
            return None

    def size(self, t: Fraction) -> float:
        """How far from zero, roughly; nothing rests on it but where to look."""
        value = self.at(t)
        return inf if value is None else float(abs(self.ev.ball(value)))


def _roots(line: _Line, grid: list[Fraction]) -> list[Fraction]:
    exact = _linear_root(line)
    if exact is not None:
        return [exact]
    roots: list[Fraction] = []
    seen: list[tuple[Fraction, int]] = []  # the last places in a row that have a sign
    dips = 0
    for t in grid:
        sign = line.sign(t)
        if sign is None:
            seen = []
            continue
        if sign == 0:
            roots.append(t)
        elif seen and seen[-1][1] * sign < 0:
            roots.append(_bisected(line, seen[-1][0], t, sign))
        seen = [*seen[-2:], (t, sign)]
        if dips < _MOST_DIPS and (ends := _dip(line, seen)) is not None:
            dips += 1
            roots.extend(_bottom(line, *ends, sign))
        if len(roots) >= _MOST_ROOTS:
            break
    return roots


def _dip(line: _Line, seen: list[tuple[Fraction, int]]) -> tuple[Fraction, Fraction] | None:
    """The outer two of three places of one sign, where the middle one is the nearest to zero."""
    if len(seen) < _IN_A_DIP or len({sign for _, sign in seen}) > 1:
        return None
    low, middle, high = [t for t, _ in seen]
    return (low, high) if line.size(middle) < min(line.size(low), line.size(high)) else None


def _bottom(line: _Line, low: Fraction, high: Fraction, sign: int) -> list[Fraction]:
    """The bottom of a dip, or where the sign changes on its way down and up again."""
    first, last = low, high
    for _ in range(_NARROWINGS):
        third = (high - low) / 3
        left, right = low + third, high - third
        if line.sign(left) != sign or line.sign(right) != sign:
            low = high = left if line.sign(left) != sign else right
            break
        low, high = (low, right) if line.size(left) < line.size(right) else (left, high)
    at_bottom = line.sign(low)
    if at_bottom is None or at_bottom * sign >= 0:
        return [low]
    return [_bisected(line, first, low, at_bottom), _bisected(line, low, last, sign)]


def _linear_root(line: _Line) -> Fraction | None:
    """The root where the switch is a straight line of exact numbers."""
    fmpq = line.ev.flint.fmpq
    first, second = line.at(Fraction(0)), line.at(Fraction(1))
    if not isinstance(first, fmpq) or not isinstance(second, fmpq) or first == second:
        return None
    root = first / (first - second)
    t = Fraction(int(root.p), int(root.q))
    return t if line.sign(t) == 0 else None


def _bisected(line: _Line, low: Fraction, high: Fraction, sign_high: int) -> Fraction:
    """A place very near a change of sign, with a denominator that is a power of two times the grid's."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        sign = line.sign(middle)
        if sign is None or sign == 0:
            return middle
        low, high = (low, middle) if sign == sign_high else (middle, high)
    return high

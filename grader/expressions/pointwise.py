"""One pair of trees at one place: their values as balls, and what the two balls say."""

from collections.abc import Mapping
from typing import Any, Literal

from grader.expressions.arrays import IN_SPACE, Shapes, arrays_at
from grader.expressions.balls import Evaluator, State
from grader.expressions.ballshowing import show_pair, show_shape
from grader.expressions.budget import Budget, PlaceSpent
from grader.expressions.features import Features
from grader.expressions.limits import (
    AGREEMENT_DIGITS,
    DIGITS_LADDER,
    GUARD_DIGITS,
    MAX_PLACE_STEPS,
)
from grader.expressions.points import Place
from grader.expressions.tables import Table
from grader.expressions.tree import Node
from grader.expressions.unreadable import Undefined

Ball = Any
Outcome = Literal["agree", "differ", "elsewhere", "apart", "shapes", "nowhere"]
# agree, differ: where both are defined. elsewhere: only as complex numbers, agreeing.
# apart: only as complex numbers, differing. shapes: one is a matrix of another shape.
# nowhere: one has no value, or too few digits.

RESOLUTION = 1e-20  # an agreement of constants says nothing of differences below this


class Pointwise:
    """Compares one pair of trees at places; each comparison leaves what it saw in the attributes."""

    def __init__(
        self, a: Node, b: Node, domains: Mapping[str, str], budget: Budget | None = None
    ) -> None:
        self.pair = (a, b)
        self.features = Features.of(a, b)
        self.domains = self._roles(domains)
        self.shapes: Shapes = {}
        self.state = State(
            domains=domains,
            random=self.features.random(),
            budget=Budget() if budget is None else budget,
        )
        if self.features.spatial:
            self.state.sides = IN_SPACE
        self.complex = Evaluator(complex_mode=True, state=self.state)
        drawn = {domains.get(name) for name in self.features.families | self.features.random()}
        needs_complex = self.features.imaginary or "complex" in {*self.domains.values(), *drawn}
        self.real = None if needs_complex else Evaluator(complex_mode=False, state=self.state)
        self.one_sided = False  # only one of the two had a real value
        self.resolved = True  # a difference of constants would have shown
        self.overworked = False
        self.values = ""  # both values in words, where they differed
        self._digits = 0

    def _roles(self, domains: Mapping[str, str]) -> dict[str, str]:
        """The domain of each free name; what ends a sum or stands in an index is a whole number."""
        found = {name: domains.get(name, "real") for name in sorted(self.features.names)}
        for name in self.features.indices & found.keys():
            found[name] = "index"
        for k, name in enumerate(sorted(self.features.lengths & found.keys())):
            found[name] = "other length" if k else "length"
        return found

    def compare(self, place: Place, digits: int) -> Outcome:
        """How the pair compares at one place, at a working precision of `digits` and a few more."""
        self._move(place, digits)
        self.one_sided = False
        if self.real is not None:
            values = self._values(self.real, place)
            missing = values.count(None)
            if not missing:
                return self._verdict_at(self.real, values, ("agree", "differ"))
            self.one_sided = missing == 1
            values = self._values(self.complex, place)
            return self._verdict_at(self.complex, values, ("elsewhere", "apart"))
        return self._verdict_at(
            self.complex, self._values(self.complex, place), ("agree", "differ")
        )

    def _move(self, place: Place, digits: int) -> None:
        """Set the precision, which costs more than comparing it, and what holds at a place."""
        if digits != self._digits:
            from flint import ctx  # loaded late: see balls.Evaluator

            ctx.dps = digits + GUARD_DIGITS
            self._digits = digits
        self.state.at(place.salt, place.length)

    def _values(self, evaluator: Evaluator, place: Place) -> list[Ball | None]:
        """Both values at a place; None where there is none."""
        point = self.point(evaluator, place)
        found: list[Ball | None] = []
        budget = self.state.budget
        for tree in self.pair:
            budget.begin_place(MAX_PLACE_STEPS)
            try:
                found.append(evaluator.value(tree, point))
            except Undefined as error:
                self.overworked |= isinstance(error, PlaceSpent)
                found.append(None)
            finally:
                budget.end_place()
        return found

    def point(self, evaluator: Evaluator, place: Place) -> dict[str, Ball]:
        """The value of each name at a place."""
        point: dict[str, Ball] = {}
        for name, value in place.values.items():
            if isinstance(value, tuple):
                parts = [evaluator.rational(part) for part in value]
                point[name] = evaluator.flint.acb(*parts)
            else:
                point[name] = evaluator.rational(value)
        if self.shapes:
            point |= arrays_at(evaluator, self.shapes)
        return point

    def values_with(self, shapes: Shapes, place: Place) -> int:
        """How many of the trees have a value at a place where names have these shapes."""
        self.shapes = shapes
        self._move(place, DIGITS_LADDER[0])
        return 2 - self._values(self.real or self.complex, place).count(None)

    def _verdict_at(
        self, evaluator: Evaluator, values: list[Ball | None], names: tuple[Outcome, Outcome]
    ) -> Outcome:
        first, second = values
        if first is None or second is None:
            return "nowhere"
        if isinstance(first, Table) or isinstance(second, Table):
            return self._tables_at(evaluator, first, second, names)
        return self._numbers_at(evaluator.ball(first), evaluator.ball(second), names)

    def _numbers_at(self, a: Ball, b: Ball, names: tuple[Outcome, Outcome]) -> Outcome:
        gap = a - b
        if not gap.contains(0):
            self.values = show_pair(a, b)
            return names[1]
        width = _width(gap)
        self.resolved = bool(width < RESOLUTION)
        return names[0] if _tight(width, a, b) else "nowhere"

    def _tables_at(
        self, evaluator: Evaluator, a: Ball, b: Ball, names: tuple[Outcome, Outcome]
    ) -> Outcome:
        if not isinstance(a, Table) or not isinstance(b, Table) or a.shape != b.shape:
            self.values = f"{show_shape(a)} vs {show_shape(b)}"
            return "shapes"
        outcomes = []
        for k, (x, y) in enumerate(zip(a.entries(), b.entries(), strict=True)):
            outcomes.append(self._numbers_at(evaluator.ball(x), evaluator.ball(y), names))
            if outcomes[-1] == names[1]:
                row, column = divmod(k, a.shape[1])
                self.values = f"entry ({row + 1}, {column + 1}): {self.values}"
                return names[1]
        return "nowhere" if "nowhere" in outcomes else names[0]


def _width(gap: Ball) -> Any:
    """How far from zero the difference may still be."""
    size = abs(gap)
    return size.mid() + size.rad()


def _tight(width: Ball, a: Ball, b: Ball) -> bool:
    """Whether the ball of the difference is small enough to call it an agreement.

    Balls carry the error of the largest intermediate term, so cancellation widens them.
    """
    size = 1 + abs(a).mid() + abs(b).mid()
    return bool(width < size * 10 ** (-AGREEMENT_DIGITS))

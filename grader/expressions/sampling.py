"""Comparing two expressions at points, with balls: a ball of the difference that excludes zero
proves that they differ there; agreement at many points and digits is strong evidence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Literal

from grader.expressions.arrays import Shapes, arrays_at, well_shaped
from grader.expressions.balls import PRECISION, Evaluator, State
from grader.expressions.ballshowing import show_ball, show_pair, show_shape
from grader.expressions.boundaries import turning_places
from grader.expressions.budget import Budget, OverBudget, PlaceSpent
from grader.expressions.features import Features
from grader.expressions.limits import (
    AGREEMENT_DIGITS,
    DIGITS_LADDER,
    GUARD_DIGITS,
    MAX_PLACE_STEPS,
    MIN_AGREEING_POINTS,
)
from grader.expressions.points import Place, far_places, integer_places, landmarks, places
from grader.expressions.tables import Table
from grader.expressions.tree import Node
from grader.expressions.unreadable import Undefined
from grader.expressions.verdict import Verdict

Ball = Any
Outcome = Literal["agree", "differ", "elsewhere", "apart", "shapes", "nowhere"]
# agree, differ: where both are defined. elsewhere: only as complex numbers, agreeing.
# apart: only as complex numbers, differing. shapes: one is a matrix of another shape.
# nowhere: one has no value, or too few digits.


RESOLUTION = 1e-20  # an agreement of constants says nothing of differences below this
_MOST_ENTRIES_SHOWN = 4
"""Entries of families named in the evidence."""
_ONE_RUNG = DIGITS_LADDER[:1]


@dataclass(slots=True)
class Tally:
    """What the points said so far."""

    agreed: int = 0
    elsewhere: int = 0
    one_sided: list[Place] = field(default_factory=list)  # only one side is real there
    apart: list[tuple[Place, str]] = field(default_factory=list)
    empty: str = ""  # a difference that was seen only where a sum has no terms
    last: Place | None = None


class Sampler:
    """Compares one pair of trees."""

    def __init__(
        self,
        a: Node,
        b: Node,
        domains: Mapping[str, str],
        seed: int,
        key: int = 0,
        budget: Budget | None = None,
    ) -> None:
        self.pair = (a, b)
        self.seed, self.key = seed, key
        self.features = Features.of(a, b)
        self.domains = self._roles(domains)
        self.shapes: Shapes = {}
        self.state = State(
            domains=domains,
            random=self.features.random(),
            budget=Budget() if budget is None else budget,
        )
        self.complex = Evaluator(complex_mode=True, state=self.state)
        drawn = {domains.get(name) for name in self.features.families | self.features.random()}
        needs_complex = self.features.imaginary or "complex" in {*self.domains.values(), *drawn}
        self.real = None if needs_complex else Evaluator(complex_mode=False, state=self.state)
        self.one_sided = False
        self.resolved = True
        self.overworked = False
        self.values = ""
        self._digits = 0

    def _roles(self, domains: Mapping[str, str]) -> dict[str, str]:
        """The domain of each free name; what ends a sum or stands in an index is a whole number."""
        found = {name: domains.get(name, "real") for name in sorted(self.features.names)}
        for name in self.features.indices & found.keys():
            found[name] = "index"
        for k, name in enumerate(sorted(self.features.lengths & found.keys())):
            found[name] = "other length" if k else "length"
        return found

    def judge(self) -> Verdict:
        """The verdict on the pair."""
        with PRECISION:
            from flint import ctx  # loaded late: see balls.Evaluator

            before = ctx.dps
            try:
                return self._arrays() if self.features.arrays else self._cut()
            except OverBudget as stop:
                return Verdict("undecided", f"too much work: {stop}", proved=False)
            finally:
                ctx.dps = before

    def _arrays(self) -> Verdict:
        """Names under a norm, a transpose and the like, as vectors and matrices in every way that fits."""
        point = next(places(self.domains, self.seed))
        verdicts = []
        for shapes in well_shaped(self, self.features.arrays, self.domains, point):
            self.shapes = shapes
            verdicts.append(self._cut())
        statuses = {verdict.status for verdict in verdicts}
        if len(statuses) == 1:
            return verdicts[0]
        return Verdict("undecided", "it depends on what is a vector here", proved=False)

    def _cut(self) -> Verdict:
        """Sums to infinity are compared by their first terms, so a difference of those settles nothing."""
        if self.features.unlimited and not all(Features.of(t).unlimited for t in self.pair):
            return Verdict(
                "undecided", "one has a sum without limits, the other none", proved=False
            )
        found = self._constants_or_functions()
        if found.status == "different" and self.features.infinite:
            self.state.by_terms = True
            found = self._constants_or_functions()
            if found.status == "different":
                said = "sums to infinity were compared by their first terms only"
                return Verdict("undecided", said, proved=False)
        if found.status == "different" and self.features.open_ended:
            said = "they differ unless something known of the case makes them equal"
            return Verdict("undecided", said, proved=False)
        return found

    def _constants_or_functions(self) -> Verdict:
        fixed = not (self.domains or self.features.families or self.features.unlimited)
        return self._constants() if fixed and not self.features.infinite else self._functions()

    def _constants(self) -> Verdict:
        place, reached = Place({}, nice=False), 0
        for digits in _ONE_RUNG if self.features.integrals else DIGITS_LADDER:
            outcome = self.compare(place, digits)
            if outcome in {"differ", "apart", "shapes"}:
                return Verdict("different", f"differ: {self.values}", proved=True)
            if outcome in {"agree", "elsewhere"}:
                reached, resolved = digits, self.resolved
        if not reached:
            return self._no_value("one of the two has no finite value")
        if not resolved:
            said = f"agree to {reached} digits, but are too large for a small difference to show"
            return Verdict("undecided", said, proved=False)
        return Verdict("equal", f"agree to {reached} digits", proved=False)

    def _functions(self) -> Verdict:
        tally = Tally()
        for place in places(self.domains, self.seed, self.key):
            if self._count(tally, place) in {"differ", "shapes"}:
                if not self._is_empty(place):
                    return self._refuted(place)
                tally.empty = tally.empty or place.show()
            if tally.agreed + tally.elsewhere >= MIN_AGREEING_POINTS and not tally.one_sided:
                break
            if tally.agreed >= 2 * MIN_AGREEING_POINTS:
                break
        if tally.last is not None:
            for place in self._special():
                outcome = self.compare(place, DIGITS_LADDER[0])
                if outcome == "apart" and self.one_sided:
                    tally.apart.append((place, self.values))
                    tally.one_sided.append(place)
                if outcome == "differ":
                    if not self._is_empty(place):
                        return self._refuted(place)
                    tally.empty = tally.empty or place.show()
            again = "nowhere" if self.features.integrals else self._again(tally.last)
            if again in {"differ", "apart"}:
                return self._refuted(tally.last)
        elif refuted := self._integers():
            return refuted
        return self._conclude(tally)

    def _again(self, place: Place) -> Outcome:
        """One place once more, at all digits."""
        return self.compare(place, DIGITS_LADDER[-1])

    def _count(self, tally: Tally, place: Place) -> Outcome:
        outcome = self.compare(place, DIGITS_LADDER[0])
        if outcome in {"agree", "elsewhere"} and not place.nice:
            tally.agreed += outcome == "agree"
            tally.elsewhere += outcome == "elsewhere"
            tally.last = place
        if outcome == "nowhere" and self.one_sided and self.features.partial:
            tally.one_sided.append(place)
        if outcome == "apart":
            tally.apart.append((place, self.values))
            if self.one_sided:
                tally.one_sided.append(place)
        return outcome

    def _is_empty(self, place: Place) -> bool:
        """Whether a sum has no terms there: what it then is, is a convention."""
        if self.features.unlimited and place.length == 0:
            return True
        return any(place.values[name] == 0 for name in self.features.lengths & place.values.keys())

    def _special(self) -> Iterator[Place]:
        """Places far out, near a written number, and on and beside every boundary of a piecewise function."""
        if self.real is None or self.shapes:
            return iter(())
        far = far_places(self.domains, self.seed)
        if not self.features.piecewise:
            return far if self.features.branches else iter(())
        written = sorted(self.features.numbers)
        turning = turning_places(
            self.real, self.features.switches, self.domains, written, self.seed
        )
        return chain(far, landmarks(self.domains, written), turning)

    def _integers(self) -> Verdict | None:
        """A difference at small integers, when nothing else is in the domain."""
        for place in integer_places(list(self.domains), self.seed):
            if self.real is not None and self.compare(place, DIGITS_LADDER[0]) == "differ":
                return self._refuted(place)
        return None

    def _refuted(self, place: Place) -> Verdict:
        drawn = {**self.shapes, **dict.fromkeys(sorted(self.state.random), "variable")}
        shown = place.without(drawn) if drawn else place
        where = [shown.show()] if shown.values else []
        where.extend(f"{name} a random {what}" for name, what in drawn.items())
        if self.features.unlimited:
            where.append(f"sums over 1 to {place.length}")
        entries = list(self.state.entries.items())
        where.extend(
            f"{name.partition('@')[0]} = {show_ball(self.complex.ball(value))}"
            for name, value in entries[:_MOST_ENTRIES_SHOWN]
        )
        if len(entries) > _MOST_ENTRIES_SHOWN:
            where.append("…")
        return Verdict("different", f"differ at {', '.join(where)}: {self.values}", proved=True)

    def _conclude(self, tally: Tally) -> Verdict:
        if tally.one_sided:
            return Verdict("undecided", self._only_where(tally), proved=False)
        if tally.agreed + tally.elsewhere >= MIN_AGREEING_POINTS:
            if tally.empty:
                said = f"equal except where a sum has no terms, at {tally.empty}"
                return Verdict("undecided", said, proved=False)
            return Verdict("equal", self._agreement(tally), proved=False)
        if tally.apart and not tally.agreed:
            place, values = tally.apart[0]
            evidence = f"not real where tried; as complex numbers at {place.show()}: {values}"
            return Verdict("undecided", evidence, proved=False)
        return self._no_value("too few points where both have a value")

    def _no_value(self, said: str) -> Verdict:
        return Verdict("undecided", "too much work" if self.overworked else said, proved=False)

    def _agreement(self, tally: Tally) -> str:
        count, digits = tally.agreed + tally.elsewhere, DIGITS_LADDER[0] - GUARD_DIGITS
        said = f"agree at {count} points to {digits} digits"
        if self.shapes:
            said += f", {', '.join(f'{name} a {shape}' for name, shape in self.shapes.items())}"
        if self.features.infinite:
            return f"{said}, sums to infinity by their first terms"
        if self.features.lengths or self.features.unlimited:
            names = " and ".join(sorted(self.features.lengths)) or "sums"
            return f"{said}, {names} of lengths 0 to 5, 7 and 12"
        return said

    def _only_where(self, tally: Tally) -> str:
        """Equal on part of the domain: name the part when it is one sign of one symbol."""
        if not tally.agreed:
            return "they are never defined at the same points"
        values = [place.values for place in tally.one_sided]
        for name in self.domains:
            signs = {v > 0 for point in values if not isinstance(v := point[name], tuple)}
            if len(self.domains) == 1 and len(signs) == 1:
                return f"equal only for {name} {'<' if signs == {True} else '>'} 0"
        return f"equal only where both are real, not at {tally.one_sided[0].show()}"

    def sign_of_quotient(self) -> Literal[-1, 0, 1]:
        """The sign of a/b at the first place that tells; 0 if none does."""
        if self.real is None:
            return 0
        with PRECISION:
            for place in places(self.domains, self.seed):
                self._move(place, DIGITS_LADDER[0])
                values = self._values(self.real, place)
                if None not in values and (quotient := _sign(values[0]) * _sign(values[1])):
                    return 1 if quotient > 0 else -1
        return 0

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
        point: dict[str, Ball] = {}
        for name, value in place.values.items():
            if isinstance(value, tuple):
                parts = [evaluator.rational(part) for part in value]
                point[name] = evaluator.flint.acb(*parts)
            else:
                point[name] = evaluator.rational(value)
        if self.shapes:
            point |= arrays_at(evaluator, self.shapes)
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

    def has_values(self, place: Place) -> bool:
        """Whether both trees have a value at a place."""
        self._move(place, DIGITS_LADDER[0])
        return None not in self._values(self.real or self.complex, place)

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


def _sign(value: Ball) -> int:
    if isinstance(value, Table):
        return 0
    return int(value > 0) - int(value < 0)


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

"""Comparing two expressions at points, with balls: a ball of the difference that excludes zero
proves that they differ there; agreement at many points and digits is strong evidence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from typing import Any, Literal

from grader.expressions.arrays import well_shaped
from grader.expressions.balls import PRECISION
from grader.expressions.ballshowing import show_ball
from grader.expressions.boundaries import turning_places
from grader.expressions.budget import Budget, OverBudget
from grader.expressions.features import Features
from grader.expressions.limits import (
    AGREEMENT_DIGITS,
    DIGITS_LADDER,
    MIN_AGREEING_POINTS,
)
from grader.expressions.points import (
    WHOLE,
    Place,
    far_places,
    integer_places,
    landmarks,
    longer,
    places,
    shrunk,
)
from grader.expressions.pointwise import Outcome, Pointwise
from grader.expressions.tables import Table
from grader.expressions.tree import Node
from grader.expressions.vanishing import lost_parts
from grader.expressions.verdict import Verdict

_MOST_ENTRIES_SHOWN = 4
"""Entries of families named in the evidence."""
_CLOSE = Fraction(1, 10**9)
"""To zero, where a condition such as x > 0 has to turn."""
_ONE_RUNG = DIGITS_LADDER[:1]


@dataclass(slots=True)
class Tally:
    """What the points said so far."""

    agreed: int = 0
    elsewhere: int = 0
    one_sided: list[Place] = field(default_factory=list)  # only one side is real there
    apart: list[tuple[Place, str]] = field(default_factory=list)
    empty: str = ""  # a difference that was seen only where a sum has no terms
    both: list[Place] = field(default_factory=list)  # evidence: the same value there

    @property
    def last(self) -> Place | None:
        """The last place that is evidence."""
        return self.both[-1] if self.both else None


class Sampler(Pointwise):
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
        super().__init__(a, b, domains, budget)
        self.seed, self.key = seed, key
        self.lost: tuple[Node, ...] = ()  # parts too small to show wherever the pair was compared
        self._long = 0

    def judge(self) -> Verdict:
        """The verdict on the pair."""
        with PRECISION:
            from flint import ctx  # loaded late: see balls.Evaluator

            before = ctx.dps
            try:
                found = self.features
                return self._arrays() if found.arrays or found.marked else self._cut()
            except OverBudget as stop:
                return Verdict("undecided", f"too much work: {stop}", proved=False)
            finally:
                ctx.dps = before

    def _arrays(self) -> Verdict:
        """Names under a norm, a transpose and the like, as vectors and matrices in every way that fits."""
        place = next(places(self.domains, self.seed))
        names = sorted(name for name, domain in self.domains.items() if domain not in WHOLE)
        fitting = well_shaped(lambda shapes: self.values_with(shapes, place), self.features, names)
        verdicts = []
        for shapes in fitting.shapes or [{}]:  # numbers are matrices with one entry
            self.shapes = shapes
            verdicts.append(self._cut())
        statuses = {verdict.status for verdict in verdicts}
        if statuses == {"equal"} and fitting.misfit and self.features.marked:
            said = "as matrices and vectors of the usual shapes only one of them has a value"
            return Verdict("undecided", said, proved=False)
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
        place, reached = Place({}, nice=False), False
        for digits in _ONE_RUNG if self.features.integrals else DIGITS_LADDER:
            outcome = self.compare(place, digits)
            if outcome in {"differ", "apart", "shapes"}:
                return Verdict("different", f"differ: {self.values}", proved=True)
            if outcome in {"agree", "elsewhere"}:
                reached, resolved = True, self.resolved
        if not reached:
            return self._no_value("one of the two has no finite value")
        if not resolved:
            said = "agree, but are too large for a small difference to show"
            return Verdict("undecided", said, proved=False)
        self.lost = self._lost_at([place])
        return Verdict("equal", f"agree to {AGREEMENT_DIGITS} digits", proved=False)

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
        if tally.last is None:
            return self._integers() or self._conclude(tally)
        return self._further(tally, tally.last) or self._conclude(tally)

    def _further(self, tally: Tally, last: Place) -> Verdict | None:
        """A difference where functions turn, at more digits, or in longer sums."""
        for place in self._special():
            outcome = self.compare(place, DIGITS_LADDER[0])
            if outcome == "apart" and self.one_sided:
                tally.apart.append((place, self.values))
                tally.one_sided.append(place)
            if outcome == "differ":
                if not self._is_empty(place):
                    return self._refuted(place)
                tally.empty = tally.empty or place.show()
        again = "nowhere" if self.features.integrals else self._again(last)
        if again in {"differ", "apart"}:
            return self._refuted(last)
        if (refuted := self._at_length(last)) is not None:
            return refuted
        self.lost = self._lost_at(tally.both)
        return None

    def _at_length(self, place: Place) -> Verdict | None:
        """A difference at one larger length, the longest that the budget allows; `_long` is then the length."""
        if not (self.features.lengths or self.features.unlimited):
            return None
        ends = self.features.lengths & place.values.keys()
        for further in longer(place, ends, self.key):
            outcome = self._affordable(further)
            if outcome == "differ":
                return self._refuted(further)
            if outcome in {"agree", "elsewhere"}:
                self._long = further.length
                return None
        return None

    def _affordable(self, place: Place) -> Outcome:
        """How the pair compares at a place, with more digits where it takes them; nowhere beyond the budget."""
        try:
            outcome = self.compare(place, DIGITS_LADDER[0])
            return self.compare(place, DIGITS_LADDER[1]) if outcome == "nowhere" else outcome
        except OverBudget:
            return "nowhere"

    def _lost_at(self, agreed: list[Place]) -> tuple[Node, ...]:
        """The parts that do not show at any place, however many digits and however near zero."""
        if self.shapes:
            return ()
        last, most = agreed[-1], DIGITS_LADDER[0 if self.features.integrals else -1]
        left: tuple[Node, ...] = ()
        try:
            left = self._lost(last, DIGITS_LADDER[0])
            if left and most > DIGITS_LADDER[0]:
                left = self._lost(last, most)
            for place in (*shrunk(last), *agreed[:-1]) if last.values else ():
                if not left:
                    break
                if self.compare(place, most) in {"agree", "elsewhere"}:
                    found = set(self._lost(place, most))
                    left = tuple([part for part in left if part in found])
        except OverBudget:
            return left
        return left

    def _lost(self, place: Place, digits: int) -> tuple[Node, ...]:
        outcome = self.compare(place, digits)
        evaluator = self.complex if self.real is None or outcome == "elsewhere" else self.real
        point = self.point(evaluator, place)
        return tuple([part for tree in self.pair for part in lost_parts(evaluator, tree, point)])

    def _again(self, place: Place) -> Outcome:
        """One place once more, at all digits."""
        return self.compare(place, DIGITS_LADDER[-1])

    def _count(self, tally: Tally, place: Place) -> Outcome:
        outcome = self.compare(place, DIGITS_LADDER[0])
        if outcome in {"agree", "elsewhere"} and not place.nice:
            tally.agreed += outcome == "agree"
            tally.elsewhere += outcome == "elsewhere"
            tally.both.append(place)
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
        found = self.features
        if not (found.piecewise or found.branches):
            return iter(())
        written = sorted(found.numbers)
        switches = [*found.switches, *found.touching]
        turning = turning_places(self.real, switches, self.domains, written, self.seed)
        near = landmarks(self.domains, written) if found.piecewise else iter(())
        return chain(far, near, turning)

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
        count = tally.agreed + tally.elsewhere
        said = f"agree at {count} points to {AGREEMENT_DIGITS} digits"
        if self.shapes:
            said += f", {', '.join(f'{name} a {shape}' for name, shape in self.shapes.items())}"
        if self.features.infinite:
            return f"{said}, sums to infinity by their first terms"
        if self.features.lengths or self.features.unlimited:
            names = " and ".join(sorted(self.features.lengths)) or "sums"
            further = f"7, 12 and {self._long}" if self._long else "7 and 12"
            return f"{said}, {names} of lengths 0 to 5, {further}"
        return said

    def _only_where(self, tally: Tally) -> str:
        """Equal on part of the domain: name the part when it is one sign of one symbol."""
        if not tally.agreed:
            return "they are never defined at the same points"
        if len(self.domains) == 1:
            (name,) = self.domains
            outside, inside = (_signs(places, name) for places in (tally.one_sided, tally.both))
            for sign, order in ((1, ">"), (-1, "<")):
                if outside == {-sign} and inside <= {sign} and self._turns_at_zero(name, sign):
                    return f"equal only for {name} {order} 0"
        return f"equal only where both are real, not at {tally.one_sided[0].show()}"

    def _turns_at_zero(self, name: str, sign: int) -> bool:
        """Whether both are real close to zero on one side, and not on the other."""
        inside, outside = (Place({name: side * _CLOSE}, nice=True) for side in (sign, -sign))
        digits = DIGITS_LADDER[0]
        return self.compare(inside, digits) == "agree" != self.compare(outside, digits)

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


def _sign(value: Any) -> int:
    if isinstance(value, Table):
        return 0
    return int(value > 0) - int(value < 0)


def _signs(seen: list[Place], name: str) -> set[int]:
    """The signs a name had; 0 for a complex number or zero itself."""
    values = [place.values[name] for place in seen]
    return {0 if isinstance(v, tuple) else (v > 0) - (v < 0) for v in values}

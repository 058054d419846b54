"""Inequalities as sets of solutions, compared at places on and beside every boundary that is found."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from grader.expressions.balls import PRECISION, Evaluator, State
from grader.expressions.boundaries import turning_places
from grader.expressions.budget import OverBudget
from grader.expressions.caution import straight_relation
from grader.expressions.chance import mixed
from grader.expressions.conditions import holds
from grader.expressions.features import Features
from grader.expressions.limits import DIGITS_LADDER, GUARD_DIGITS, MIN_AGREEING_POINTS
from grader.expressions.normal import normal
from grader.expressions.points import Place, landmarks, places
from grader.expressions.tree import Node
from grader.expressions.unreadable import Undefined
from grader.expressions.verdict import Verdict


def same_solutions(a: Node, b: Node, domains: Mapping[str, str], seed: int) -> Verdict:
    """The verdict on two conditions: a place where just one holds refutes, many places agree."""
    with PRECISION:
        from flint import ctx  # loaded late: see balls.Evaluator

        before, ctx.dps = ctx.dps, DIGITS_LADDER[0] + GUARD_DIGITS
        try:
            return _Comparison(a, b, domains, seed).judge()
        except OverBudget as stop:
            return Verdict("undecided", f"too much work: {stop}", proved=False)
        finally:
            ctx.dps = before


class _Comparison:
    def __init__(self, a: Node, b: Node, domains: Mapping[str, str], seed: int) -> None:
        self.pair, self.seed, self.key = (a, b), seed, mixed(seed, normal(a), normal(b))
        self.features = Features.of(a, b)
        self.domains = {name: domains.get(name, "real") for name in sorted(self.features.names)}
        self.ev = Evaluator(complex_mode=False, state=State(domains=domains))

    def judge(self) -> Verdict:
        if "complex" in self.domains.values():
            return Verdict("undecided", "an order among complex numbers", proved=False)
        written = sorted(self.features.numbers)
        turning = turning_places(self.ev, self.features.switches, self.domains, written, self.seed)
        seen = {True: 0, False: 0}
        one_sided: Place | None = None
        random = places(self.domains, self.seed, self.key)
        for place in chain(random, landmarks(self.domains, written), turning):
            first, second = (self._truth(tree, place) for tree in self.pair)
            if first is None or second is None:
                if first or second:
                    one_sided = one_sided or place
                continue
            if first != second:
                which = "first" if first else "second"
                return Verdict(
                    "different", f"at {place.show()} only the {which} holds", proved=True
                )
            seen[first] += 1
        return self._conclude(seen, one_sided)

    def _conclude(self, seen: Mapping[bool, int], one_sided: Place | None) -> Verdict:
        if one_sided is not None:
            said = f"one holds and the other has no value, at {one_sided.show()}"
            return Verdict("undecided", said, proved=False)
        total = sum(seen.values())
        if total < MIN_AGREEING_POINTS or not all(seen.values()):
            return Verdict("undecided", "no boundary was found to tell them apart by", proved=False)
        said = f"hold and fail at the same {total} places, on and beside every boundary found"
        if not all(map(straight_relation, self.pair)):
            said += ", but a curved boundary may differ where none was tried"
            return Verdict("undecided", said, proved=False)
        return Verdict("equal", said, proved=False)

    def _truth(self, tree: Node, place: Place) -> bool | None:
        """Whether a condition holds; None where that cannot be told."""
        self.ev.state.at(place.salt, place.length)
        point = {
            name: self.ev.rational(value)
            for name, value in place.values.items()
            if not isinstance(value, tuple)
        }
        try:
            return holds(self.ev, tree, point)
        except Undefined:
            return None

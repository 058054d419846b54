"""Values of many trees at one common place, so that those that differ at a glance need not be judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from grader.expressions.balls import PRECISION, Evaluator, State
from grader.expressions.budget import OverBudget
from grader.expressions.features import Features
from grader.expressions.limits import DIGITS_LADDER, GUARD_DIGITS
from grader.expressions.points import places
from grader.expressions.tree import Node
from grader.expressions.unreadable import Undefined

Ball = Any


@dataclass(frozen=True, slots=True)
class Glance:
    """A value at one place, and whether it was found among the real numbers."""

    value: Ball
    real: bool


def _glance(evaluators: list[Evaluator], tree: Node, point: Mapping[str, Ball]) -> Glance | None:
    for ev in evaluators:
        try:
            return Glance(ev.ball(ev.value(tree, point)), not ev.complex_mode)
        except (Undefined, OverBudget):
            continue
    return None


def values_at_a_place(
    trees: Sequence[Node], domains: Mapping[str, str], seed: int
) -> list[Glance | None]:
    """The value of each tree at one common place; None where there is none or it is no number."""
    features = Features.of(*trees)
    if features.infinite or features.integrals or features.arrays:
        return [None] * len(trees)
    known = {name: domains.get(name, "real") for name in sorted(features.names)}
    if "complex" in known.values():
        return [None] * len(trees)
    evaluators = [Evaluator(complex_mode=m, state=State(domains=domains)) for m in (False, True)]
    with PRECISION:
        from flint import ctx  # loaded late: see balls.Evaluator

        before, ctx.dps = ctx.dps, DIGITS_LADDER[0] + GUARD_DIGITS
        try:
            place = next(places(known, seed))
            rational = evaluators[0].rational
            point = {n: rational(v) for n, v in place.values.items() if isinstance(v, Fraction)}
            return [_glance(evaluators, tree, point) for tree in trees]
        finally:
            ctx.dps = before

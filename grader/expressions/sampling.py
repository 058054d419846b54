"""Comparing two expressions at points, with balls: a ball of the difference that excludes zero
proves that they differ there; agreement at many points and digits is strong evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from grader.expressions.balls import PRECISION, Evaluator
from grader.expressions.limits import (
    AGREEMENT_DIGITS,
    DIGITS_LADDER,
    EVIDENCE_DIGITS,
    GUARD_DIGITS,
    MIN_AGREEING_POINTS,
)
from grader.expressions.points import Place, integer_places, landmarks, places
from grader.expressions.tree import Call, Constant, Node, Number, symbols, walk
from grader.expressions.unreadable import Undefined
from grader.expressions.verdict import Verdict

Ball = Any
Outcome = Literal["agree", "differ", "elsewhere", "apart", "nowhere"]
# agree, differ: where both are defined. elsewhere: only as complex numbers, agreeing.
# apart: only as complex numbers, differing. nowhere: one has no value, or too few digits.


RESOLUTION = 1e-20  # an agreement of constants says nothing of differences below this
_PIECEWISE = frozenset({"abs", "sign", "step", "relu", "min", "max", "floor", "ceil"})


@dataclass(slots=True)
class Tally:
    """What the points said so far."""

    agreed: int = 0
    elsewhere: int = 0
    one_sided: list[Place] = field(default_factory=list)  # only one side is real there
    apart: list[tuple[Place, str]] = field(default_factory=list)
    last: Place | None = None


class Sampler:
    """Compares one pair of trees."""

    def __init__(self, a: Node, b: Node, domains: Mapping[str, str], seed: int) -> None:
        self.pair = (a, b)
        self.seed = seed
        names = sorted(symbols(a) | symbols(b))
        self.domains = {name: domains.get(name, "real") for name in names}
        self.complex = Evaluator(complex_mode=True)
        self.real = None if self._needs_complex() else Evaluator(complex_mode=False)
        self.one_sided = False
        self.resolved = True
        self.values = ""

    def _needs_complex(self) -> bool:
        if "complex" in self.domains.values():
            return True
        return any(isinstance(n, Constant) and n.name == "i" for t in self.pair for n in walk(t))

    def judge(self) -> Verdict:
        """The verdict on the pair."""
        with PRECISION:
            from flint import ctx  # loaded late: see balls.Evaluator

            before = ctx.dps
            try:
                return self._constants() if not self.domains else self._functions()
            finally:
                ctx.dps = before

    def _constants(self) -> Verdict:
        place = Place({}, nice=False)
        digits = DIGITS_LADDER[-1]
        for digits in DIGITS_LADDER:
            outcome = self.compare(place, digits)
            if outcome in {"differ", "apart"}:
                return Verdict("different", f"differ: {self.values}", proved=True)
        if outcome in {"agree", "elsewhere"}:
            if not self.resolved:
                said = f"agree to {digits} digits, but are too large for a small difference to show"
                return Verdict("undecided", said, proved=False)
            return Verdict("equal", f"agree to {digits} digits", proved=False)
        return Verdict("undecided", "one of the two has no finite value", proved=False)

    def _functions(self) -> Verdict:
        tally = Tally()
        for place in places(self.domains, self.seed):
            if self._count(tally, place) == "differ":
                return self._refuted(place)
            if tally.agreed + tally.elsewhere >= MIN_AGREEING_POINTS and not tally.one_sided:
                break
            if tally.agreed >= 2 * MIN_AGREEING_POINTS:
                break
        if tally.last is not None:
            if landmark := self._landmarks():
                return self._refuted(landmark)
            if self.compare(tally.last, DIGITS_LADDER[-1]) in {"differ", "apart"}:
                return self._refuted(tally.last)
        elif refuted := self._integers():
            return refuted
        return self._conclude(tally)

    def _count(self, tally: Tally, place: Place) -> Outcome:
        outcome = self.compare(place, DIGITS_LADDER[0])
        if outcome in {"agree", "elsewhere"} and not place.nice:
            tally.agreed += outcome == "agree"
            tally.elsewhere += outcome == "elsewhere"
            tally.last = place
        if outcome == "apart":
            tally.apart.append((place, self.values))
            if self.one_sided:
                tally.one_sided.append(place)
        return outcome

    def _landmarks(self) -> Place | None:
        """A difference far out or near a written number, where a piecewise function may turn."""
        if not any(
            isinstance(n, Call) and n.meaning in _PIECEWISE for t in self.pair for n in walk(t)
        ):
            return None
        written = {n.value for t in self.pair for n in walk(t) if isinstance(n, Number)}
        for place in landmarks(self.domains, sorted(written)):
            if self.compare(place, DIGITS_LADDER[0]) == "differ":
                return place
        return None

    def _integers(self) -> Verdict | None:
        """A difference at small integers, when nothing else is in the domain."""
        for place in integer_places(list(self.domains), self.seed):
            if self.real is not None and self.compare(place, DIGITS_LADDER[0]) == "differ":
                return self._refuted(place)
        return None

    def _refuted(self, place: Place) -> Verdict:
        return Verdict("different", f"differ at {place.show()}: {self.values}", proved=True)

    def _conclude(self, tally: Tally) -> Verdict:
        if tally.one_sided:
            return Verdict("undecided", self._only_where(tally), proved=False)
        if tally.agreed + tally.elsewhere >= MIN_AGREEING_POINTS:
            count, digits = tally.agreed + tally.elsewhere, DIGITS_LADDER[0]
            return Verdict(
                "equal", f"agree at {count} points to {digits - GUARD_DIGITS} digits", proved=False
            )
        if tally.apart and not tally.agreed:
            place, values = tally.apart[0]
            evidence = f"not real where tried; as complex numbers at {place.show()}: {values}"
            return Verdict("undecided", evidence, proved=False)
        return Verdict("undecided", "too few points where both have a value", proved=False)

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
        from flint import ctx  # loaded late: see balls.Evaluator

        if self.real is None:
            return 0
        with PRECISION:
            ctx.dps = DIGITS_LADDER[0]
            for place in places(self.domains, self.seed):
                values = [_value(self.real, tree, place) for tree in self.pair]
                if None not in values and (quotient := _sign(values[0]) * _sign(values[1])):
                    return 1 if quotient > 0 else -1
        return 0

    def compare(self, place: Place, digits: int) -> Outcome:
        """How the pair compares at one place, at a working precision of `digits` and a few more."""
        from flint import ctx  # loaded late: see balls.Evaluator

        ctx.dps = digits + GUARD_DIGITS
        if self.real is not None:
            values = [_value(self.real, tree, place) for tree in self.pair]
            missing = values.count(None)
            if not missing:
                return self._verdict_at(self.real, values, ("agree", "differ"))
            self.one_sided = missing == 1
            values = [_value(self.complex, tree, place) for tree in self.pair]
            return self._verdict_at(self.complex, values, ("elsewhere", "apart"))
        values = [_value(self.complex, tree, place) for tree in self.pair]
        return self._verdict_at(self.complex, values, ("agree", "differ"))

    def _verdict_at(
        self, evaluator: Evaluator, values: list[Ball], names: tuple[Outcome, Outcome]
    ) -> Outcome:
        if None in values:
            return "nowhere"
        a, b = (evaluator.ball(value) for value in values)
        gap = a - b
        if not gap.contains(0):
            self.values = _show_pair(a, b)
            return names[1]
        self.resolved = bool(_width(gap) < RESOLUTION)
        return names[0] if _tight(gap, a, b) else "nowhere"


def _value(evaluator: Evaluator, tree: Node, place: Place) -> Ball | None:
    """The value at a place; None where there is none."""
    point = {}
    for name, value in place.values.items():
        if isinstance(value, tuple):
            parts = [evaluator.rational(part) for part in value]
            point[name] = evaluator.flint.acb(*parts)
        else:
            point[name] = evaluator.rational(value)
    try:
        return evaluator.value(tree, point)
    except Undefined:
        return None


def _sign(value: Ball) -> int:
    return int(value > 0) - int(value < 0)


def _width(gap: Ball) -> Any:
    """How far from zero the difference may still be."""
    return abs(gap).mid() + abs(gap).rad()


def _tight(gap: Ball, a: Ball, b: Ball) -> bool:
    """Whether the ball of the difference is small enough to call it an agreement.

    Balls carry the error of the largest intermediate term, so cancellation widens them.
    """
    size = 1 + abs(a).mid() + abs(b).mid()
    return bool(_width(gap) < size * 10 ** (-AGREEMENT_DIGITS))


def _show_pair(a: Ball, b: Ball) -> str:
    """Both values, with as many digits as it takes to see the difference."""
    shown = ""
    for digits in (EVIDENCE_DIGITS, 2 * EVIDENCE_DIGITS, 4 * EVIDENCE_DIGITS, *DIGITS_LADDER):
        first, second = _show_ball(a, digits), _show_ball(b, digits)
        shown = f"{first} vs {second}"
        if first != second:
            break
    return shown


def _show_ball(ball: Ball, digits: int) -> str:
    """A value to some digits; a complex one as a + b*i."""
    imaginary = getattr(ball, "imag", None)
    if imaginary is not None and not imaginary.is_zero():
        return f"{_show_real(ball.real, digits)} + {_show_real(imaginary, digits)}*i"
    return _show_real(ball if imaginary is None else ball.real, digits)


def _show_real(ball: Ball, digits: int) -> str:
    text = str(ball.mid().str(digits, radius=False))
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text

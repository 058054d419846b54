"""Criteria -> the cases of one job; what came back -> one verdict per criterion.

The same cases run on the reference, in a jail process of its own, and what both return is compared here. No result
of the reference is ever in a process that holds the answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checkers.code.comparing import Comparing, Incomparable, Mismatch, kind_of, numbers_of
from grader.checkers.code.criterion import EXACT, TOLERANCES, CodeCriterion
from grader.checkers.code.drawing import Draw, array_of, draws, moved
from grader.checkers.code.inputs import Input
from grader.checkers.code.script import Script, parse_script
from grader.sandbox import Case, CaseResult, Get, Let, Raised, Run

DIRECTIONS = 3
"""Random directions in which a derivative is measured."""
STEPS = {"float64": 1e-6, "float32": 1e-2}
"""Half the distance of the two points of a difference, by dtype."""
SLOPE_RELATIVE = {"float64": 1e-5, "float32": 2e-2}
"""How far a derivative may lie from the difference, as a share of the size of its terms."""
SLOPE_ABSOLUTE = 1e-7
"""The same in units of the step."""
DERIVATIVE_SEED = 977
"""Keeps the directions apart from the inputs."""


EXACTLY = Comparing(dict.fromkeys(TOLERANCES, EXACT), exact_dtype=True)


@dataclass(frozen=True, slots=True)
class Trial:
    """One criterion with one set of inputs: places of its cases in the job, and what they must show."""

    criterion: str
    draw: Draw
    script: Script
    main: int
    again: int | None = None
    around: tuple[tuple[int, int], ...] = ()
    """Cases a step forth and back in each direction, for finite differences."""
    directions: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """The first thing that went wrong in a trial. `line` is the author's line it shows in."""

    trial: Trial
    line: str
    mismatch: Mismatch | None = None
    raised: Raised | None = None
    reason: str = ""
    """Another reason, in words for the candidate."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a criterion's trials showed. `own_derivative` says that the derivative fits the program's own output only."""

    passed: bool
    tried: int
    held: int
    failure: Failure | None = None
    own_derivative: bool = False
    finished: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """All cases of a job, and which trial each belongs to."""

    cases: tuple[Case, ...]
    trials: tuple[Trial, ...]


def plan(
    criteria: Mapping[str, CodeCriterion], inputs: Mapping[str, Input], rounds: int, seed: int
) -> Plan:
    """The cases for every criterion that is run. Raises `ValueError` for inputs that cannot be made."""
    cases: list[Case] = []
    trials: list[Trial] = []
    for name, criterion in criteria.items():
        if not criterion.run:
            continue
        known = {**inputs, **criterion.inputs}
        script = parse_script(criterion.run, frozenset(known))
        used = _used(known, script, criterion)
        for draw in draws(used, seed, criterion.draws or rounds):
            trials.append(_trial(name, criterion, script, draw, cases, seed))
    return Plan(tuple(cases), tuple(trials))


def _used(known: Mapping[str, Input], script: Script, criterion: CodeCriterion) -> dict[str, Input]:
    """The inputs that a criterion uses, and those its shapes name, in the order written."""
    wanted = set(script.names) | set(criterion.unchanged)
    if criterion.differences is not None:
        wanted |= {criterion.differences.at, criterion.differences.weights}
    for name, described in reversed(list(known.items())):
        if name in wanted:
            wanted |= described.needs()
    return {name: described for name, described in known.items() if name in wanted}


def _trial(
    name: str, criterion: CodeCriterion, script: Script, draw: Draw, cases: list[Case], seed: int
) -> Trial:
    def add(steps: Sequence[Any]) -> int:
        cases.append(Case(steps, name))
        return len(cases) - 1

    lets = [Let(key, value) for key, value in draw.values.items()]
    ends = [Get(key) for key in criterion.unchanged]
    differences = criterion.differences
    if differences is not None:
        ends += [Get(differences.of), Get(differences.gradient)]
    main = add([*lets, *script.steps, *ends])
    again = add([*lets, *script.steps]) if criterion.deterministic else None
    around: list[tuple[int, int]] = []
    directions: list[Any] = []
    if differences is not None:
        for direction in _directions(draw.values[differences.at], seed):
            pair = [
                add(
                    [
                        *_replaced(lets, differences.at, sign * direction),
                        *script.silent(),
                        Get(differences.of),
                    ]
                )
                for sign in (1.0, -1.0)
            ]
            around.append((pair[0], pair[1]))
            directions.append(direction)
    return Trial(name, draw, script, main, again, tuple(around), tuple(directions))


def _directions(value: Any, seed: int) -> Iterator[Any]:
    """Random steps of the length that suits the dtype of an array or tensor."""
    array = array_of(value)
    if array is None:
        raise ValueError("finite differences are taken by an array or a tensor")
    step = STEPS.get(str(array.dtype), STEPS["float32"])
    generator = np.random.Generator(np.random.PCG64([seed % (1 << 64), DERIVATIVE_SEED]))
    for _ in range(DIRECTIONS):
        yield step * generator.choice([-1.0, 1.0], size=array.shape)


def _replaced(lets: Sequence[Let], name: str, step: Any) -> list[Let]:
    return [Let(let.name, moved(let.value, step)) if let.name == name else let for let in lets]


@dataclass(frozen=True, slots=True)
class Judging:
    """Compares a run with the reference's run of the same plan."""

    plan: Plan
    criteria: Mapping[str, CodeCriterion]
    comparing: Comparing
    reference: Run

    def verdicts(self, run: Run) -> dict[str, Verdict]:
        """One verdict for each criterion that was run."""
        by_name: dict[str, list[Trial]] = {}
        for trial in self.plan.trials:
            by_name.setdefault(trial.criterion, []).append(trial)
        return {name: self._verdict(trials, run) for name, trials in by_name.items()}

    def _verdict(self, trials: Sequence[Trial], run: Run) -> Verdict:
        held, first, own, finished = 0, None, False, True
        for trial in trials:
            if not _finished(trial, run):
                finished = False
                continue
            failure = self._failure(trial, run)
            differences = self.criteria[trial.criterion].differences
            if failure and failure.mismatch and differences and self._derives(trial, run):
                failure = self._failure(trial, run, forgiven=differences.gradient)
                own = own or failure is None
            held += failure is None
            first = first or failure
        return Verdict(
            held == len(trials), len(trials), held, first, own and first is None, finished
        )

    def _failure(self, trial: Trial, run: Run, forgiven: str = "") -> Failure | None:
        """The first thing wrong in a trial; the line `forgiven` may differ from the reference's."""
        got, expected = run.cases[trial.main], self.reference.cases[trial.main]
        if got.raised is not None:
            return Failure(trial, "", raised=got.raised)
        criterion = self.criteria[trial.criterion]
        how = Comparing(self.comparing.tolerances, criterion.exact_dtype)
        for line, e, g in zip(trial.script.kept, expected.values, got.values, strict=False):
            mismatch = how.mismatch(e, g)
            if mismatch is not None and line != forgiven:
                return Failure(trial, line, mismatch)
        return self._changed(trial, got) or self._unsteady(trial, got, run)

    def _changed(self, trial: Trial, got: CaseResult) -> Failure | None:
        """An input that must stay and did not."""
        start = len(trial.script.kept)
        for place, name in enumerate(self.criteria[trial.criterion].unchanged, start):
            sent = trial.draw.values[name]
            array = array_of(sent)
            after = got.values[place] if place < len(got.values) else None
            before = sent if array is None else array
            now = numbers_of(after) if array is not None else after
            if EXACTLY.mismatch(before, now) is not None:
                return Failure(trial, "", reason=f"The program changes its input {name}.")
        return None

    def _unsteady(self, trial: Trial, got: CaseResult, run: Run) -> Failure | None:
        if trial.again is None:
            return None
        again = run.cases[trial.again]
        if again.raised is not None:
            return Failure(trial, "", raised=again.raised)
        pairs = zip(trial.script.kept, got.values, again.values, strict=False)
        for line, first, second in pairs:
            if _differ(first, second):
                reason = "With the same input it returns something else the second time."
                return Failure(trial, line, reason=reason)
        return None

    def _derives(self, trial: Trial, run: Run) -> bool:
        """Whether the program's derivative is that of its own output, by finite differences; never of a constant."""
        differences = self.criteria[trial.criterion].differences
        if differences is None:
            return False
        of, gradient = (numbers_of(value) for value in run.cases[trial.main].values[-2:])
        array = array_of(trial.draw.values[differences.at])
        if of is None or gradient is None or array is None or gradient.shape != array.shape:
            return False
        weights = array_of(trial.draw.values.get(differences.weights))
        if weights is not None and weights.shape != of.shape:
            return False
        moving = False
        for (plus, minus), direction in zip(trial.around, trial.directions, strict=True):
            ends = [_last(run.cases[place]) for place in (plus, minus)]
            if any(end is None or end.shape != of.shape for end in ends):
                return False
            if any(part.dtype.kind not in "biuf" for part in (*ends, gradient)):
                return False
            with np.errstate(all="ignore"):
                change = _slope(ends, weights)
                terms = gradient.astype(np.float64) * direction
                claimed, size = float(np.sum(terms)), abs(change) + float(np.linalg.norm(terms))
            if not math.isfinite(size):  # anything is near enough to an infinite change
                return False
            allowed = SLOPE_RELATIVE.get(str(array.dtype), SLOPE_RELATIVE["float32"]) * size
            allowed += SLOPE_ABSOLUTE * float(np.abs(direction).max(initial=0))
            if not abs(change - claimed) <= allowed:
                return False
            moving = moving or change != 0
        return moving


def _slope(ends: Sequence[Any], weights: Any) -> float:
    """Half the change of the weighted sum between two outputs."""
    plus, minus = (end.astype(np.float64) for end in ends)
    change = plus - minus
    return float(np.sum(change if weights is None else change * weights.astype(np.float64))) / 2


def _last(case: CaseResult) -> Any:
    if case.raised is not None or not case.values:
        return None
    return numbers_of(case.values[-1])


def _finished(trial: Trial, run: Run) -> bool:
    """Whether all cases of a trial ran to their end, well or with an exception."""
    places = [trial.main, *(part for pair in trial.around for part in pair)]
    if trial.again is not None:
        places.append(trial.again)
    return all(place < len(run.cases) and run.cases[place].finished for place in places)


def _differ(first: Any, second: Any) -> bool:
    """Whether two values of one program are not exactly the same; what cannot be compared is not held against it."""
    try:
        return EXACTLY.mismatch(first, second) is not None
    except Incomparable:
        return False


def behaves_like(known: Run, run: Run, judging: Judging) -> bool:
    """Whether a run shows in every main case what a known wrong program shows: the same values or the same exception."""
    for trial in judging.plan.trials:
        if not (_finished(trial, known) and _finished(trial, run)):
            return False
        theirs, ours = known.cases[trial.main], run.cases[trial.main]
        if (theirs.raised is None) != (ours.raised is None):
            return False
        if theirs.raised is not None and ours.raised is not None:
            if theirs.raised.type_name != ours.raised.type_name:
                return False
            continue
        count = len(trial.script.kept)
        pairs = zip(theirs.values[:count], ours.values[:count], strict=True)
        if any(_unlike(judging.comparing, first, second) for first, second in pairs):
            return False
    return True


def _unlike(comparing: Comparing, first: Any, second: Any) -> bool:
    try:
        return comparing.mismatch(first, second) is not None
    except Incomparable:  # what cannot be compared is alike where it is of one kind
        return kind_of(first) != kind_of(second)

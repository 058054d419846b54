"""What does not fit together in an item about a program, found without running it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from grader.checkers.base import Place
from grader.checkers.code.criterion import CodeCriterion
from grader.checkers.code.inputs import Input
from grader.checkers.code.script import Script, ScriptError, parse_script


def faults(
    criteria: Mapping[str, CodeCriterion],
    inputs: Mapping[str, Input],
    replace: bool,
    forbid: Sequence[str],
) -> Iterator[tuple[Place, str]]:
    """Lines that are no steps, unknown names, inputs that cannot be drawn."""
    for name, criterion in criteria.items():
        place: Place = ("criteria", name)
        if not criterion.run:
            continue
        known = {**inputs, **criterion.inputs}
        try:
            script = parse_script(criterion.run, frozenset(known))
        except ScriptError as fault:
            yield (*place, "run"), str(fault)
            continue
        if not script.kept:
            message = (
                "these lines compare nothing; end with a line such as `f(x)` that is no assignment"
            )
            yield (*place, "run"), message
        yield from _names(criterion, known, script, place)
        undrawable = _undrawable(known) if known else ""
        if undrawable:
            yield (*place, "run"), f"its inputs cannot be drawn: {undrawable}"
    if replace and not forbid:
        yield ("replace_forbidden",), "nothing is forbidden here; write `forbid:`"


def _undrawable(known: Mapping[str, Input]) -> str:
    """Why the inputs cannot be drawn, "" if they can, or where no program can be run either."""
    try:
        from grader.checkers.code.drawing import draws  # numpy, only where there are inputs
    except ModuleNotFoundError:
        return ""
    try:
        list(draws(known, 0, 1))
    except (ValueError, TypeError, OverflowError) as fault:
        return str(fault)
    return ""


def _names(
    criterion: CodeCriterion, known: Mapping[str, Input], script: Script, place: Place
) -> Iterator[tuple[Place, str]]:
    for name in criterion.unchanged:
        if name not in known:
            yield (*place, "unchanged"), f"there is no input {name!r}"
    differences = criterion.differences
    if differences is None:
        return
    for field, name in (("at", differences.at), ("weights", differences.weights)):
        if name and name not in known:
            yield (*place, "differences", field), f"there is no input {name!r}"
        elif name and known[name].form == "plain":
            yield (*place, "differences", field), f"{name} must be an array or a tensor"
    for field, name in (("of", differences.of), ("gradient", differences.gradient)):
        if name not in script.saved:
            yield (*place, "differences", field), f"no line of `run:` defines {name!r}"

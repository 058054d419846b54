"""The first failing case in words: what went in, what came out, and what was expected where the item releases it."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from grader.checkers.code.comparing import Mismatch, show
from grader.checkers.code.drawing import array_of
from grader.checkers.code.trials import Failure
from grader.sandbox import Raised

LONGEST = 200
"""Characters of an exception's name and message, and of a line of the program."""
MOST_LINES = 3
"""Lines of the candidate's program shown for an exception, the innermost last."""
MOST_INPUTS = 6
_AROUND = re.compile(r"\b[\w.]+\.<locals>\.")
"""In a function's full name, the functions around it; they may be the rubric's."""


def told(failure: Failure, source: str, expected: bool, entries: Collection[str] = ()) -> str:
    """The failure in one or two sentences; `source` is the candidate's own text.

    The author's line is shown where it calls only what the candidate knows: `entries` and libraries. With `expected`
    it is always shown, and what was expected too.
    """
    inputs = _inputs(failure)
    if failure.raised is not None:
        start = f"With {inputs} it" if inputs else "It"
        return f"{start} raises {raised_text(failure.raised, source)}"
    if failure.mismatch is None:
        return failure.reason
    if not expected and not known_to_candidates(failure, entries):
        return f"Not so with {inputs}." if inputs else ""
    start = f"With {inputs}: " if inputs else ""
    return f"{start}`{' '.join(failure.line.split())}` {_differs(failure.mismatch, expected)}"


def known_to_candidates(failure: Failure, entries: Collection[str]) -> bool:
    """Whether a trial's lines speak only of what was asked for, not of the rubric's own helpers."""
    script = failure.trial.script
    own = {*entries, *failure.trial.draw.values, *script.saved}
    return script.names <= own


def _inputs(failure: Failure) -> str:
    used = [name for name in failure.trial.draw.values if name in failure.trial.script.names]
    values = failure.trial.draw.values
    return ", ".join(f"{name} = {_input(values[name])}" for name in used[:MOST_INPUTS])


def _input(value: Any) -> str:
    array = array_of(value)
    return show(value if array is None else array)


def _differs(mismatch: Mismatch, expected: bool) -> str:
    at = f" at {mismatch.place}" if mismatch.place else ""
    due = f", expected is {mismatch.expected}" if expected else ""
    match mismatch.what:
        case "value" | "kind" | "shape":
            return f"gives {mismatch.got}{at}{due}."
        case "length":
            return f"gives {mismatch.got} values{at}{due}."
    return f"gives the {mismatch.what} {mismatch.got}{at}{due}."


def raised_text(raised: Raised, source: str) -> str:
    """Type and message of an exception, and the candidate's own lines it came through."""
    name, message = short(raised.type_name), short(_AROUND.sub("", raised.message))
    said = f"{name}: {message}" if message else name
    lines = source.split("\n")
    places = [one.line for one in raised.lines if 1 <= one.line <= len(lines)][-MOST_LINES:]
    shown = "; ".join(f"line {place}: `{short(lines[place - 1])}`" for place in places)
    return f"{said} ({shown})." if shown else f"{said}."


def short(text: str) -> str:
    """Text of the candidate's on one line."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[:LONGEST] + "…"

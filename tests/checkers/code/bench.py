"""What the tests of programs share: an item in a few words, and one answer judged by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.checkers.base import Tools
from grader.checkers.code import Code, CodeResponse
from grader.checkers.code.sourcefile import READER
from grader.score import Answer, Score
from tests.checkers.strategies import CONVENTIONS

SMALL: Mapping[str, Any] = {"cpu": 1, "memory": 128, "output": 16}
"""Limits that keep a stuck test short."""
RELU = "def f(x):\n    return np.maximum(x, 0)\n"


def item(files: Mapping[str, str] | None = None, **fields: Any) -> Code:
    """A checker of `f(x)` for a random matrix against ReLU, changed by `fields`; `files` is the rubric's folder."""
    entry = {
        "kind": "code",
        "reference": "right.py",
        "limits": SMALL,
        "inputs": {"x": {"normal": [0, 1], "shape": [3, 4]}},
        "criteria": {"all": {"credit": 1, "say": "It is ReLU.", "run": "f(x)"}},
        **fields,
    }
    return Code.model_validate(entry, context={READER: {"right.py": RELU, **(files or {})}.get})


def form(**fields: Any) -> CodeResponse:
    """A program that defines `f`, changed by `fields`."""
    return CodeResponse.model_validate({"kind": "code", "entry": "f", **fields})


def read(text: str, response: CodeResponse | None = None) -> Answer:
    """A program that can be read, right or wrong."""
    answer = (response or form()).read(text, CONVENTIONS)
    assert isinstance(answer, Answer), answer
    return answer


def judged(
    text: str, check: Code | None = None, response: CodeResponse | None = None, seed: int = 1
) -> Score:
    """One answer's score; runs in the jail."""
    return (check or item()).check(read(text, response), Tools(seed=seed))


def shown(score: Score) -> set[str]:
    """The ids of what was found."""
    return {finding.id for finding in score.findings}

"""What the report on one candidate is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.gradebook import Result
from grader.rubric import Paper
from grader.score import Raw, Score


@dataclass(frozen=True, slots=True)
class Dossier:
    """One candidate's answers as entered, their scores and the result."""

    candidate: str
    group: str
    answers: Mapping[str, Raw]
    scores: Mapping[str, Score]
    result: Result
    problem: str = ""
    """Why the submission, or a part of it, could not be read."""


@dataclass(frozen=True, slots=True)
class ItemKey:
    """What a report with the key says beside a question; never part of one without."""

    answer: Raw = None
    """A right answer as a candidate would enter it; None where the key is no such answer."""
    solution: str = ""
    erratum: str = ""


def item_keys(paper: Paper) -> dict[str, ItemKey]:
    """The key of every question that has an item."""
    return {key: _item_key(paper, key) for key in paper.exam.questions if key in paper.rubric.items}


def _item_key(paper: Paper, key: str) -> ItemKey:
    item = paper.item(key)
    response = paper.exam.questions[key].response
    answer = item.check.model_answer(response, paper.official_given(key))
    return ItemKey(answer, item.solution, item.erratum)

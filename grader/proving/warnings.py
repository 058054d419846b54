"""`grader lint`: what is not wrong but worth a look."""

from __future__ import annotations

from collections.abc import Iterator

from grader.checkers.base import Place
from grader.rubric import Paper


def exam_warnings(paper: Paper) -> Iterator[tuple[Place, str]]:
    """Places in the exam file."""
    for key, question in paper.exam.questions.items():
        if question.withheld:
            yield ("questions", key, "withheld"), f"question {key} is withheld: {question.withheld}"


def rubric_warnings(paper: Paper) -> Iterator[tuple[Place, str]]:
    """Places in the rubric."""
    for key, item in paper.rubric.items.items():
        if paper.exam.questions[key].withheld:
            continue
        place: Place = ("items", key)
        if not item.check.undecidable() and not item.check.names_misconceptions():
            yield (
                place,
                f"item {key} names no misconceptions; every wrong answer gets the same feedback",
            )
        if not item.solution:
            yield place, f"item {key} has no solution to show with the key"

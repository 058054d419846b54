"""`grader lint`: what is not wrong but worth a look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import unescape

from grader.checkers.base import Place
from grader.report.mathml import AS_CODE
from grader.report.prose import markdown
from grader.rubric import Paper


def exam_warnings(paper: Paper) -> Iterator[tuple[Place, str]]:
    """Places in the exam file."""
    exam = paper.exam
    prose: list[tuple[Place, str]] = [(("rules",), exam.rules)]
    prose += [(("sections", key, "intro"), section.intro) for key, section in exam.sections.items()]
    prose += [(("questions", key, "ask"), question.ask) for key, question in exam.questions.items()]
    yield from _unshowable(prose)
    for key, question in exam.questions.items():
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
    yield from _unshowable(
        (("items", key, "solution"), item.solution) for key, item in paper.rubric.items.items()
    )


def _unshowable(prose: Iterable[tuple[Place, str]]) -> Iterator[tuple[Place, str]]:
    """Formulas between dollar signs that reports can only show as they were typed."""
    for place, text in prose:
        for shown in markdown(text).split(AS_CODE)[1:]:
            formula = unescape(shown.partition("</code>")[0])
            yield place, f"the formula ${formula}$ cannot be shown as mathematics; mend its LaTeX"

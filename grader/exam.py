"""The exam: what is asked and in which form the answers come. Candidates may have this file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints

from grader.checkers.base import AnyResponse, Conventions, ExtraAnswers, Model, Place
from grader.figure import Figure

ExamId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
QuestionId = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)?[a-z]?$")]
Points = Annotated[Decimal, Field(gt=0, le=1000, decimal_places=3)]


class Question(Model):
    """One sub-question: the smallest thing that carries points."""

    title: str
    points: Points
    ask: str
    """The question in Markdown; mathematics between dollar signs."""
    response: AnyResponse
    groups: tuple[str, ...] = ()
    """The groups it is asked of; empty means everyone."""
    figures: tuple[str, ...] = ()
    withheld: str = ""
    """Why it cannot be asked any more; it then carries no points."""

    def asked_of(self, group: str) -> bool:
        return not self.withheld and (not self.groups or group in self.groups)


class Section(Model):
    """What several sub-questions share: a heading, an introduction, figures."""

    title: str
    intro: str = ""
    figures: tuple[str, ...] = ()


class Bonus(Model):
    """Points earned outside the exam, entered by staff; they raise the total for the grade, up to `max`."""

    title: str
    max: Points


class Exam(Model):
    """One exam as candidates see it."""

    exam: ExamId
    title: str
    course: str
    institution: str
    date: date
    minutes: Annotated[int, Field(gt=0)]
    aids: str
    locale: str = "en"
    rules: str = ""
    """What the cover page says, in Markdown."""
    extra_answers: ExtraAnswers = "count"
    groups: dict[str, str] = {"all": "All candidates"}
    """Group id to its name; the first is the default."""
    scale: dict[str, Annotated[Decimal, Field(ge=0, le=100)]]
    """Grade to the least percentage of the points that earns it, best first; the last is 0."""
    bonus: Bonus | None = None
    sections: dict[str, Section] = {}
    """By the number that the ids of their questions begin with."""
    figures: dict[str, Figure] = {}
    questions: dict[QuestionId, Question] = Field(min_length=1)

    @property
    def conventions(self) -> Conventions:
        return Conventions(self.locale, self.extra_answers)

    @property
    def default_group(self) -> str:
        return next(iter(self.groups))

    def asked(self, group: str) -> dict[str, Question]:
        """The questions that count for a group, in the exam's order."""
        return {
            qid: question for qid, question in self.questions.items() if question.asked_of(group)
        }


def inconsistencies(exam: Exam) -> Iterator[tuple[Place, str]]:
    """What does not fit together inside an exam: (place in the file, message)."""
    named: list[tuple[Place, str]] = [
        *((("sections", key, "figures"), f) for key, s in exam.sections.items() for f in s.figures),
        *(
            (("questions", key, "figures"), f)
            for key, q in exam.questions.items()
            for f in q.figures
        ),
    ]
    for place, figure in named:
        if figure not in exam.figures:
            yield place, f"there is no figure {figure!r} under `figures:`"
    for key, question in exam.questions.items():
        for group in question.groups:
            if group not in exam.groups:
                yield ("questions", key, "groups"), f"there is no group {group!r} under `groups:`"
    limits = list(exam.scale.values())
    if limits != sorted(set(limits), reverse=True):
        yield ("scale",), "the percentages must fall from the best grade to the last"
    if not limits or limits[-1] != 0:
        yield ("scale",), "the last grade must begin at 0 percent"
    if not exam.groups:
        yield ("groups",), "name at least one group, or leave `groups:` out"


def section_of(question_id: str) -> str:
    """The number a question's id begins with: `4.2` and `4b` belong to section `4`."""
    found = re.match(r"[0-9]+", question_id)
    return found.group() if found else ""

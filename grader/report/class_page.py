"""The page on a whole class: totals, what waits for a person, the distribution, the questions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryFile
from typing import ClassVar, TextIO
from urllib.parse import quote

from markupsafe import Markup

from grader.errors import Problem
from grader.exam import Exam
from grader.gradebook import ClassStatistics, QuestionStatistics, Result
from grader.report.class_notes import ClassNotes, Fault
from grader.report.entered import visible
from grader.report.histogram import draw_histogram
from grader.report.pages import macro, stylesheet, template
from grader.report.prose import inline_markdown
from grader.report.words import (
    counted,
    decimal_text,
    grade_text,
    percent_text,
    total_text,
)
from grader.score import Outcome
from grader.submission import natural

STUDENTS = "students"
"""The folder of the candidates' reports, beside the class page."""
MAX_SHOWN_FAULTS = 200
"""Faults of ours listed one by one."""


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One candidate in the table."""

    candidate: str
    link: str
    group: str
    total: str
    most: str
    percent: str
    bonus: str
    grade: str
    status: str
    style: str


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question of the class, with what waits of it."""

    key: str
    title: Markup
    credit: str
    percent: str
    asked: int
    decided: int
    review: int
    unreadable: int
    ours: int

    @property
    def waiting(self) -> int:
        return self.review + self.unreadable + self.ours


class ClassPage:
    """`index.html`: the class at a glance. The candidates' rows wait on disk for the numbers that stand above them."""

    name: ClassVar[str] = "index.html"

    def __init__(self, out: TextIO, exam: Exam, rubric_digest: str, held: ExitStack) -> None:
        self.exam = exam
        self.rubric_digest = rubric_digest
        self._out = out
        self._notes = held.enter_context(closing(ClassNotes()))
        # Beside the page and not where temporary files usually are: that may be memory.
        beside = Path(out.name).parent
        self._rows = held.enter_context(TemporaryFile(dir=beside))  # noqa: SIM115 - held

    def add(self, result: Result) -> None:
        """Keep the candidate's row, and what of it stands elsewhere on the page."""
        row = macro("class_row", "row")(_candidate_row(result), self.exam.bonus)
        self._rows.write(row.encode("utf-8", "replace"))
        if result.problem:
            self._notes.add_unread(result.candidate, result.problem)
        for key, marked in result.questions.items():
            if marked.score.outcome is Outcome.ERROR:
                reason = visible(marked.score.evidence)
                self._notes.add_fault(Fault(result.candidate, key, reason))

    def note(self, problem: Problem) -> None:
        self._notes.add_problem(problem)

    def finish(self, numbers: ClassStatistics) -> None:
        self._notes.drop_repeated()
        mean = numbers.mean_percent
        questions = [_question_row(self.exam, one) for one in numbers.questions]
        page = template("class.html").generate(
            css=stylesheet(),
            exam=self.exam,
            rubric_digest=self.rubric_digest,
            numbers=numbers,
            mean="" if mean is None else f"{decimal_text(_one_decimal(mean))} %",
            waiting=sum(row.waiting for row in questions),
            histogram=draw_histogram(numbers.bins, self.exam),
            rows=self._kept_rows(),
            hardest=_hardest(numbers.questions, questions),
            open_questions=[row for row in questions if row.waiting],
            withheld=[(key, q.withheld) for key, q in self.exam.questions.items() if q.withheld],
            problem_count=self._notes.problem_count,
            problems=map(visible, self._notes.problems()),
            unread=((name, visible(message)) for name, message in self._notes.unread()),
            fault_count=self._notes.fault_count,
            faults=self._notes.faults(MAX_SHOWN_FAULTS),
        )
        self._out.writelines(page)

    def _kept_rows(self) -> Iterator[Markup]:
        self._rows.seek(0)
        return (Markup(row.decode("utf-8")) for row in self._rows)  # noqa: S704 - rendered above


def _one_decimal(value: Fraction) -> Fraction:
    return Fraction(round(value * 10), 10)


def _candidate_row(result: Result) -> CandidateRow:
    if result.problem:
        status, style = "Not read", "none"
    elif result.complete:
        status, style = "Complete", "full"
    else:
        status, style = counted(result.waiting, "answer waits", "answers wait"), "waiting"
    return CandidateRow(
        candidate=result.candidate,
        link=f"{STUDENTS}/{quote(result.candidate, safe='')}.html",
        group=result.group,
        total=total_text(result),
        most=decimal_text(result.max_points),
        percent=percent_text(result.low, result.max_points) if result.complete else "",
        bonus=decimal_text(result.bonus) if result.bonus else "",
        grade=grade_text(result),
        status=status,
        style=style,
    )


def _question_row(exam: Exam, one: QuestionStatistics) -> QuestionRow:
    mean = one.mean_credit
    return QuestionRow(
        key=one.question,
        title=inline_markdown(exam.questions[one.question].title),
        credit="" if mean is None else decimal_text(mean),
        percent="0" if mean is None else decimal_text(_one_decimal(mean * 100)),
        asked=one.asked,
        decided=one.decided,
        review=one.waiting.get(Outcome.REVIEW, 0),
        unreadable=one.waiting.get(Outcome.UNREADABLE, 0),
        ours=one.waiting.get(Outcome.ERROR, 0),
    )


def _hardest(numbers: tuple[QuestionStatistics, ...], rows: list[QuestionRow]) -> list[QuestionRow]:
    """Questions by mean credit, lowest first. Those of which less than half is decided come last: the blank answers
    are decided early and would make them look hard. Those that nobody was asked are left out."""
    keyed = [
        ((2 * one.decided < one.asked, one.mean_credit or Fraction(0), natural(one.question)), row)
        for one, row in zip(numbers, rows, strict=True)
        if one.asked
    ]
    return [row for _, row in sorted(keyed, key=lambda pair: pair[0])]

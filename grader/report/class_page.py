"""The page on a whole class: totals, what waits for a person, the distribution, the questions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from urllib.parse import quote

from markupsafe import Markup

from grader.gradebook import Gradebook, QuestionStatistics, Result, statistics
from grader.report.entered import visible
from grader.report.histogram import draw_histogram
from grader.report.pages import encodable, stylesheet, template
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
    waiting: int
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


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer that we failed on, and why."""

    candidate: str
    question: str
    reason: str


def render_class(book: Gradebook) -> str:
    """The class page. The same gradebook gives the same text."""
    numbers = statistics(book)
    questions = [_question_row(book, one) for one in numbers.questions]
    page = template("class.html").render(
        css=stylesheet(),
        exam=book.exam,
        rubric_digest=book.rubric_digest,
        numbers=numbers,
        mean=""
        if numbers.mean_percent is None
        else f"{decimal_text(_one_decimal(numbers.mean_percent))} %",
        waiting=sum(row.waiting for row in questions),
        histogram=draw_histogram(numbers.bins, book.exam),
        rows=[_candidate_row(result) for result in book.results],
        hardest=_hardest(numbers.questions, questions),
        open_questions=[row for row in questions if row.waiting],
        withheld=[(key, q.withheld) for key, q in book.exam.questions.items() if q.withheld],
        problems=[visible(text) for text in _messages(book)],
        unread=[
            (result.candidate, visible(result.problem)) for result in book.results if result.problem
        ],
        faults=_faults(book),
        max_faults=MAX_SHOWN_FAULTS,
    )
    return encodable(page)


def _messages(book: Gradebook) -> list[str]:
    """Problems with files, but for those that already stand with the submission they made unreadable."""
    said = "\n".join(result.problem for result in book.results)
    return [str(problem) for problem in book.problems if str(problem) not in said]


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
        waiting=result.waiting,
        status=status,
        style=style,
    )


def _question_row(book: Gradebook, one: QuestionStatistics) -> QuestionRow:
    mean = one.mean_credit
    return QuestionRow(
        key=one.question,
        title=inline_markdown(book.exam.questions[one.question].title),
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


def _faults(book: Gradebook) -> list[Fault]:
    """What we failed on, for staff: the most frequent reason first."""
    found = [
        Fault(result.candidate, key, visible(marked.score.evidence))
        for result in book.results
        for key, marked in result.questions.items()
        if marked.score.outcome is Outcome.ERROR
    ]
    frequency = Counter(fault.reason for fault in found)
    return sorted(found, key=lambda fault: (-frequency[fault.reason], fault.reason))

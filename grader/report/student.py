"""The report on one candidate: each answer as entered and as read, what it earned and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from markupsafe import Markup

from grader.exam import Exam
from grader.gradebook import Marked, points_of
from grader.report.dossier import Dossier, ItemKey
from grader.report.entered import entered_html, only_text, visible
from grader.report.mathml import formula_or_text
from grader.report.pages import encodable, stylesheet, template
from grader.report.prose import markdown, with_formulas
from grader.report.sheet import SheetQuestion, SheetSection, build_sheet
from grader.report.words import (
    Verdict,
    counted,
    decimal_text,
    grade_text,
    percent_text,
    points_text,
    range_text,
    signed_text,
    total_text,
    verdict,
)
from grader.score import NOTHING, Finding, Outcome, Raw, Score, show

MAX_CACHED_FRAGMENTS = 20_000
"""Answers that many candidates share are rendered once; the store is emptied when it holds this many."""


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding for the page. `number` is that of its marks in the answer, 0 where it has none."""

    style: str
    points: str
    message: Markup
    excerpt: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One question in the overview."""

    key: str
    title: Markup
    verdict: Verdict
    points: str
    max_points: str


@dataclass(frozen=True, slots=True)
class Fragment:
    """One judged answer, rendered: the line of outcome and points, and all that stands below the question."""

    verdict: Verdict
    points: str
    below: Markup


class StudentReport:
    """Renders candidates of one exam; keeps what they share. `items` is needed for a report with the key only."""

    def __init__(self, exam: Exam, items: Mapping[str, ItemKey] | None, *, with_key: bool) -> None:
        self.exam = exam
        self.with_key = with_key
        self._items = (items or {}) if with_key else {}
        self._sheets: dict[str, tuple[SheetSection, ...]] = {}
        self._fragments: dict[tuple[str, str, Score], Fragment] = {}
        self._page = template("student.html")
        self._below = template("below.html")
        self._rules = markdown(exam.rules)

    def render(self, dossier: Dossier) -> str:
        """One self-contained HTML page. The same dossier gives the same text."""
        result = dossier.result
        if result.group not in self._sheets:
            self._sheets[result.group] = build_sheet(self.exam, result.group, self._items)
        sections = [self._section(section, dossier) for section in self._sheets[result.group]]
        page = self._page.render(
            css=stylesheet(),
            exam=self.exam,
            rules=self._rules,
            candidate=dossier.candidate,
            group=self.exam.groups.get(result.group, result.group)
            if len(self.exam.groups) > 1
            else "",
            problem=visible(dossier.problem or result.problem),
            result=result,
            total=total_text(result),
            most=points_text(result.max_points),
            percent=percent_text(result.low, result.max_points) if result.complete else "",
            bonus=points_text(result.bonus),
            with_bonus=percent_text(result.low + result.bonus, result.max_points)
            if result.complete
            else "",
            grade=grade_text(result),
            waiting=counted(result.waiting, "answer waits", "answers wait")
            if result.waiting
            else "",
            sections=sections,
            with_key=self.with_key,
        )
        return encodable(page)

    def _section(self, section: SheetSection, dossier: Dossier) -> dict[str, object]:
        marked = dossier.result.questions
        counting = [
            marked[question.key] for question in section.questions if question.key in marked
        ]
        low = sum((one.low for one in counting), NOTHING)
        high = sum((one.high for one in counting), NOTHING)
        most = sum((Fraction(one.max_points) for one in counting), NOTHING)
        return {
            "number": section.number,
            "title": section.title,
            "intro": section.intro,
            "points": f"{range_text(low, high)} of {points_text(most)}" if counting else "",
            "questions": [self._question(question, dossier) for question in section.questions],
        }

    def _question(
        self, question: SheetQuestion, dossier: Dossier
    ) -> tuple[SheetQuestion, Fragment]:
        raw = dossier.answers.get(question.key)
        if question.left_out:
            return question, Fragment(question.left_out, "", self._ignored(question, raw))
        marked = dossier.result.questions.get(question.key)
        if marked is None:
            return question, Fragment(Verdict("waiting", "…", "Not judged yet"), "", Markup(""))
        name = (question.key, repr(raw), marked.score)
        fragment = self._fragments.get(name)
        if fragment is None:
            if len(self._fragments) >= MAX_CACHED_FRAGMENTS:
                self._fragments.clear()
            fragment = self._fragments[name] = self._fragment(question.key, marked, raw)
        return question, fragment

    def _ignored(self, question: SheetQuestion, raw: Raw) -> Markup:
        page = template("ignored.html").render(
            reason=markdown(question.reason), answer=entered_html(raw) if show(raw).strip() else ""
        )
        return Markup(page)  # noqa: S704 - the template escapes

    def _fragment(self, key: str, marked: Marked, raw: Raw) -> Fragment:
        score = marked.score
        found = _finding_views(marked, marks=only_text(raw) is not None)
        page = self._below.render(
            verdict=verdict(marked),
            score=score,
            notes=[with_formulas(visible(note)) for note in score.notes],
            blank=score.outcome is Outcome.BLANK,
            why=_heading(score),
            answer=entered_html(raw, score.findings) if show(raw).strip() else "",
            prose=self.exam.questions[key].response.kind == "text",
            marks=any(view.number for view in found),
            reading=_reading(score, raw),
            findings=found,
            unexplained=score.outcome is Outcome.GRADED and score.credit != 1 and not found,
            evidence=score.evidence if self.with_key and score.outcome is not Outcome.ERROR else "",
        )
        points = (
            decimal_text(marked.points)
            if marked.points is not None
            else range_text(marked.low, marked.high)
        )
        return Fragment(verdict(marked), points, Markup(page))  # noqa: S704 - the template escapes


def _reading(score: Score, raw: Raw) -> Markup:
    """How the answer was understood; nothing where that is just what was entered."""
    reading = score.reading
    if score.outcome is not Outcome.GRADED and score.outcome is not Outcome.REVIEW:
        return Markup("")
    if not reading.latex and reading.text.strip() == show(raw).strip():
        return Markup("")
    return formula_or_text(reading.latex, visible(reading.text))


def _heading(score: Score) -> str:
    """What stands above the findings."""
    if score.outcome is Outcome.REVIEW:
        return "What the program found so far: a proposal, the person decides"
    return "What the program had found before a person decided" if score.by else "Why"


def _finding_views(marked: Marked, *, marks: bool) -> list[FindingView]:
    """The findings that say something. A person may decide otherwise: then their shares would not add up, and are not shown."""
    score = marked.score
    shares = not score.by or sum((one.credit for one in score.findings), NOTHING) == score.credit
    views, number = [], 0
    for finding in marked.score.findings:
        number += bool(finding.spans)
        if finding.message or finding.credit:
            view = _finding_view(finding if shares else replace(finding, credit=NOTHING), marked)
            views.append(replace(view, number=number) if marks and finding.spans else view)
    return views


def _finding_view(finding: Finding, marked: Marked) -> FindingView:
    credit = finding.credit
    style = "gain" if credit > 0 else "cost" if credit < 0 else "note"
    return FindingView(
        style=style,
        points=signed_text(points_of(credit, marked.max_points)) if credit else "",
        message=with_formulas(visible(finding.message or finding.id.replace("-", " "))),
        # where an answer could not be read, the excerpt is the candidate's own line with a caret
        excerpt=visible(finding.staff) if marked.score.outcome is Outcome.UNREADABLE else "",
    )

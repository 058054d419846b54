"""The report on one candidate: each answer as entered and as read, what it earned and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup

from grader.exam import Exam
from grader.gradebook import Marked, Result, points_of
from grader.report.dossier import Dossier, ItemKey
from grader.report.entered import entered_html, only_text, visible
from grader.report.mathml import formula_or_text
from grader.report.pages import encodable, macro, stylesheet, template
from grader.report.prose import markdown, with_formulas
from grader.report.sheet import SheetQuestion, SheetSection, build_sheet, part_titles
from grader.report.words import (
    NOT_JUDGED,
    Verdict,
    counted,
    grade_text,
    percent_text,
    points_text,
    range_text,
    signed_text,
    total_text,
    verdict,
)
from grader.score import NOTHING, Finding, Outcome, Raw, Score, show

MAX_CACHED_FRAGMENTS = 5_000
"""Answers that many candidates share are rendered once; the store is emptied when it holds this many."""


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding for the page. `part` is the part of the answer it is about, if any; `number` is that of its marks in the answer, 0 where it has none."""

    style: str
    points: str
    part: Markup
    message: Markup
    excerpt: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Fragment:
    """One judged answer, rendered: its row in the overview, its outcome, and what stands below the question."""

    row: Markup
    earned: Markup
    below: Markup


class StudentReport:
    """Renders candidates of one exam; keeps what they share. `items` is needed for a report with the key only."""

    def __init__(self, exam: Exam, items: Mapping[str, ItemKey] | None, *, with_key: bool) -> None:
        self.exam = exam
        self.with_key = with_key
        self._items = (items or {}) if with_key else {}
        self._sheets: dict[str, tuple[SheetSection, ...]] = {}
        self._fragments: dict[tuple[str, str, Score], Fragment] = {}
        self._lines: dict[tuple[str, str, str], tuple[Markup, Markup]] = {}
        self._rules = markdown(exam.rules)

    def render(self, dossier: Dossier) -> str:
        """One self-contained HTML page. The same dossier gives the same text."""
        result = dossier.result
        overview, body = self._questions(dossier)
        page = template("student.html").render(
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
            overview=overview,
            body=body,
            with_key=self.with_key,
        )
        return encodable(page)

    def _questions(self, dossier: Dossier) -> tuple[Markup, Markup]:
        """The rows of the overview, and all sections."""
        group = dossier.result.group
        if group not in self._sheets:
            self._sheets[group] = build_sheet(self.exam, group, self._items)
        rows: list[str] = []
        parts: list[str] = []
        for section in self._sheets[group]:
            parts += section.before, _section_points(section, dossier.result), section.intro
            for question in section.questions:
                fragment = self._fragment(question, dossier)
                rows.append(fragment.row)
                parts += (
                    question.before,
                    fragment.earned,
                    question.between,
                    fragment.below,
                    question.after,
                )
            parts.append("</section>\n")
        # every piece is Markup from a template, so joining needs no further escaping
        return Markup("".join(rows)), Markup("".join(parts))  # noqa: S704

    def _fragment(self, question: SheetQuestion, dossier: Dossier) -> Fragment:
        raw = dossier.answers.get(question.key)
        if question.left_out:
            answer = entered_html(raw) if show(raw).strip() else ""
            below = macro("question", "ignored")(question.reason, answer)
            return self._assemble(question, question.left_out, "", below)
        marked = dossier.result.questions.get(question.key)
        if marked is None:
            return self._assemble(question, NOT_JUDGED, "", Markup(""))
        name = (question.key, repr(raw), marked.score)
        fragment = self._fragments.get(name)
        if fragment is None:
            if len(self._fragments) >= MAX_CACHED_FRAGMENTS:
                self._fragments.clear()
            below = self._below(question.key, marked, raw)
            points = range_text(marked.low, marked.high)
            fragment = self._assemble(question, verdict(marked), points, below)
            self._fragments[name] = fragment
        return fragment

    def _assemble(
        self, question: SheetQuestion, outcome: Verdict, points: str, below: Markup
    ) -> Fragment:
        name = (question.key, outcome.words, points)
        if name not in self._lines:
            row = macro("question", "row")(question, outcome, points)
            self._lines[name] = row, macro("question", "earned")(question, outcome, points)
        return Fragment(*self._lines[name], below)

    def _below(self, key: str, marked: Marked, raw: Raw) -> Markup:
        """The answer as entered and as read, and why it earned what it did."""
        score = marked.score
        if score.outcome is Outcome.BLANK:
            return macro("question", "blank")(verdict(marked).sentence)
        response = self.exam.questions[key].response
        titles = part_titles(response)
        found = _finding_views(marked, titles, marks=only_text(raw) is not None)
        return macro("question", "judged")(
            answer=entered_html(raw, score.findings) if show(raw).strip() else "",
            prose=response.kind == "text",
            reading=_reading(score, raw),
            verdict=verdict(marked),
            by_person=bool(score.by),
            notes=[with_formulas(visible(note)) for note in score.notes],
            why=_heading(score),
            marks=any(view.number for view in found),
            findings=found,
            unexplained=_without_reason(score),
            evidence=visible(score.evidence)
            if self.with_key and score.outcome is not Outcome.ERROR
            else "",
        )


def _section_points(section: SheetSection, result: Result) -> str:
    """The points of a section, which close its heading."""
    if not section.points:
        return "</div>\n"
    counting = [
        result.questions[one.key] for one in section.questions if one.key in result.questions
    ]
    low = sum((one.low for one in counting), NOTHING)
    open_points = sum((one.high - one.low for one in counting if one.points is None), NOTHING)
    return f'<span class="soft">{range_text(low, low + open_points)} of {section.points}</span></div>\n'


def _reading(score: Score, raw: Raw) -> Markup:
    """How the answer was understood; nothing where that is just what was entered."""
    reading = score.reading
    if score.outcome is not Outcome.GRADED and score.outcome is not Outcome.REVIEW:
        return Markup("")
    if not reading.latex and reading.text.strip() == show(raw).strip():
        return Markup("")
    if not reading.latex and "\n" in reading.text:
        return Markup("<pre>{}</pre>").format(visible(reading.text))
    return formula_or_text(reading.latex, visible(reading.text))


def _heading(score: Score) -> str:
    """What stands above the findings."""
    if score.outcome is Outcome.REVIEW:
        return "What the program found so far: a proposal, the person decides"
    return "What the program had found before a person decided" if score.by else "Why"


def _without_reason(score: Score) -> str:
    """What is said of a decided answer that lost credit where no finding says why."""
    if score.outcome is not Outcome.GRADED or score.by or score.credit == 1:
        return ""
    return f"This is not one of the answers that earn {'full ' if score.credit else ''}credit."


def _finding_views(marked: Marked, titles: Mapping[str, str], *, marks: bool) -> list[FindingView]:
    """The findings that say something. A person may decide otherwise: then their shares would not add up, and are not shown."""
    score = marked.score
    shares = not score.by or sum((one.credit for one in score.findings), NOTHING) == score.credit
    views, number = [], 0
    for finding in score.findings:
        number += bool(finding.spans)
        if finding.message or finding.credit:
            view = _finding_view(
                finding if shares else replace(finding, credit=NOTHING), marked, titles
            )
            shown = finding.spans and (marks or finding.path)
            views.append(replace(view, number=number) if shown else view)
    return views


def _finding_view(finding: Finding, marked: Marked, titles: Mapping[str, str]) -> FindingView:
    """`titles` names the parts of the answer; the id of a finding about a part begins with that part's name."""
    credit = finding.credit
    style = "gain" if credit > 0 else "cost" if credit < 0 else "note"
    part = max((name for name in titles if finding.id.startswith(f"{name}.")), key=len, default="")
    own_id = finding.id.removeprefix(f"{part}.")
    return FindingView(
        style=style,
        points=signed_text(points_of(credit, marked.max_points)) if credit else "",
        part=with_formulas(titles.get(part, "")),
        message=with_formulas(visible(finding.message or own_id.replace("-", " "))),
        excerpt=visible(finding.excerpt),
    )


MADE_BY = 'name="generator" content="examgrader"'
"""Stands near the beginning of every page, so that ours can be told from others."""


def stand_in(exam: Exam, candidate: str, problem: str) -> str:
    """A page for a candidate whose report could not be written, so that no link leads nowhere."""
    page = Markup(
        '<!doctype html>\n<html lang="en"><meta charset="utf-8"><meta name="generator" content="examgrader"><title>{0}</title>'
        "<main><h1>{1}, candidate {0}</h1><p>{2}</p>"
        "<p>A person will look at every answer; none of them counts as 0.</p></main></html>\n"
    )
    return encodable(str(page.format(candidate, exam.title, visible(problem))))

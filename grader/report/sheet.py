"""The part of a candidate's report that is the same for everyone of a group: sections, questions, figures, key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from markupsafe import Markup

from grader.exam import Exam, Question, section_of
from grader.report.dossier import ItemKey
from grader.report.entered import entered_html
from grader.report.figures import draw, figure_id
from grader.report.pages import macro
from grader.report.prose import inline_markdown, markdown
from grader.report.words import OTHER_GROUP, WITHHELD, Verdict, points_text

NOTHING = Markup("")
_ARTICLE_END = Markup("</article>\n")
_LISTS = (
    ("options", "Options"),
    ("rows", "Rows"),
    ("columns", "Columns"),
    ("items", "Steps"),
    ("nodes", "Nodes"),
)
"""Fields of a response that list what an answer may name, and how the report calls them."""
_INNER = ("parts", "forms")
"""Fields of a response that hold further responses."""


@dataclass(frozen=True, slots=True)
class SheetQuestion:
    """One question, rendered: what stands before the outcome, between it and the answer, and after the answer.

    `points` comes with its unit. `left_out` says why it does not count for this group; None where it does.
    """

    key: str
    title: Markup
    points: str
    left_out: Verdict | None = None
    reason: Markup = NOTHING
    before: Markup = NOTHING
    between: Markup = NOTHING
    after: Markup = _ARTICLE_END


@dataclass(frozen=True, slots=True)
class SheetSection:
    """A section: what stands before its points, its introduction, its questions in order."""

    number: str
    title: Markup
    intro: Markup
    questions: tuple[SheetQuestion, ...]
    before: Markup = NOTHING


def build_sheet(exam: Exam, group: str, items: Mapping[str, ItemKey]) -> tuple[SheetSection, ...]:
    """The exam as a group sees it; `items` is empty for a report without the key."""
    drawer = _FigureDrawer(exam)
    sections = []
    for number, keys in groupby(exam.questions, section_of):
        section = exam.sections.get(number)
        title = inline_markdown(section.title) if section else NOTHING
        intro = markdown(section.intro) + drawer.draw(section.figures) if section else NOTHING
        questions = tuple(_sheet_question(exam, key, group, items.get(key), drawer) for key in keys)
        one = SheetSection(number, title, macro("question", "asked")(intro), questions)
        sections.append(replace(one, before=macro("question", "section_head")(one)))
    return tuple(sections)


def _sheet_question(
    exam: Exam, key: str, group: str, item: ItemKey | None, drawer: _FigureDrawer
) -> SheetQuestion:
    question = exam.questions[key]
    one = SheetQuestion(key, inline_markdown(question.title), points_text(question.points))
    if question.withheld:
        one = replace(one, left_out=WITHHELD, reason=markdown(question.withheld))
    elif not question.asked_of(group):
        names = " and ".join(exam.groups[name] for name in question.groups)
        reason = markdown(f"This question is only for: {names}. It carries no points for you.")
        one = replace(one, left_out=OTHER_GROUP, reason=reason)
    else:
        body = markdown(question.ask) + drawer.draw(question.figures) + _response_lists(question)
        one = replace(
            one, between=macro("question", "asked")(body), after=_key_block(item) + one.after
        )
    return replace(one, before=macro("question", "opening")(one))


class _FigureDrawer:
    """Draws each figure where it is first named, and refers to it afterwards."""

    def __init__(self, exam: Exam) -> None:
        self.exam = exam
        self.numbers: dict[str, int] = {}

    def draw(self, keys: Sequence[str]) -> Markup:
        return NOTHING.join(self._draw_or_refer(key) for key in keys)

    def _draw_or_refer(self, key: str) -> Markup:
        if key in self.numbers:
            reference = Markup('<p>See <a href="#{}">figure {}</a>.</p>\n')
            return reference.format(figure_id(key), self.numbers[key])
        self.numbers[key] = len(self.numbers) + 1
        figure = self.exam.figures[key]
        caption = inline_markdown(figure.caption)
        frame = Markup("<figure>{}<figcaption><b>Figure {}.</b> {}</figcaption></figure>\n")
        return frame.format(draw(figure, key), self.numbers[key], caption)


def _response_lists(question: Question) -> Markup:
    """What an answer may name (options, rows, steps): the text of a question leaves that to the form of its answer."""
    return macro("lists", "named_lists")(list(_named_lists(question.response, "")))


def _named_lists(response: object, owner: str) -> Iterator[tuple[str, list[tuple[str, Markup]]]]:
    for field, title in _LISTS:
        value = getattr(response, field, None)
        if isinstance(value, Mapping) and any(key != text for key, text in value.items()):
            entries = [(str(key), inline_markdown(str(text))) for key, text in value.items()]
            yield f"{title} of {owner}" if owner else title, entries
    for field in _INNER:
        inner = getattr(response, field, None)
        if isinstance(inner, Mapping):
            for name, part in inner.items():
                yield from _named_lists(part, f"{owner}.{name}" if owner else str(name))


def _key_block(item: ItemKey | None) -> Markup:
    if item is None or not (item.answer or item.solution or item.erratum):
        return NOTHING
    answer = entered_html(item.answer) if item.answer else NOTHING
    return macro("lists", "key_block")(answer, markdown(item.solution), markdown(item.erratum))

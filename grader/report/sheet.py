"""The part of a candidate's report that is the same for everyone of a group: sections, questions, figures, key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
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
    """A section: what stands before its points, its introduction, its questions in order, the points of those that count."""

    number: str
    title: Markup
    intro: Markup
    questions: tuple[SheetQuestion, ...]
    points: str
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
        worth = sum(
            (exam.questions[one.key].points for one in questions if not one.left_out), Decimal(0)
        )
        points = points_text(worth) if worth else ""
        one = SheetSection(number, title, macro("question", "asked")(intro), questions, points)
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
    """What an answer may name (options, rows, steps) where the text of the question leaves that to the form."""
    owners: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
    for title, owner, texts in _named_lists(question.response, ""):
        if not all(text in question.ask for text in texts.values()):
            owners.setdefault((title, tuple(texts.items())), []).append(owner)
    titles = Counter(title for title, _ in owners)
    shown = [
        (title if titles[title] == 1 else f"{title} of {', '.join(names)}", _entries(dict(texts)))
        for (title, texts), names in owners.items()
    ]
    return macro("lists", "named_lists")(shown)


def _entries(texts: Mapping[str, str]) -> list[tuple[str, Markup]]:
    return [(key, inline_markdown(text)) for key, text in texts.items()]


def _named_lists(response: object, owner: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Title, the part or form it belongs to, and what each name stands for; names that say it all themselves are left out."""
    for field, title in _LISTS:
        value = getattr(response, field, None)
        if isinstance(value, Mapping) and any(key != text for key, text in value.items()):
            yield title, owner, {str(key): str(text) for key, text in value.items()}
    for name, part in inner_responses(response).items():
        yield from _named_lists(
            getattr(part, "response", part), f"{owner}.{name}" if owner else name
        )


def inner_responses(response: object) -> dict[str, object]:
    """The named fields or forms that a response is made of; empty for one that stands for itself."""
    fields = getattr(response, "fields", None)
    found = fields() if callable(fields) else getattr(response, "forms", None)
    return dict(found) if isinstance(found, Mapping) else {}


def part_titles(response: object) -> dict[str, str]:
    """What each part is called, by the prefix of its findings: `sum`, and `paths.sum` where parts have parts."""
    titles: dict[str, str] = {}
    for name, part in inner_responses(response).items():
        titles[name] = getattr(part, "title", "") or name
        for inner, title in part_titles(getattr(part, "response", part)).items():
            titles[f"{name}.{inner}"] = title
    return titles


def _key_block(item: ItemKey | None) -> Markup:
    if item is None or not (item.answer or item.solution or item.erratum):
        return NOTHING
    answer = entered_html(item.answer) if item.answer else NOTHING
    return macro("lists", "key_block")(answer, markdown(item.solution), markdown(item.erratum))

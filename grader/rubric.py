"""The rubric: how each question of an exam is judged. Candidates may not have this file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any

from pydantic import Field, model_validator

from grader.checkers.base import AnyChecker, Credit, Model, Place, RawAnswer, lift
from grader.deriving import AnyDerivation
from grader.deriving.merging import (
    derivation_problems,
    derived_names,
    derived_values,
    follows,
    named_by_candidates,
)
from grader.exam import Exam, ExamId, Question, QuestionId
from grader.score import FULL, Outcome, digest


class Example(Model):
    """An answer with what must become of it; `grader verify` holds the rubric to it."""

    answer: RawAnswer
    credit: Credit | None = None
    """The decided credit, or the proposed one where a person decides."""
    outcome: Outcome = Outcome.GRADED
    shows: tuple[str, ...] = ()
    """Ids of criteria or misconceptions that the answer must trigger."""
    answers: dict[str, RawAnswer] = {}
    """The candidate's answers to other questions, for follow-through."""


class Item(Model):
    """How one question is judged. In YAML the checker's own fields stand beside these."""

    check: AnyChecker
    given: dict[str, str] = {}
    """Name to question (`1a`) or part of a question (`1c.db`) whose answer the item builds on."""
    derive: dict[str, AnyDerivation] = {}
    """What is stated here, a graph, a network, formulas, gives values that keys may use like given ones."""
    follow_credit: Credit = FULL
    """What an answer keeps that is right only with the candidate's own given values."""
    solution: str = ""
    """The way to the answer, in Markdown; shown only with the key."""
    erratum: str = ""
    """What is wrong in the printed exam or key, and what is accepted because of it."""
    examples: tuple[Example, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _lift_checker(cls, value: object) -> object:
        return lift(value, cls, "check")


class Rubric(Model):
    """How one exam is judged."""

    exam: ExamId
    notes: str = ""
    items: dict[QuestionId, Item]


@dataclass(frozen=True)
class Source:
    """Where a given value comes from."""

    question: str
    part: str = ""


def resolve(reference: str, exam: Exam) -> Source | None:
    """`1c.db` -> part `db` of `1c`; ids may hold dots themselves (`4.4.dL_do`). None if there is no such question."""
    if reference in exam.questions:
        return Source(reference)
    question, _, part = reference.rpartition(".")
    return Source(question, part) if question in exam.questions else None


@dataclass(frozen=True)
class Paper:
    """An exam with its rubric, fit for grading: every question that can be asked has an item, and they agree."""

    exam: Exam
    rubric: Rubric

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Questions so that each comes after those it takes values from."""
        return _order(self.exam, self.rubric)

    def item(self, question: str) -> Item:
        return self.rubric.items[question]

    @cached_property
    def digests(self) -> dict[str, str]:
        """By question a name that changes with anything that can move a mark: the item, and how answers are read.

        Examples, solutions and fields left at their default do not count, so a new field in a later version
        changes nothing.
        """
        told = {"examples", "solution", "erratum"}
        found = {}
        for key, item in self.rubric.items.items():
            judged = item.model_dump(mode="json", exclude=told, exclude_defaults=True)
            asked = self.exam.questions[key].response.model_dump(mode="json", exclude_defaults=True)
            reading = [self.exam.locale, self.exam.extra_answers]
            found[key] = digest(judged, asked, reading, ordered=True)
        return found

    @cached_property
    def judged_by(self) -> dict[str, str]:
        """By question a name of all that a score depends on beside the answers.

        Unlike `digests` it changes also with the items whose official values this one takes.
        """
        found: dict[str, str] = {}
        for key in self.order:
            chain = [self.exam.exam, key, self.digests[key], *(found[s] for s in self.needs[key])]
            found[key] = digest(chain, ordered=True)
        return found

    @cached_property
    def digest(self) -> str:
        """Names the whole: all items, who is asked what, points, bonus and the grade scale."""
        points = {key: str(question.points) for key, question in self.exam.questions.items()}
        asked = {group: list(self.exam.asked(group)) for group in self.exam.groups}
        bonus = str(self.exam.bonus.max) if self.exam.bonus else ""
        scale = {k: str(v) for k, v in self.exam.scale.items()}
        return digest(self.digests, points, asked, self.exam.default_group, bonus, scale)

    @cached_property
    def seconds(self) -> float:
        """Wall time that running one candidate's programs may take."""
        return sum(item.check.seconds() for item in self.rubric.items.values())

    def sources(self, question: str) -> dict[str, Source]:
        """Name of each given value to where it comes from."""
        found = {name: resolve(ref, self.exam) for name, ref in self.item(question).given.items()}
        return {name: source for name, source in found.items() if source}

    @cached_property
    def needs(self) -> dict[str, tuple[str, ...]]:
        """By question the others that it takes values from, sorted."""
        return {
            key: tuple(sorted({source.question for source in self.sources(key).values()}))
            for key in self.order
        }

    @cached_property
    def official(self) -> dict[str, Any]:
        """The official value of each question that has one."""
        values: dict[str, Any] = {}
        for question in self.order:
            given = {
                name: pick(values.get(s.question), s.part)
                for name, s in self.sources(question).items()
            }
            given = self._complete(question, given)
            values[question] = self.item(question).check.reference(
                self.exam.questions[question].response, given
            )
        return values

    def official_given(self, question: str) -> dict[str, Any]:
        """The official values that a question's item takes from others, and those derived with them."""
        given = {
            n: pick(self.official.get(s.question), s.part)
            for n, s in self.sources(question).items()
        }
        return self._complete(question, given)

    def own_given(self, question: str, own: Mapping[str, Any]) -> dict[str, Any]:
        """The candidate's `own` values where there are any, official ones elsewhere, and those derived with them.

        Raises:
            Unreadable: with these values a derivation has none.
        """
        official = self.official_given(question)
        given = {**{name: official[name] for name in self.sources(question)}, **own}
        if not follows(self.item(question).derive):
            return {**official, **given}
        return {**derived_values(self.item(question).derive, given), **given}

    def _complete(self, question: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Official values with those derived from them, which are worked out once."""
        if question not in self._derived:
            self._derived[question] = derived_values(self.item(question).derive, given)
        return {**self._derived[question], **given}

    @cached_property
    def _derived(self) -> dict[str, dict[str, Any]]:
        return {}


def pick(value: Any, part: str) -> Any:
    """One part of a value, or the value itself where no part is named."""
    if not isinstance(value, Mapping):
        return None if part else value
    return value.get(part)


def _order(exam: Exam, rubric: Rubric) -> tuple[str, ...]:
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for key in exam.questions:
        if key in rubric.items:
            sources = (resolve(ref, exam) for ref in rubric.items[key].given.values())
            sorter.add(key, *(s.question for s in sources if s and s.question in rubric.items))
    return tuple(sorter.static_order())


def mismatches(
    exam: Exam, rubric: Rubric, known_good: Callable[[str], bool] = lambda _: False
) -> Iterator[tuple[Place, str]]:
    """Where the rubric does not fit the exam: (place in the rubric, message). Items known to be good are passed over."""
    if rubric.exam != exam.exam:
        yield ("exam",), f"this rubric is for {rubric.exam!r}, the exam is {exam.exam!r}"
    for key, question in exam.questions.items():
        if key not in rubric.items and not question.withheld:
            yield (
                ("items",),
                f"question {key} has no item here; add one or mark the question `withheld:`",
            )
    for key, item in rubric.items.items():
        if key not in exam.questions:
            yield ("items", key), f"the exam has no question {key}"
            continue
        if not known_good(key):
            yield from _item_mismatches(exam, key, item, exam.questions[key])
    try:
        _order(exam, rubric)
    except CycleError as cycle:
        yield ("items",), "values go round in a circle: " + " -> ".join(cycle.args[1])


def _given_problem(reference: str, exam: Exam) -> str:
    """Why no value can be taken from there; empty if one can."""
    source = resolve(reference, exam)
    if source is None:
        return f"there is no question {reference!r} to take a value from"
    parts = exam.questions[source.question].response.part_names()
    if source.part and source.part not in parts:
        known = f"; it has {', '.join(parts)}" if parts else ""
        return f"question {source.question} has no part {source.part!r}{known}"
    return ""


def _item_mismatches(
    exam: Exam, key: str, item: Item, question: Question
) -> Iterator[tuple[Place, str]]:
    place: Place = ("items", key)
    if item.check.kind != question.response.kind:
        message = f"the exam asks {key} as {question.response.kind!r}, this item judges {item.check.kind!r}"
        yield (*place, "kind"), message
        return
    for name, reference in item.given.items():
        wrong = _given_problem(reference, exam)
        if wrong:
            yield (*place, "given", name), wrong
    given = frozenset(item.given)
    wrong_derivations = [*derivation_problems(item.derive, given)]
    for inner, message in wrong_derivations:
        yield (*place, "derive", *inner), message
    if not wrong_derivations:  # only then it is known which names keys may use
        derived = derived_names(item.derive, given)
        for inner, message in item.check.problems(question.response, given | derived):
            yield (*place, *inner), message
        for inner, message in named_by_candidates(question.response, item.check, derived):
            yield (*place, *inner), message
    known = item.check.criteria() | {"follow-through", "waits"}
    for number, example in enumerate(item.examples):
        for shown in example.shows:
            if shown not in known:
                near = get_close_matches(shown, sorted(known), n=4, cutoff=0.3) or sorted(known)[:8]
                names = ", ".join(near)
                message = (
                    f"{shown!r} is no criterion or misconception of this item; there is {names}"
                )
                yield (*place, "examples", number, "shows"), message

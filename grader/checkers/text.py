"""An open answer. Found points make a proposal; a person decides.

Words prove little: a right answer in other words is missed, a wrong one may hold every word. So the score
of an answer that is not blank always waits, and finding nothing never bounds what a person may give.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field

from grader.checkers._clauses import (
    MAX_WORDS,
    Clause,
    clauses,
    content,
    count_sentences,
    is_copied,
    items,
    searched,
)
from grader.checkers._patterns import Hit, Patterns, PatternText, find, hits, is_denied
from grader.checkers._words import words
from grader.checkers.base import (
    Checker,
    Conventions,
    Credit,
    ExtraAnswers,
    Misconception,
    Misread,
    Model,
    Place,
    Response,
    Tools,
)
from grader.score import FULL, NOTHING, Answer, Finding, Outcome, Raw, Reading, Score

Count = Annotated[int, Field(ge=1)]


@dataclass(frozen=True, slots=True)
class Prose:
    """An answer in words. `end` is how far it is read where more was listed than asked for."""

    text: str
    end: int
    surplus: int = 0


class TextResponse(Response):
    """Words; the limits are told to the candidate and shown to whoever grades, and cost nothing."""

    kind: Literal["text"]
    name: Count | None = None
    extra: ExtraAnswers | None = None
    sentences: Count | None = None
    words: Count | None = None
    lines: Count | None = None

    def interpret(self, raw: Raw, conventions: Conventions) -> Answer:
        text = _as_prose(raw)
        listed = items(text) if self.name else []
        surplus = max(0, len(listed) - self.name) if self.name else 0
        if not self.name or not surplus or (self.extra or conventions.extra_answers) != "first":
            return Answer(raw, Prose(text, len(text), surplus), Reading(text), self)
        note = f"{len(listed)} answers are listed; only the first {self.name} are read."
        return Answer(raw, Prose(text, listed[self.name][0], surplus), Reading(text), self, (note,))

    def describe(self) -> str:
        limits = []
        if self.sentences:
            limits.append(f"at most {self.sentences} sentence{'s' if self.sentences > 1 else ''}")
        if self.words:
            limits.append(f"at most {self.words} words")
        within = f", in {' and '.join(limits)}" if limits else ""
        if self.name:
            return f"Name {self.name}{within}, each on its own line."
        return f"Answer in your own words{within}."

    def warnings(self, answer: Answer) -> tuple[str, ...]:
        return (*answer.notes, *self.overlong(answer.value.text))

    def overlong(self, text: str) -> tuple[str, ...]:
        """Which limits a text does not keep."""
        found = []
        sentences, count = count_sentences(text), len(words(text))
        if self.sentences and sentences > self.sentences:
            found.append(
                f"The answer has {sentences} sentences; at most {self.sentences} are asked for."
            )
        if self.words and count > self.words:
            found.append(f"The answer has {count} words; at most {self.words} are asked for.")
        return tuple(found)

    def value_of(self, answer: Answer, part: str) -> Any:
        return None if part else answer.value.text

    def same(self, first: Answer, second: Answer) -> bool:
        return [w.plain for w in words(first.value.text)] == [
            w.plain for w in words(second.value.text)
        ]


def _as_prose(raw: Raw) -> str:
    """The answer as one text, exactly as entered; the entries of a list become lines.

    Raises:
        Misread: a mapping, or a list of lists.
    """
    if isinstance(raw, str):
        return raw
    if (
        isinstance(raw, Mapping)
        or raw is None
        or not all(isinstance(entry, str | None) for entry in raw)
    ):
        raise Misread("Write a text, or a list of texts.")
    return "\n".join(str(entry) for entry in raw if entry is not None)


class Concept(Model):
    """Words that mean something: alternatives, each of patterns that must all meet in one clause."""

    any: tuple[Patterns, ...] = ()
    unless: tuple[PatternText, ...] = Field(default=(), alias="not")
    """Patterns that spoil it when they stand in the same clause."""


class Point(Concept):
    """One thing a good answer says."""

    credit: Credit | None = None
    """An equal share where none is written."""
    title: str = ""
    say: str = ""


class TextMisconception(Concept, Misconception):
    """Something wrong that answers say; it bounds what is proposed."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a concept stands, and why it does not count if it does not."""

    hit: Hit
    flaw: str = ""


_FLAWS = {
    "denied": "a negation stands before it",
    "spoiled": "words that rule it out stand beside it",
    "copied": "the clause only repeats the question",
    "stuffed": "it stands in a list of keywords",
    "not-read": "it stands behind as many answers as were asked for",
}


class Text(Checker):
    """Looks for the points of a good answer and proposes a credit."""

    kind: Literal["text"]
    points: dict[str, Point] = {}
    enough: Count | None = None
    parrot: str = ""
    """The question's own words; a clause that only repeats them makes no point."""
    misconceptions: dict[str, TextMisconception] = {}

    def check(self, answer: Answer, tools: Tools) -> Score:
        prose: Prose = answer.value
        told = clauses(prose.text)
        enough = self.enough_for(answer.response)
        found = {name: self._search(point, told, prose.end) for name, point in self.points.items()}
        made = {name: f.hit for name, f in found.items() if f and not f.flaw}
        findings = [*self._earned(made, enough)]
        credit = min(FULL, sum((finding.credit for finding in findings), NOTHING))
        findings += self._flawed({name: f for name, f in found.items() if f and f.flaw})
        for name, misconception in self.misconceptions.items():
            wrong = self._search(misconception, told, prose.end)
            if wrong and not wrong.flaw:
                credit = min(credit, misconception.credit)
                findings.append(
                    _shown(name, NOTHING, misconception.say, "known mistake", wrong.hit)
                )
        findings += _about(answer)
        evidence = f"{len(made)} of {enough} points found; a person decides"
        if not made:
            evidence = "no point found; a person reads it"
        given = (f"Value of {name}: {show_value(value)}" for name, value in tools.given.items())
        notes = (*answer.notes, *given)
        return Score(Outcome.REVIEW, credit, answer.reading, tuple(findings), evidence, notes=notes)

    def enough_for(self, response: Response) -> int:
        """How many points give full credit."""
        asked = response.name if isinstance(response, TextResponse) else None
        return self.enough or asked or max(1, len(self.points))

    def _search(self, concept: Concept, told: Sequence[Clause], end: int) -> Found | None:
        """The first clause that makes the point; failing that, the first that almost does."""
        almost: Found | None = None
        for clause in told:
            for patterns in concept.any:
                hit = hits(clause, patterns)
                if hit is None:
                    continue
                flaw = self._flaw(hit, concept, end)
                if not flaw:
                    return Found(hit)
                almost = almost or Found(hit, flaw)
        return almost

    def _flaw(self, hit: Hit, concept: Concept, end: int) -> str:
        if hit.spans[-1][0] >= end:
            return "not-read"
        if hit.clause.stuffed:
            return "stuffed"
        if self.parrot and is_copied(hit.clause, frozenset(content(words(self.parrot)))):
            return "copied"
        if is_denied(hit):
            return "denied"
        spoiled = any(find(hit.clause.words, pattern) is not None for pattern in concept.unless)
        return "spoiled" if spoiled else ""

    def _earned(self, made: Mapping[str, Hit], enough: int) -> Iterator[Finding]:
        """The points that were made, the dearest first; those beyond `enough` earn nothing more."""
        left, worth = FULL, {name: self._worth(self.points[name], enough) for name in made}
        for number, name in enumerate(sorted(made, key=lambda name: -worth[name])):
            full = number == enough - 1
            credit = left if full else min(left, worth[name]) if number < enough else NOTHING
            left -= credit
            point = self.points[name]
            yield _shown(
                name, credit, point.say or f"Names: {point.title or name}.", point.title, made[name]
            )

    def _worth(self, point: Point, enough: int) -> Fraction:
        return Fraction(1, enough) if point.credit is None else point.credit

    def _flawed(self, found: Mapping[str, Found]) -> Iterator[Finding]:
        for name, almost in found.items():
            title = self.points[name].title or name
            yield _shown(
                almost.flaw, NOTHING, "", f"{title}: not counted, {_FLAWS[almost.flaw]}", almost.hit
            )

    def problems(self, response: Response, given: frozenset[str]) -> Iterator[tuple[Place, str]]:
        enough = self.enough_for(response)
        if self.points and enough > len(self.points):
            yield (
                ("points",),
                f"{enough} points give full credit, but there are only {len(self.points)}",
            )
        written = sorted(
            (self._worth(point, enough) for point in self.points.values()), reverse=True
        )
        total = sum(written[:enough], NOTHING)
        if self.points and total != 1 and enough == len(self.points):
            yield ("points",), f"the points' credits add up to {total}, not 1"
        for name in self.points.keys() & self.misconceptions.keys():
            yield ("misconceptions", name), "a point has the same id"
        for name, misconception in self.misconceptions.items():
            if not misconception.any:
                yield ("misconceptions", name), "write under `any:` what such an answer says"

    def criteria(self) -> frozenset[str]:
        about = {"too-long", "extra-answers", "partly-read"}
        return frozenset({*self.points, *self.misconceptions, *_FLAWS, *about})

    def undecidable(self) -> bool:
        return True


def _shown(id_: str, credit: Fraction, message: str, staff: str, hit: Hit) -> Finding:
    """A finding with the words it rests on."""
    words_said = f"“{hit.said}”"
    return Finding(
        id_, credit, message, f"{staff}: {words_said}" if staff else words_said, spans=hit.spans
    )


def _about(answer: Answer) -> Iterator[Finding]:
    """What whoever grades should know beside the points."""
    prose, response = answer.value, answer.response
    for limit in response.overlong(prose.text):
        yield Finding("too-long", NOTHING, limit, limit)
    if prose.surplus:
        listed = f"{prose.surplus} more than the {response.name} answers asked for are listed"
        read = "; only the first are read" if answer.notes else ""
        yield Finding("extra-answers", NOTHING, "", f"{listed}{read}")
    if searched(prose.text) < len(prose.text):
        yield Finding(
            "partly-read", NOTHING, "", f"only the first {MAX_WORDS:,} words were searched"
        )


def show_value(value: object) -> str:
    """A value taken from another answer, for people."""
    plain = getattr(value, "plain", None)
    if callable(plain):
        return str(plain())
    if isinstance(value, Mapping):
        return ", ".join(f"{name} = {show_value(inner)}" for name, inner in value.items() if name)
    if isinstance(value, list | tuple):
        return f"({', '.join(map(show_value, value))})"
    if isinstance(value, set | frozenset):
        return ", ".join(sorted(map(show_value, value)))
    return str(value)

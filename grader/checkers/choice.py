"""One or several of given options."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from grader.checkers.base import (
    Checker,
    Conventions,
    Credit,
    ExtraAnswers,
    Misread,
    Place,
    Response,
    Tools,
)
from grader.checkers.labels import AcceptedEntry, IdsMisconception, Labels, cut, fold, unique
from grader.checkers.numeric import Texts, as_finding
from grader.score import FULL, NOTHING, Answer, Finding, Outcome, Raw, Reading, Score, graded

_SEPARATOR = re.compile(r"[\n,;&+|]+|\s(?:and|og|und|sowie|samt)\s", re.IGNORECASE)
_BOX = re.compile(r"^\s*[-*]?\s*(?:\[(?P<mark>[^\]]?)\]|(?P<box>[☐☑☒✓✗]))\s*(?P<option>\S.*?)\s*$")
_TICKS = frozenset({"x", "✓", "✔", "☑", "☒", "*", "1", "true", "yes", "ja", "on", "ticked"})
_NO_TICKS = frozenset({"", "☐", "✗", "0", "false", "no", "nei", "nein", "off", "-"})
_NONE = frozenset(
    {"none", "none of them", "none of these", "ingen", "ingen av dem", "keine", "keine davon"}
)


@dataclass(frozen=True, slots=True)
class Selection:
    """The ticked options in the order they were entered, and how many more than asked for were ticked."""

    ids: tuple[str, ...]
    surplus: int = 0
    waits: bool = False
    """More than asked for, and the exam leaves that to a person."""


class ChoiceResponse(Response):
    """Options of which one, several or a certain number are ticked."""

    kind: Literal["choice"]
    options: dict[str, str] = Field(min_length=1)
    select: Literal["one", "many"] | Annotated[int, Field(ge=1)] = "one"
    extra: ExtraAnswers | None = None

    @cached_property
    def labels(self) -> Labels:
        return Labels.of("option", self.options)

    @model_validator(mode="after")
    def _options_differ(self) -> ChoiceResponse:
        for clash in self.labels.clashes():
            raise ValueError(clash)
        return self

    @property
    def asked(self) -> int | None:
        """How many ticks are asked for; None where any number may be right."""
        if isinstance(self.select, int):
            return self.select
        return 1 if self.select == "one" else None

    def interpret(self, raw: Raw, conventions: Conventions) -> Answer:
        ticked = unique(self._ticks(raw))
        if not ticked and self.asked is not None:
            raise Misread("No option is ticked.")
        surplus = 0 if self.asked is None else max(0, len(ticked) - self.asked)
        policy = self.extra or conventions.extra_answers
        notes: tuple[str, ...] = ()
        if surplus and policy == "first":
            ticked = ticked[: self.asked]
            notes = (f"More options are ticked than asked for; only {', '.join(ticked)} is read.",)
        value = Selection(ticked, surplus, bool(surplus) and policy == "review")
        reading = "; ".join(self.labels.shown(id_) for id_ in ticked) or "none of the options"
        return Answer(raw, value, Reading(reading), self, notes)

    def _ticks(self, raw: Raw) -> list[str]:
        if isinstance(raw, str):
            return self._read_text(raw)
        if isinstance(raw, Mapping):
            return [self._option(name) for name, mark in raw.items() if _is_ticked(mark)]
        return [id_ for entry in raw or () for id_ in self._entry(entry)]

    def _entry(self, entry: Raw) -> list[str]:
        if isinstance(entry, str):
            return self._read_text(entry) if entry.strip() else []
        if entry is None:
            return []
        raise Misread("Write the ticked options as one list.")

    def _option(self, name: str) -> str:
        found = self.labels.find_loosely(name)
        if found is None:
            raise Misread(self.labels.explain(name))
        return found

    def _read_text(self, text: str) -> list[str]:
        if self.asked is None and fold(text) in _NONE and self.labels.find(text) is None:
            return []
        boxes = [_BOX.match(line) for line in text.splitlines() if line.strip()]
        if boxes and all(boxes):
            ticked = (box for box in boxes if box and _is_ticked(box["mark"] or box["box"] or ""))
            return [self._option(box["option"]) for box in ticked]
        return cut(text, _SEPARATOR, self._piece, self._whole, self.labels.explain)

    def _whole(self, piece: str) -> list[str] | None:
        found = self.labels.find_loosely(piece)
        return None if found is None else [found]

    def _piece(self, piece: str) -> list[str] | None:
        return self._whole(piece) or self.labels.spelled(piece)

    def describe(self) -> str:
        ids = ", ".join(self.options)
        if self.asked is None:
            return f"Write every option that applies, separated by commas: {ids}."
        if self.asked == 1:
            return f"Write one of the options {ids}."
        return f"Write {self.asked} of the options {ids}, separated by commas."

    def warnings(self, answer: Answer) -> tuple[str, ...]:
        ticked = len(answer.value.ids) + (answer.value.surplus if answer.notes else 0)
        if self.asked is None or ticked == self.asked:
            return ()
        return (f"The question asks for {self.asked} of the options; the answer has {ticked}.",)

    def value_of(self, answer: Answer, part: str) -> Any:
        return None if part else answer.value.ids

    def same(self, first: Answer, second: Answer) -> bool:
        return set(first.value.ids) == set(second.value.ids)


def _is_ticked(mark: Raw) -> bool:
    """Whether a box is ticked.

    Raises:
        Misread: the mark means neither.
    """
    text = mark.strip().casefold() if isinstance(mark, str) else ""
    if text in _TICKS:
        return True
    if text in _NO_TICKS:
        return False
    raise Misread(f"Mark a ticked option with x, not with “{text}”.")


class Choice(Checker):
    """Compares the ticked options with the key, in one of three ways."""

    kind: Literal["choice"]
    key: Texts
    accept: tuple[AcceptedEntry, ...] = ()
    scoring: Literal["all-or-nothing", "per-option", "per-key"] = "all-or-nothing"
    wrong: Credit = NOTHING
    floor: Credit = NOTHING
    misconceptions: dict[str, IdsMisconception] = {}

    def check(self, answer: Answer, tools: Tools) -> Score:
        value: Selection = answer.value
        if value.waits:
            extra = self._surplus(value, "A person decides which of them count.")
            return Score(
                Outcome.REVIEW, None, answer.reading, extra, extra[0].staff, notes=answer.notes
            )
        surplus = self._surplus(value, answer.notes[0] if answer.notes else "All of them count.")
        picked = frozenset(value.ids)
        for finding, ids in self._targets():
            if picked == frozenset(ids):
                return graded(finding.credit, answer, (finding, *surplus), self._evidence(picked))
        findings = (*self._weigh(value, answer.response), *surplus)
        credit = sum((finding.credit for finding in findings), NOTHING)
        return graded(max(self.floor, min(FULL, credit)), answer, findings, self._evidence(picked))

    def _targets(self) -> Iterator[tuple[Finding, tuple[str, ...]]]:
        yield Finding("key", FULL, "Correct."), self.key
        for number, accepted in enumerate(self.accept):
            yield as_finding(accepted, number), accepted.value
        for name, misconception in self.misconceptions.items():
            yield Finding(name, misconception.credit, misconception.say), misconception.when

    def _weigh(self, value: Selection, response: ChoiceResponse) -> Iterator[Finding]:
        """What each tick gave or cost where the selection as a whole is none that is known."""
        if self.scoring == "all-or-nothing":
            every = "" if response.asked == 1 else " Every tick must be right."
            yield Finding("no-match", NOTHING, f"This is not the selection asked for.{every}")
            return
        share = Fraction(
            1, len(response.options) if self.scoring == "per-option" else max(1, len(self.key))
        )
        for id_ in value.ids:
            if id_ in self.key:
                yield Finding(
                    "right-tick", share, f"{response.labels.shown(id_)} is rightly ticked."
                )
            else:
                yield Finding(
                    "wrong-tick", -self.wrong, f"{response.labels.shown(id_)} is not right."
                )
        if self.scoring == "per-option":
            left = [id_ for id_ in response.options if id_ not in value.ids]
            right = sum(id_ not in self.key for id_ in left)
            message = f"{right} of the {len(left)} options that are not ticked are rightly left."
            yield Finding("rightly-left", right * share, message)
        elif value.surplus and response.asked and len(value.ids) > response.asked:
            # ticking everything must not pay where a certain number is asked for
            cost = value.surplus * max(NOTHING, share - self.wrong)
            yield Finding(
                "surplus", -cost, "Each tick more than asked for takes one right tick away."
            )

    def _surplus(self, value: Selection, then: str) -> tuple[Finding, ...]:
        if not value.surplus:
            return ()
        ticked = f"{value.surplus} more than asked for"
        return (
            Finding("extra-ticks", NOTHING, f"You ticked {ticked}. {then}", f"{ticked} ticked"),
        )

    def _evidence(self, picked: frozenset[str]) -> str:
        missing, wrong = set(self.key) - picked, picked - set(self.key)
        if not wrong and not missing:
            return "the ticked options are the key"
        return f"{len(wrong)} ticked that are not in the key, {len(missing)} of the key not ticked"

    def problems(self, response: Response, given: frozenset[str]) -> Iterator[tuple[Place, str]]:
        assert isinstance(response, ChoiceResponse)  # noqa: S101 - the loader has matched the kinds
        places: list[tuple[Place, tuple[str, ...]]] = [(("key",), self.key)]
        places += [
            (("accept", number), accepted.value) for number, accepted in enumerate(self.accept)
        ]
        places += [(("misconceptions", n, "when"), m.when) for n, m in self.misconceptions.items()]
        known = ", ".join(response.options)
        for place, ids in places:
            for id_ in ids:
                if id_ not in response.options:
                    yield place, f"the exam has no option {id_!r}; it has {known}"
        if response.asked is not None and len(set(self.key)) != response.asked:
            yield (
                ("key",),
                f"the exam asks for {response.asked} of the options, the key has {len(set(self.key))}",
            )
        for name, misconception in self.misconceptions.items():
            if set(misconception.when) == set(self.key):
                yield ("misconceptions", name, "when"), "this is the key"

    def reference(self, response: Response, given: Mapping[str, Any]) -> Any:
        return self.key

    def model_answer(self, response: Response, given: Mapping[str, Any]) -> Raw:
        if not self.key:
            return "none"
        return self.key[0] if len(self.key) == 1 else list(self.key)

    def criteria(self) -> frozenset[str]:
        accepted = {f"accepted-{number + 1}" for number in range(len(self.accept))}
        ticks = {"extra-ticks", "no-match"}
        if self.scoring != "all-or-nothing":
            ticks = {"extra-ticks", "right-tick", "wrong-tick", "rightly-left", "surplus"}
        return frozenset({"key", *accepted, *ticks, *self.misconceptions})

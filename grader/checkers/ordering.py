"""Given steps, brought into an order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from grader.checkers.base import Checker, Conventions, Misread, Place, Response, Tools, is_blank
from grader.checkers.labels import AcceptedEntry, IdsMisconception, Labels, cut, unique
from grader.checkers.numeric import Texts, as_finding
from grader.score import FULL, NOTHING, Answer, Finding, Raw, Reading, Score, graded

_SEPARATOR = re.compile(
    r"\s*(?:-{1,9}>|={1,9}>|[→⇒↦➔]|[,;|/<>\n]|\s(?:then|and then|and|so|dann|und|og)\s|\s-{1,9}\s|[-–—])\s*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\s*\d+\s*[.):]\s*(?=\S)")


class OrderingResponse(Response):
    """Steps with ids and texts."""

    kind: Literal["ordering"]
    items: dict[str, str] = Field(min_length=2)

    @cached_property
    def labels(self) -> Labels:
        return Labels.of("step", self.items)

    @model_validator(mode="after")
    def _items_differ(self) -> OrderingResponse:
        for clash in self.labels.clashes():
            raise ValueError(clash)
        return self

    def interpret(self, raw: Raw, conventions: Conventions) -> Answer:
        value = tuple(self._read(raw))
        return Answer(raw, value, Reading(" → ".join(value)), self, self._gaps(value))

    def _read(self, raw: Raw) -> list[str]:
        if isinstance(raw, str):
            return cut(raw, _SEPARATOR, self._piece, self._whole, self.labels.explain)
        if isinstance(raw, Mapping):
            raw = _by_number(raw)
        found: list[str] = []
        for entry in raw or ():
            if not isinstance(entry, str):
                raise Misread("Write the steps as one list.")
            if not is_blank(entry):
                whole = self._whole(entry)
                found += whole or cut(
                    entry, _SEPARATOR, self._piece, self._whole, self.labels.explain
                )
        return found

    def _whole(self, piece: str) -> list[str] | None:
        found = self.labels.find(piece) or self.labels.find(_NUMBER.sub("", piece))
        return None if found is None else [found]

    def _piece(self, piece: str) -> list[str] | None:
        loosely = self.labels.find_loosely(piece)
        if loosely is not None:
            return [loosely]
        return self._whole(piece) or self.labels.spelled(_NUMBER.sub("", piece))

    def _gaps(self, value: Sequence[str]) -> tuple[str, ...]:
        counts = Counter(value)
        missing = [id_ for id_ in self.items if id_ not in counts]
        twice = [id_ for id_ in self.items if counts[id_] > 1]
        notes = [f"Not in the order: {', '.join(missing)}."] if missing else []
        notes += [f"More than once in the order: {', '.join(twice)}."] if twice else []
        return tuple(notes)

    def describe(self) -> str:
        ids = list(self.items)
        sample = " → ".join(reversed(ids)) if len(ids) < 4 else f"{ids[1]} → {ids[0]} → …"
        return f"Write {', '.join(ids)} in the right order, such as `{sample}`."

    def warnings(self, answer: Answer) -> tuple[str, ...]:
        return answer.notes


def _by_number(raw: Mapping[str, Raw]) -> list[Raw]:
    """The entries of `{1: D, 2: C}` in the order of their numbers.

    Raises:
        Misread: a name is no number.
    """
    places = [re.sub(r"\W", "", name) for name in raw]
    if not all(place.isdecimal() and len(place) < 9 for place in places):
        raise Misread("Write the steps in order, or number them from 1.")
    return [
        entry
        for _, entry in sorted(zip(map(int, places), raw.values(), strict=True), key=lambda p: p[0])
    ]


class Ordering(Checker):
    """Compares an order with the key as a whole, by neighbours or by place."""

    kind: Literal["ordering"]
    key: Annotated[Texts, Field(min_length=2)]
    accept: tuple[AcceptedEntry, ...] = ()
    scoring: Literal["all-or-nothing", "adjacent", "position"] = "all-or-nothing"
    misconceptions: dict[str, IdsMisconception] = {}

    def check(self, answer: Answer, tools: Tools) -> Score:
        value: tuple[str, ...] = answer.value
        gaps = [Finding("incomplete", NOTHING, note) for note in answer.notes]
        for finding, order in self._targets():
            if value == order:
                return graded(finding.credit, answer, [finding], "the order agrees step by step")
        message = "This is not the order asked for."
        if self.scoring == "all-or-nothing":
            miss = Finding("no-match", NOTHING, message, f"key: {' → '.join(self.key)}")
            return graded(NOTHING, answer, [miss, *gaps], "differs from the key")
        credit, evidence = max(
            (self._share(value, order, finding.credit) for finding, order in self._rights()),
            key=lambda found: found[0],
        )
        if not credit:
            miss = Finding("no-match", NOTHING, message, f"key: {' → '.join(self.key)}; {evidence}")
            return graded(NOTHING, answer, [miss, *gaps], evidence)
        partly = Finding(
            "partly", credit, f"Partly right: {evidence}.", f"key: {' → '.join(self.key)}"
        )
        return graded(credit, answer, [partly, *gaps], evidence)

    def _rights(self) -> Iterator[tuple[Finding, tuple[str, ...]]]:
        yield Finding("key", FULL, "Correct."), self.key
        for number, accepted in enumerate(self.accept):
            yield as_finding(accepted, number), accepted.value

    def _targets(self) -> Iterator[tuple[Finding, tuple[str, ...]]]:
        yield from self._rights()
        for name, misconception in self.misconceptions.items():
            yield Finding(name, misconception.credit, misconception.say), misconception.when

    def _share(
        self, value: Sequence[str], order: Sequence[str], most: Fraction
    ) -> tuple[Fraction, str]:
        if self.scoring == "position":
            right = sum(own == due for own, due in zip(value, order, strict=False))
            total, what = max(len(order), len(value)), "steps stand in their place"
        else:
            # a step written twice must not collect neighbours twice
            right = len(set(pairwise(unique(value))) & set(pairwise(order)))
            total, what = len(order) - 1, "neighbouring pairs are right"
        return most * Fraction(right, total), f"{right} of {total} {what}"

    def problems(self, response: Response, given: frozenset[str]) -> Iterator[tuple[Place, str]]:
        assert isinstance(response, OrderingResponse)  # noqa: S101 - the loader has matched the kinds
        places: list[tuple[Place, tuple[str, ...]]] = [(("key",), self.key)]
        places += [
            (("accept", number), accepted.value) for number, accepted in enumerate(self.accept)
        ]
        places += [(("misconceptions", n, "when"), m.when) for n, m in self.misconceptions.items()]
        for place, ids in places:
            for id_ in ids:
                if id_ not in response.items:
                    yield place, f"the exam has no step {id_!r}; it has {', '.join(response.items)}"
        for name, misconception in self.misconceptions.items():
            if misconception.when == self.key:
                yield ("misconceptions", name, "when"), "this is the key"
        if len(set(self.key)) < len(self.key):
            yield ("key",), "a step stands twice in the key"

    def reference(self, response: Response, given: Mapping[str, Any]) -> Any:
        return self.key

    def model_answer(self, response: Response, given: Mapping[str, Any]) -> Raw:
        return list(self.key)

    def criteria(self) -> frozenset[str]:
        accepted = {f"accepted-{number + 1}" for number in range(len(self.accept))}
        return frozenset(
            {"key", "no-match", "partly", "incomplete", *accepted, *self.misconceptions}
        )

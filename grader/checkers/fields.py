"""Answers made of named fields: reading them, however the names are written."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import PrivateAttr, model_validator

from grader.checkers.base import (
    AnyResponse,
    Conventions,
    Misread,
    Model,
    Response,
    is_blank,
    lift,
)
from grader.score import Answer, Finding, Outcome, Raw, Reading, Unread, show

FIELD_START = re.compile(r"[\s*\-•]{0,20}([^\s=:←,;][^=:←\n,;]{0,60}?)[ \t]{0,20}(?:=|:|←)")
"""A field's name at the beginning of a line or a piece, before `=` or `:`."""


Entries = tuple[dict[str, Raw], tuple[str, ...], tuple[str, ...]]


class Part(Model):
    """One field: its form, and what the candidate sees."""

    response: AnyResponse
    title: str = ""
    optional: bool = False
    _readers: dict[str, Response] = PrivateAttr(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _lift_response(cls, value: object) -> object:
        return lift(value, cls, "response")

    def reader(self, name: str) -> Response:
        """The response, which also knows the field's own name where it reads names: `L = L1 + L2 = 2` in field L."""
        if name not in self._readers:
            names = getattr(self.response, "names", None)
            known = {"names": (*names, name)} if isinstance(names, tuple) else {}
            self._readers[name] = self.response.model_copy(update=known) if known else self.response
        return self._readers[name]


class Fields(Response):
    """What an answer of named fields needs to be read; `parts` and `table` are such."""

    @abstractmethod
    def fields(self) -> Mapping[str, Part]:
        """Each field by name, in the exam's order."""

    @abstractmethod
    def collect(self, raw: Raw) -> Entries:
        """Field to what was entered for it, notes, and what was entered under names that are no fields.

        Raises:
            Misread: nothing can be told apart.
        """

    def interpret(self, raw: Raw, conventions: Conventions) -> Answer:
        entered, notes, misnamed = self.collect(raw)
        value = {
            name: part.reader(name).read(entered.get(name), conventions)
            for name, part in self.fields().items()
        }
        if misnamed:
            missing = [
                n for n, p in self.fields().items() if is_blank(entered.get(n)) and not p.optional
            ]
            why = misnamed[0]
            value |= {name: Unread(None, Outcome.UNREADABLE, why) for name in missing}
        if not any(isinstance(read, Answer) for read in value.values()):
            raise _nothing_read(value)
        return Answer(raw, value, _reading(value, self.fields()), self, (*notes, *misnamed))

    def describe(self) -> str:
        lines = [
            f"{name}{f' ({part.title})' if part.title else ''}: {part.response.describe()}"
            + (" May be left out." if part.optional else "")
            for name, part in self.fields().items()
        ]
        return "Fill in these fields, one `name = value` per line. " + " ".join(lines)

    def warnings(self, answer: Answer) -> tuple[str, ...]:
        found: list[str] = []
        for name, part in self.fields().items():
            read = answer.value[name]
            if isinstance(read, Answer):
                found += (f"{name}: {text}" for text in part.response.warnings(read))
            elif read.outcome is Outcome.UNREADABLE:
                found.append(f"{name}: {read.message}")
            elif not part.optional:
                found.append(f"{name} is missing.")
        return tuple(found)

    def value_of(self, answer: Answer, part: str) -> Any:
        read = answer.value.get(part)
        return read.response.value_of(read, "") if isinstance(read, Answer) else None

    def part_names(self) -> tuple[str, ...]:
        return tuple(self.fields())

    def unseen(self, answer: Answer, part: str) -> bool:
        read = answer.value.get(part)
        return isinstance(read, Unread) and read.outcome is Outcome.UNREADABLE

    def same(self, first: Answer, second: Answer) -> bool:
        return all(same_field(first.value[name], second.value[name]) for name in self.fields())


def locate(finding: Finding, answer: Answer, name: str) -> Finding:
    """A field's finding as one of the whole answer: where its marked words stand, or without marks if that is lost."""
    raw, value = answer.raw, answer.value[name].raw
    row, _, column = name.partition(".")
    steps: tuple[str, ...] | None = None
    if isinstance(raw, str):
        steps = () if value == raw else None
    elif isinstance(raw, Mapping) and raw.get(name) is value:
        steps = (name,)
    elif isinstance(raw, Mapping) and isinstance(inner := raw.get(row), Mapping):
        steps = (row, column) if inner.get(column) is value else None
    if steps is None or not finding.spans:
        return replace(finding, spans=(), path=())
    return replace(finding, path=(*steps, *finding.path))


def _nothing_read(value: Mapping[str, Answer | Unread]) -> Misread:
    """Why no field could be read, with the place in the first of them."""
    unread = [
        (name, read)
        for name, read in value.items()
        if isinstance(read, Unread) and read.outcome is Outcome.UNREADABLE
    ]
    message = " ".join(f"{name}: {read.message}" for name, read in unread)
    return Misread(
        message or "None of the fields is filled in.", unread[0][1].excerpt if unread else ""
    )


def same_field(first: Answer | Unread, second: Answer | Unread) -> bool:
    if isinstance(first, Answer) and isinstance(second, Answer):
        return bool(first.response.same(first, second))
    return (
        isinstance(first, Unread) and isinstance(second, Unread) and first.outcome == second.outcome
    )


def fold(name: str) -> str:
    return re.sub(r"[\s_`*$\\{}]", "", name).casefold()


def match_names(
    raw: Mapping[str, Raw], spellings: Mapping[str, str], fields: Mapping[str, Part]
) -> Entries:
    """Entries by field; a field named twice becomes a note.

    Raises:
        Misread: no name is known.
    """
    entered: dict[str, Raw] = {}
    notes: list[str] = []
    misnamed: list[str] = []
    for name, value in raw.items():
        field = name if name in fields else spellings.get(fold(name))
        if field is None:
            if not is_blank(value):
                known = ", ".join(fields)
                misnamed.append(
                    f"“{name[:60]}” is not a field of this question; the fields are {known}."
                )
        elif field in entered:
            notes.append(f"{field} is given twice; the first one is read.")
        else:
            entered[field] = value
    if not entered:
        raise Misread((misnamed or [f"Fill in the fields {', '.join(fields)}."])[0])
    return entered, tuple(notes), tuple(misnamed)


def split_fields(text: str, spellings: Mapping[str, str]) -> tuple[dict[str, Raw], str]:
    """`b = -16, w = -29` or one field per line -> field to text, and what stands before the first name.

    A line or piece that names no field goes on with the one before it.
    """
    entered: dict[str, str] = {}
    before = current = ""
    for separator, piece in _pieces(text, spellings):
        field, end = _named(piece, spellings)
        if field and field not in entered:
            current = field
            entered[field] = piece[end:].strip()
        elif current:
            entered[current] += separator + piece
        else:
            before += separator + piece
    return {field: value.strip() for field, value in entered.items()}, before.strip(" \n,;")


def unnamed_pieces(text: str) -> list[Raw]:
    """Values without names: lines, or pieces of one line between `;` or commas, brackets around them all aside."""
    bare = text.strip()
    if bare[:1] in "([{" and bare[-1:] in ")]}":
        bare = bare[1:-1]
    separator = r"[\n;]" if re.search(r"[\n;]", bare) else r",\s|\s(?:and|og|und)\s"
    return [piece.strip() for piece in re.split(separator, bare) if piece.strip()]


def _pieces(text: str, spellings: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(separator before it, piece): lines, and parts of a line outside brackets after `;`, or `,` if a field follows."""
    separator, start, depth = "", 0, 0
    for place, sign in enumerate(text):
        depth = 0 if sign == "\n" else max(0, depth + (sign in "([{") - (sign in ")]}"))
        follows = sign == "," and _named(text, spellings, place + 1)[0]
        if sign == "\n" or (depth == 0 and (sign == ";" or follows)):
            yield separator, text[start:place]
            separator, start = sign, place + 1
    yield separator, text[start:]


def _named(text: str, spellings: Mapping[str, str], start: int = 0) -> tuple[str, int]:
    """The field that begins at `start` and where its `=` or `:` ends; no field if there is none."""
    found = FIELD_START.match(text, start)
    field = spellings.get(fold(found[1])) if found else None
    return (field, found.end()) if found and field else ("", start)


def _reading(value: Mapping[str, Answer | Unread], fields: Mapping[str, Part]) -> Reading:
    texts, formulas = [], []
    for name, read in value.items():
        if isinstance(read, Answer):
            texts.append(f"{name} = {read.reading.text}")
            formulas.append((fields[name].title or name, read.reading))
        elif read.outcome is Outcome.UNREADABLE:
            texts.append(f"{name} = ? ({show(read.raw)})")
            formulas.append((name, Reading(show(read.raw))))
    if any(not reading.latex for _, reading in formulas):
        return Reading("; ".join(texts))
    rows: Sequence[str] = [
        rf"\text{{{_latex_text(name)}}} &= {reading.latex}" for name, reading in formulas
    ]
    return Reading("; ".join(texts), r"\begin{aligned} " + r" \\ ".join(rows) + r" \end{aligned}")


def _latex_text(text: str) -> str:
    """A field's name inside \\text: characters that LaTeX reads as commands are left out."""
    return re.sub(r"[\\{}$%&#^~]", "", text).replace("_", r"\_")

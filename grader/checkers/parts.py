"""An answer made of named fields, each of any kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from pydantic import Field, model_validator

from grader.checkers.base import (
    Misread,
    Place,
    Response,
    better,
)
from grader.checkers.fields import (
    Entries,
    Fields,
    Part,
    fold,
    match_names,
    split_fields,
    unnamed_pieces,
)
from grader.checkers.fieldwise import FieldsChecker, PartCheck, shares, weigh
from grader.score import (
    FULL,
    NOTHING,
    Answer,
    Raw,
    Score,
)


class PartsResponse(Fields):
    """Named fields; a bare answer is taken as the field `main`."""

    kind: Literal["parts"]
    parts: dict[str, Part] = Field(min_length=1)
    main: str = ""

    @model_validator(mode="after")
    def _main_is_a_part(self) -> PartsResponse:
        if self.main and self.main not in self.parts:
            raise ValueError(f"`main: {self.main}` is none of the parts {', '.join(self.parts)}")
        return self

    def fields(self) -> Mapping[str, Part]:
        return self.parts

    def collect(self, raw: Raw) -> Entries:
        if isinstance(raw, Mapping):
            return match_names(raw, self._spellings(), self.parts)
        if isinstance(raw, str):
            entered, before = split_fields(raw, self._spellings())
            entered = {name: self._with_name(name, value) for name, value in entered.items()}
            if entered:
                return self._place(entered, before)
            if self.main:
                return {self.main: raw}, (), ()
            return self._without_names(raw, unnamed_pieces(raw))
        if self.main and raw is not None:
            return {self.main: raw}, (), ()
        return self._without_names("", list(raw or ()))

    def _without_names(self, text: str, pieces: Sequence[Raw]) -> Entries:
        """Values without names are taken in order; prose that cannot be told apart goes to every field for text.

        Raises:
            Misread: neither is possible.
        """
        required = [name for name, part in self.parts.items() if not part.optional]
        if len(pieces) in (len(required), len(self.parts)):
            names = required if len(pieces) == len(required) else list(self.parts)
            note = "The fields were not named; they were taken in the order of the question."
            return dict(zip(names, pieces, strict=True)), (note,), ()
        prose = [name for name in required if self.parts[name].response.kind == "text"]
        if not prose or not text:
            raise Misread(f"Write one `name = value` per line for {', '.join(self.parts)}.")
        note = f"The answer names no field; all of it was read for {' and '.join(prose)}."
        entered: dict[str, Raw] = dict.fromkeys(prose, text)
        return (entered, (note,), ()) if prose == required else (entered, (), (note,))

    def _with_name(self, name: str, value: Raw) -> Raw:
        """`L1 + L2 = 2` in a field L that reads names is `L = L1 + L2 = 2`, of which the last side counts."""
        named = isinstance(getattr(self.parts[name].response, "names", None), tuple)
        return f"{name} = {value}" if named and isinstance(value, str) and "=" in value else value

    def _place(self, entered: dict[str, Raw], before: str) -> Entries:
        """Fields as entered; what stands before the first name belongs to the main field or is said.

        Raises:
            Misread: there are values before the first name that belong to no field.
        """
        if not before:
            return entered, (), ()
        if self.main and self.main not in entered:
            return {self.main: before, **entered}, (), ()
        if any(sign.isdigit() for sign in before):
            raise Misread(
                f"“{before[:60]}” names no field; write `name = value` for {', '.join(self.parts)}."
            )
        return entered, (f"“{before[:60]}” names no field and was passed over.",), ()

    def _spellings(self) -> dict[str, str]:
        """Every spelling of a field's name, in small letters without blanks, to the field."""
        found: dict[str, str] = {}
        for name, part in self.parts.items():
            own = getattr(part.response, "name", ""), *getattr(part.response, "names", ())
            for spelling in (name, *(s for s in own if isinstance(s, str) and s)):
                found.setdefault(fold(spelling), name)
        return found

    def value_of(self, answer: Answer, part: str) -> Any:
        return super().value_of(answer, part or self.main)

    def unseen(self, answer: Answer, part: str) -> bool:
        return super().unseen(answer, part or self.main)


class Parts(FieldsChecker):
    """Judges the fields of a `parts` answer."""

    kind: Literal["parts"]
    parts: dict[str, PartCheck]
    main_suffices: bool = False

    def checks(self) -> Mapping[str, PartCheck]:
        return self.parts

    def place(self, name: str) -> Place:
        return ("parts", name)

    def combine(self, answer: Answer, scores: Mapping[str, Score]) -> Score:
        if not self.main_suffices:
            return super().combine(answer, scores)
        main = answer.response.main
        alone = weigh(answer, {main: scores[main]}, {main: FULL})
        if alone.credit == FULL:
            return alone
        rest = {name: check for name, check in self.parts.items() if name != main}
        method = weigh(answer, {name: scores[name] for name in rest}, shares(rest))
        if alone.outcome.decided or not method.outcome.decided or method.credit is None:
            return better(alone, method)
        # the main field waits for a person, who can only add to what the method has earned
        return replace(
            alone,
            credit=max(alone.credit or NOTHING, method.credit),
            least=max(alone.least, method.credit),
            findings=(*alone.findings, *method.findings),
        )

    def reference(self, response: Response, given: Mapping[str, Any]) -> Any:
        return MainValue(super().reference(response, given), getattr(response, "main", ""))


class MainValue(dict[str, Any]):
    """Official values by field; the empty name stands for the main field."""

    def __init__(self, values: Mapping[str, Any], main: str) -> None:
        super().__init__(values)
        if main:
            self[""] = values[main]

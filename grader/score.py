"""The values that flow through the engine: what was handed in, how it was read, how it was decided.

Frozen and without behaviour beyond their own invariants. Credit is a fraction of an item, 0 to 1;
points belong to the gradebook.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeAlias

Raw: TypeAlias = str | Sequence["Raw"] | Mapping[str, "Raw"] | None
"""An answer exactly as entered: text, a list or a mapping of such; None where nothing was entered."""

NOTHING = Fraction(0)
FULL = Fraction(1)


class Outcome(StrEnum):
    """What became of one answer. Only GRADED and BLANK are decided; the others wait for a person."""

    GRADED = "graded"
    BLANK = "blank"
    UNREADABLE = "unreadable"
    REVIEW = "review"
    ERROR = "error"

    @property
    def decided(self) -> bool:
        return self in (Outcome.GRADED, Outcome.BLANK)


@dataclass(frozen=True, slots=True)
class Reading:
    """How an answer was understood, shown back to the candidate: plain text, and LaTeX where it is mathematics."""

    text: str
    latex: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that could be read. `value` is whatever the kind's response makes of it; `response` is that form."""

    raw: Raw
    value: Any
    reading: Reading
    response: Any
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """An answer that is blank or could not be read: why, and two lines that point at the place with a caret."""

    raw: Raw
    outcome: Outcome
    message: str = ""
    excerpt: str = ""

    def __post_init__(self) -> None:
        if self.outcome not in (Outcome.BLANK, Outcome.UNREADABLE):
            raise ValueError(f"an unread answer is blank or unreadable, not {self.outcome}")


@dataclass(frozen=True, slots=True)
class Finding:
    """One criterion or misconception that gave or took credit.

    `credit` is the share of the whole item. `message` is for the candidate, `staff` for whoever grades.
    `excerpt` is the candidate's own text with a caret under the place that could not be read.
    `spans` are the (start, end) places in the answer's text that earned it; where the answer has fields,
    `path` leads to the one that holds the text.
    """

    id: str
    credit: Fraction
    message: str = ""
    staff: str = ""
    spans: tuple[tuple[int, int], ...] = ()
    path: tuple[str, ...] = ()
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """How one answer was decided.

    `credit` is the decided share for GRADED and BLANK, a proposal (or None) for REVIEW, None otherwise.
    `least` and `most` bound what a person can still decide; for a decided score both equal `credit`.
    """

    outcome: Outcome
    credit: Fraction | None
    reading: Reading = Reading("")
    findings: tuple[Finding, ...] = ()
    evidence: str = ""
    least: Fraction = NOTHING
    most: Fraction = FULL
    notes: tuple[str, ...] = ()
    by: str = field(default="")
    """Who decided it where a person did; empty for the machine."""

    def __post_init__(self) -> None:
        if self.outcome.decided:
            if self.credit is None:
                raise ValueError(f"a {self.outcome} score needs a credit")
            object.__setattr__(self, "least", self.credit)
            object.__setattr__(self, "most", self.credit)
        bounds = [value for value in (self.least, self.credit, self.most) if value is not None]
        if not all(NOTHING <= value <= FULL for value in bounds) or bounds != sorted(bounds):
            raise ValueError(f"credit out of bounds: {[str(value) for value in bounds]}")


def graded(
    credit: Fraction, answer: Answer, findings: Sequence[Finding] = (), evidence: str = ""
) -> Score:
    """A decided score for an answer that was read."""
    return Score(
        Outcome.GRADED, credit, answer.reading, tuple(findings), evidence, notes=answer.notes
    )


def from_unread(unread: Unread) -> Score:
    """A blank answer is decided (0); an unreadable one waits for a person."""
    if unread.outcome is Outcome.BLANK:
        return Score(Outcome.BLANK, NOTHING, evidence="nothing was handed in")
    findings = (Finding("unreadable", NOTHING, unread.message, excerpt=unread.excerpt),)
    return Score(Outcome.UNREADABLE, None, Reading(show(unread.raw)), findings, unread.message)


def words(finding: Finding, raw: Raw) -> list[str]:
    """The words of the answer that earned a finding."""
    for step in finding.path:
        raw = raw.get(step) if isinstance(raw, Mapping) else None
    text = show(raw)
    return [text[start:end] for start, end in finding.spans]


def show(raw: Raw) -> str:
    """The answer as entered, as one text."""
    if raw is None:
        return ""
    return raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False)


def as_raw(value: object) -> Raw:
    """Any JSON- or YAML-like value as an answer: scalars become the text that was written.

    Raises:
        ValueError: a value that is no text, number, list or mapping.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        return {str(key): as_raw(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [as_raw(item) for item in value]
    raise ValueError(f"an answer is text, a list or a mapping, not {type(value).__name__}")


_ORDERED = json.JSONEncoder(ensure_ascii=False, default=str)
_SORTED = json.JSONEncoder(ensure_ascii=False, default=str, sort_keys=True)


def digest(*values: object, ordered: bool = False, length: int = 16) -> str:
    """A stable name of `length` hex digits for JSON-like values; equal values give equal names in every process.

    With `ordered` the order of a mapping's entries counts too.
    """
    text = (_ORDERED if ordered else _SORTED).encode(values)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]

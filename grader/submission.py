"""What one candidate handed in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from grader.checkers.base import Model, RawAnswer
from grader.errors import Problem
from grader.score import Raw

RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that are no file names on some systems."""


def _can_name_a_file(name: str) -> str:
    if RESERVED.fullmatch(name) or name.endswith("."):
        raise ValueError(f"{name!r} cannot name a file on every system; choose another identifier")
    return name


CandidateId = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"),
    AfterValidator(_can_name_a_file),
]


class Submission(Model):
    """One candidate's answers by question id, exactly as entered."""

    candidate: CandidateId
    group: str = ""
    """Empty means the exam's default group."""
    answers: dict[str, RawAnswer] = {}


@dataclass(frozen=True)
class Handed:
    """What was found for one candidate: answers, single answers that could not be read, and what is wrong.

    `failed` says why nothing of it could be read; the candidate then waits for a person as a whole.
    """

    candidate: str
    group: str = ""
    answers: Mapping[str, Raw] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    failed: str = ""
    nameless: bool = False
    """The candidate is known from the file's name only."""


def natural(text: str) -> tuple[list[tuple[int, int, str]], str]:
    """A sort key that puts `9` before `10` and `a2` before `a10`; the text itself settles ties such as `7` and `007`."""
    parts = re.findall(r"([0-9]+)|([^0-9]+)", text)
    return [(0, int(digits), "") if digits else (1, 0, other) for digits, other in parts], text


def place_of(candidate: str) -> str:
    """A text that sorts as `natural` does, for a database. Identifiers hold no control characters, so none is mistaken."""
    parts = re.findall(r"([0-9]+)|([^0-9]+)", candidate)
    keys = [_number_key(digits) if digits else f"\x03{other}" for digits, other in parts]
    return f"{''.join(keys)}\x01{candidate}"


def _number_key(digits: str) -> str:
    significant = digits.lstrip("0")
    return f"\x02{len(significant):04}{significant}"

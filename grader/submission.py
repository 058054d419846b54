"""What one candidate handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import StringConstraints

from grader.checkers.base import Model, RawAnswer
from grader.errors import Problem
from grader.score import Raw

CandidateId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]


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

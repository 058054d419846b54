"""Three families of errors, named by who must act on them.

`AuthorError` is for whoever wrote an exam or a rubric, `SubmissionError` for whoever handed in a file,
`EngineError` for us. Each carries every problem found, not only the first one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong, where it stands (1-based line and column, 0 = unknown) and what to write."""

    file: str
    line: int
    column: int
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return f"{place}: {self.message}" if place else self.message


class GraderError(Exception):
    """Base of the three families; never raised itself."""

    def __init__(self, problems: Iterable[Problem] | Problem | str) -> None:
        if isinstance(problems, str):
            problems = Problem("", 0, 0, problems)
        self.problems: tuple[Problem, ...] = (
            (problems,) if isinstance(problems, Problem) else tuple(problems)
        )
        super().__init__("\n".join(str(problem) for problem in self.problems))


class AuthorError(GraderError):
    """The exam or the rubric is at fault; its author must act."""


class SubmissionError(GraderError):
    """A file that was handed in cannot be read; the candidate or the instructor must act."""


class EngineError(GraderError):
    """We are at fault."""

"""How a program is judged: read, looked at, run in the jail beside a reference, and credited criterion by criterion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field, field_validator

from grader.checkers.base import Checker, Place, Response, Tools
from grader.checkers.code.criterion import CodeCriterion, CodeLimits, KnownProgram, Tolerance
from grader.checkers.code.inputs import Input
from grader.checkers.code.proofreading import faults
from grader.checkers.code.response import CodeResponse, Program, one_place
from grader.checkers.code.sourcefile import Source, SourceFile
from grader.score import NOTHING, Answer, Finding, Outcome, Raw, Score

LIMIT_FINDINGS = ("cpu-limit", "wall-limit", "memory-limit", "output-limit", "crash", "ended-early")
NOTICES = ("forbidden-name", "required-name", "import", "tampering", "needs-forbidden", "exception")
NOT_RUN = "not-run"
"""The finding of a program that this machine cannot run."""
INSTALL = "install the extra: pip install 'examgrader[code]'"


class Code(Checker):
    """Runs a program against a reference where criteria say how; a person judges the rest."""

    kind: Literal["code"]
    solution: SourceFile | None = Field(default=None, alias="reference")
    """A right answer, in the form of an answer."""
    harness: SourceFile | None = None
    """A program with `{{answer}}` that takes the place of the exam's template; candidates never see it."""
    judged_by: dict[str, CodeCriterion] = Field(alias="criteria", min_length=1)
    inputs: dict[str, Input] = {}
    draws: int = Field(default=3, ge=1, le=20)
    """Sets of random inputs for each criterion, beside the edge cases."""
    misconceptions: dict[str, KnownProgram] = {}
    tolerance: dict[Literal["float64", "float32", "float16", "bfloat16"], Tolerance] = {}
    limits: CodeLimits = CodeLimits()
    forbid: tuple[str, ...] = ()
    """Names that send an answer to a person: `torch.relu`, `.relu`, `for`."""
    require: tuple[str, ...] = ()
    replace_forbidden: bool = False
    """Run again with the forbidden functions replaced by ones that raise."""
    cuda: bool = False
    """A GPU is simulated."""
    isolate: bool = False
    """Every case runs in a process of its own."""
    release_expected: bool = False
    """Candidates are told what was expected in the first failing case."""
    ask_a_person: tuple[str, ...] = ()
    """Exceptions by name (NameError) or by words of their message (module 'numpy') that a person forgives or not."""

    @field_validator("harness")
    @classmethod
    def _has_a_place(cls, harness: Source | None) -> Source | None:
        if harness is not None:
            one_place(harness.text)
        return harness

    def check(self, answer: Answer, tools: Tools) -> Score:
        program: Program = answer.value
        response: CodeResponse = answer.response
        missing = response.missing(program)
        if program.fault:
            message = f"This is not Python: {program.fault}."
            return for_a_person(self, answer, Finding("syntax-error", NOTHING, message, message))
        if missing and len(missing) == len(response.entry):
            message = f"The code defines no {' or '.join(missing)}."
            return for_a_person(self, answer, Finding("no-entry", NOTHING, message, message))
        if program.aside:
            return for_a_person(self, answer, Finding("fragment", NOTHING, program.aside))
        if self.undecidable():
            return for_a_person(self, answer)
        try:
            from grader.checkers.code import judging  # numpy, only where a program is run
        except ModuleNotFoundError as missing:
            return not_run(self, answer, f"{missing.name} is missing; {INSTALL}")
        return judging.judge(self, answer, tools)

    def problems(self, response: Response, given: frozenset[str]) -> Iterator[tuple[Place, str]]:
        total = sum((criterion.credit for criterion in self.judged_by.values()), NOTHING)
        if total != 1:
            yield ("criteria",), f"the criteria's credits add up to {total}, not 1"
        if self.undecidable():
            return
        if self.solution is None:
            yield (), "criteria with `run:` need a `reference:`, a file with a right answer"
        yield from faults(self.judged_by, self.inputs, self.replace_forbidden, self.forbid)

    def model_answer(self, response: Response, given: Mapping[str, Any]) -> Raw:
        return None if self.solution is None or self.undecidable() else self.solution.text

    def criteria(self) -> frozenset[str]:
        own = {"syntax-error", "no-entry", "fragment", "not-loaded", "criteria", NOT_RUN}
        return frozenset({*own, *LIMIT_FINDINGS, *NOTICES, *self.judged_by, *self.misconceptions})

    def undecidable(self) -> bool:
        return not any(criterion.run for criterion in self.judged_by.values())

    def seconds(self) -> float:
        runs = 2 + self.replace_forbidden + len(self.misconceptions)
        return 0.0 if self.undecidable() else runs * self.limits.wall


def for_a_person(
    check: Code, answer: Answer, *findings: Finding, evidence: str = "not run; a person judges it"
) -> Score:
    """The score of a program that was not judged: what stands in the way, and what to judge it by."""
    listed = "; ".join(f"{name} ({c.credit}): {c.say}" for name, c in check.judged_by.items())
    told = (*findings, Finding("criteria", NOTHING, "", f"to judge by: {listed}"))
    return Score(Outcome.REVIEW, None, answer.reading, told, evidence, notes=answer.notes)


def not_run(check: Code, answer: Answer, why: str) -> Score:
    """The score of a program on a machine that cannot run it, whatever is in it."""
    message = "Programs are not run on this machine, so a person will judge it."
    finding = Finding(NOT_RUN, NOTHING, message, why)
    return for_a_person(check, answer, finding, evidence=f"not run: {why}")

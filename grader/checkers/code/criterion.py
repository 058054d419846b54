"""What an author writes about one program: criteria, tolerances, limits, known wrong programs."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from grader.checkers.base import Credit, Model
from grader.checkers.code.inputs import Input
from grader.checkers.code.sourcefile import SourceFile
from grader.sandbox import Limits

Written = Annotated[float, BeforeValidator(float, json_schema_input_type=float | str)]
"""A number; editors take `1e-4` for a text."""


class Tolerance(Model):
    """How far numbers may lie apart: `absolute` + `relative` × the size of the expected one."""

    relative: Annotated[Written, Field(ge=0, lt=1)]
    absolute: Annotated[Written, Field(ge=0)]


TOLERANCES = {
    "float64": Tolerance(relative=1e-6, absolute=1e-9),
    "float32": Tolerance(relative=1e-4, absolute=1e-6),
    "float16": Tolerance(relative=1e-2, absolute=1e-3),
    "bfloat16": Tolerance(relative=2e-2, absolute=1e-2),
}
"""By the coarser dtype of the two values compared (half precision only where it is expected), wide enough for another order of the same steps."""
EXACT = Tolerance(relative=0, absolute=0)
"""Whole numbers and truth values."""


class Differences(Model):
    """A derivative that may also be judged by finite differences of the program's own output.

    Names of the criterion's lines: `of` is the output, `at` the input it is differentiated by, `gradient` what the
    program calls d(sum of output × weights)/d(at); `weights` is an input of the output's shape, all ones if left out.
    """

    of: str
    at: str
    gradient: str
    weights: str = ""


class CodeCriterion(Model):
    """One thing a right program does, and its share of the item; without `run` a person judges it."""

    credit: Credit
    say: str
    run: str = ""
    """Lines of calls; what they return is compared with what the reference returns."""
    inputs: dict[str, Input] = {}
    """More inputs than the item's, or others of the same name."""
    draws: int | None = Field(default=None, ge=1, le=20)
    unchanged: tuple[str, ...] = ()
    """Inputs that must be as they were after the lines have run."""
    deterministic: bool = False
    """The lines are run twice and must return exactly the same."""
    exact_dtype: bool = False
    """Float32 is wrong where float64 is expected, and the other way round."""
    differences: Differences | None = None


class KnownProgram(Model):
    """A known wrong program: an answer that returns the same as this one in every case keeps `credit`."""

    program: SourceFile
    credit: Credit
    say: str


class CodeLimits(Model):
    """What one run of a program may use. Time is judged by CPU; `wall` ends what only waits."""

    cpu: float = Field(default=5.0, gt=0, le=120)
    """Seconds."""
    memory: int = Field(default=512, ge=16, le=16_384)
    """MB above the idle jail."""
    output: int = Field(default=64, ge=1, le=1024)
    """KB kept of what is printed."""

    @property
    def wall(self) -> float:
        """Seconds, as the jail takes them for this CPU time."""
        return Limits(cpu=self.cpu).wall_seconds

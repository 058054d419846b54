"""What a run gives back: values rebuilt from checked bytes, never objects of the submission."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

from grader.sandbox.inside.wire import Array


class Status(StrEnum):
    """How a job ended. Most stop it where it is; the cases before that are kept."""

    OK = "ok"
    EXCEPTION = "exception"
    """The submission could not be loaded, or at least one case raised."""
    CPU = "cpu"
    WALL = "wall"
    MEMORY = "memory"
    OUTPUT = "output"
    """Printed or returned far more than is kept."""
    CRASH = "crash"
    """Killed by a signal, for example a segmentation fault."""
    PROTOCOL = "protocol"
    """Left by itself before all cases were done, or sent what no honest run sends."""


class Level(IntEnum):
    """How much stands between a submission and the machine; each level has all of the ones before."""

    OPEN = 0
    """Nothing: code ran as the user who started the grader."""
    KERNEL = 1
    """Landlock, system call filter, resource limits, closed descriptors, no capabilities."""
    NAMESPACES = 2
    """Own process tree, mounts, users and shared memory for every job."""
    WALL = 3
    """All of it inside bubblewrap: no network, only the interpreter's files."""


@dataclass(frozen=True, slots=True)
class TensorValue:
    """A tensor that came back: `dtype` is torch's name of it, `array` holds bfloat16 as float32.

    `device` is "cpu" or "cuda:0".
    """

    array: Array
    dtype: str
    device: str
    requires_grad: bool
    parameter: bool
    type_name: str


@dataclass(frozen=True, slots=True)
class Opaque:
    """Something that cannot travel, by the name of its type (text of the candidate)."""

    type_name: str


@dataclass(frozen=True, slots=True)
class TraceLine:
    """A line of the candidate's own text (from 1; may lie outside after an error of syntax) and the function around it."""

    line: int
    function: str


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception: type and message are text of the candidate. `step` is the place in the case, None while loading."""

    type_name: str
    message: str
    lines: tuple[TraceLine, ...]
    memory: bool
    step: int | None


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What the kept steps of one case returned, in order; fewer where it raised.

    A value is None, a bool, int, float or str, an array, a `TensorValue`, an `Opaque`, or a list, tuple or dict of these.

    A case that was not finished (`finished` False) has no values; its `status` is the one that ended its process: under
    this case, before it, or while loading. A finished one is `OK`, `EXCEPTION` or, where memory ran out, `MEMORY`.
    """

    values: tuple[Any, ...]
    printed: str
    raised: Raised | None
    status: Status = Status.OK
    finished: bool = True


@dataclass(frozen=True, slots=True)
class Run:
    """One job's outcome.

    `cases` has one result for each of the job's cases, at the same place; those that were not finished say so. With
    `isolate` every case has a process of its own, and one that dies leaves the others their results. `raised` is set
    where loading failed. `stdout` and `stderr` are cut at the job's limit. `cpu` is seconds; `wall` too, counted from
    when the jail stood. `peak` is bytes resident. `restarts` counts attempts on which the jail failed before this one.
    """

    status: Status
    detail: str
    cases: tuple[CaseResult, ...]
    raised: Raised | None
    stdout: str
    stderr: str
    cut: bool
    cpu: float
    wall: float
    peak: int
    level: Level
    restarts: int = 0

    @property
    def limit(self) -> Status | None:
        """Which limit ended the job, if one did."""
        limits = (Status.CPU, Status.WALL, Status.MEMORY, Status.OUTPUT)
        return self.status if self.status in limits else None

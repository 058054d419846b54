"""What the trusted side asks for: a submission, and cases described as data.

A case is a list of steps over named things: make an input, call what the submission defines, read an attribute,
run one of the harness's own routines. No step holds program text, and no reference answer ever enters a job.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from grader.sandbox.inside.wire import Array, BadFrame, encode

MIB = 1 << 20
CPU_SECONDS = 5.0
WALL_PER_CPU = 3.0
"""Wall time allowed for each second of CPU time: other processes may hold the machine."""
MEMORY_BYTES = 512 * MIB
OUTPUT_BYTES = 64 * 1024
RESULT_BYTES = 32 * MIB


@dataclass(frozen=True, slots=True)
class Limits:
    """What one job may use. Time is judged by CPU seconds; `wall` (seconds, None = 3 × cpu) ends what sleeps.

    `memory` counts bytes above the idle jail, `output` bytes kept of stdout and of stderr, `results` bytes returned.
    """

    cpu: float = CPU_SECONDS
    wall: float | None = None
    memory: int = MEMORY_BYTES
    output: int = OUTPUT_BYTES
    results: int = RESULT_BYTES

    @property
    def wall_seconds(self) -> float:
        return WALL_PER_CPU * self.cpu if self.wall is None else self.wall


@dataclass(frozen=True, slots=True)
class Tensor:
    """An array that becomes a torch tensor in the jail; `device` "cuda" needs `Job.cuda`."""

    array: Array
    requires_grad: bool = False
    device: str = "cpu"
    parameter: bool = False


@dataclass(frozen=True, slots=True)
class Ref:
    """Something an earlier step saved or the submission defines, with attributes and indices: `layer.weight`, `y.0`."""

    path: str


@dataclass(frozen=True, slots=True)
class Library:
    """A name from an installed module: `torch:nn.functional.relu`, `numpy:exp`."""

    name: str


@dataclass(frozen=True, slots=True)
class Let:
    """Give a value a name. Read it back later with `Get` to see whether a call changed it."""

    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class Call:
    """Call `target` (a path as in `Ref`, or a library name with a colon); return the result if `keep`, name it if `save`."""

    target: str
    args: Sequence[Any] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    save: str = ""
    keep: bool = True


@dataclass(frozen=True, slots=True)
class Get:
    """Return what stands at `path`."""

    path: str


@dataclass(frozen=True, slots=True)
class Set:
    """Assign to an attribute or index: `layer.training`, `weights.0`."""

    path: str
    value: Any


@dataclass(frozen=True, slots=True)
class Ask:
    """Run a routine that ships with the harness (`grader.sandbox.inside.routines`) and return its answer."""

    routine: str
    args: Sequence[Any] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    save: str = ""
    keep: bool = True


Step = Let | Call | Get | Set | Ask
_CODES: dict[type, str] = {Let: "let", Call: "call", Get: "get", Set: "set", Ask: "ask"}


@dataclass(frozen=True, slots=True)
class Case:
    """Steps that run in order with their own names; names of one case are not seen by the next."""

    steps: Sequence[Step]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One submission and what to do with it.

    `source` is the whole program, a template already filled in; `own` are the first and last line (from 1) that the
    candidate wrote: tracebacks show only these, numbered from 1. `forbidden` names (`torch:relu`) raise when called.
    `isolate` runs every case in a fresh process, so that nothing is kept from one case to the next.
    """

    source: bytes
    cases: Sequence[Case] = ()
    own: tuple[int, int] | None = None
    limits: Limits = Limits()
    seed: int = 0
    cuda: bool = False
    forbidden: Sequence[str] = ()
    isolate: bool = False


def pack(job: Job, first: int = 0) -> bytes:
    """The job as one frame; its cases draw random numbers as if they stood from place `first` on.

    Raises `TypeError` for a value that no step can carry.
    """
    arrays: list[Array] = []
    header = {
        "source": job.source.decode("latin-1"),
        "own": job.own,
        "seed": job.seed,
        "first": first,
        "cuda": job.cuda,
        "forbidden": list(job.forbidden),
        "cases": [[_step(step, arrays) for step in case.steps] for case in job.cases],
    }
    try:
        return encode(header, arrays)
    except BadFrame as fault:
        raise TypeError(str(fault)) from fault


def _step(step: Step, arrays: list[Array]) -> list[Any]:
    if type(step) not in _CODES:
        raise TypeError(f"{step!r} is not a step")
    values = [getattr(step, part.name) for part in fields(step)]
    return [_CODES[type(step)], *(_value(value, arrays) for value in values)]


def _value(value: Any, arrays: list[Array]) -> list[Any]:
    """A value as a tagged list; `grader.sandbox.inside.values` reads the same tags."""
    match value:
        case None | bool() | int() | str():
            return ["v", value]
        case float():
            return ["v", value] if math.isfinite(value) else ["f", str(value)]
        case Tensor(array=array):
            arrays.append(array)
            flags = [value.requires_grad, value.device, value.parameter]
            return ["t", len(arrays) - 1, *flags]
        case Ref(path=path):
            return ["r", path]
        case Library(name=name):
            return ["l", name]
        case list():
            return ["L", [_value(part, arrays) for part in value]]
        case tuple():
            return ["T", [_value(part, arrays) for part in value]]
        case Mapping():
            pairs = [[_value(key, arrays), _value(part, arrays)] for key, part in value.items()]
            return ["D", pairs]
    if hasattr(value, "dtype") and hasattr(value, "tobytes"):
        arrays.append(value)
        return ["a", len(arrays) - 1]
    raise TypeError(f"a {type(value).__name__} cannot be sent into the jail")

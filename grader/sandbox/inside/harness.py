"""Runs one job inside a confined clone: reads it, loads the submission as a module, takes the steps, sends frames.

The submission can reach all of this and change it; that gains nothing but wrong values, since it is judged outside.
"""

from __future__ import annotations

import contextlib
import importlib.abc
import importlib.machinery
import importlib.util
import io
import os
import random
import sys
from collections.abc import Iterator
from types import ModuleType, TracebackType
from typing import Any, NoReturn

import numpy as np
import torch

from grader.sandbox.inside import cuda, lean, routines, wire
from grader.sandbox.inside.protocol import JOB, RESULTS
from grader.sandbox.inside.values import Scope, library, write

NAME, FILE = "answer", "answer.py"
LONGEST_MESSAGE = 1000
LONGEST_TRACE = 20
PRINTED = 4096
"""Characters of printed text returned with each case."""
ROOM_FOR_HEADERS, ROOM_FOR_PARTS = wire.ALL_HEADER_BYTES * 3 // 4, wire.MOST_PARTS * 3 // 4
"""Of what the trusted side reads; the rest is for cases that have to say that they hold more."""
TOO_MANY = "more values than can be returned"
SEED_SPACE = 1 << 32
READ_BYTES = 1 << 20
OUT_OF_MEMORY = ("can't allocate memory", "not enough memory", "bad_alloc")


class ForbiddenCall(RuntimeError):
    """The task forbids this function."""


class Source(importlib.abc.InspectLoader):
    """Loads the submission's text as a module, the way Python loads a file."""

    def __init__(self, text: bytes) -> None:
        self.text = text

    def get_source(self, fullname: str) -> str:
        return importlib.util.decode_source(self.text)

    def get_code(self, fullname: str) -> Any:
        return self.source_to_code(self.text, FILE)


class Printed(io.TextIOWrapper):
    """Standard output that also remembers what one case printed."""

    def __init__(self, descriptor: int) -> None:
        raw = open(descriptor, "wb", closefd=False)  # noqa: SIM115 - open as long as the process
        super().__init__(raw, encoding="utf-8", errors="replace", line_buffering=True)
        self.kept = ""

    def write(self, text: str, /) -> int:
        if len(self.kept) < PRINTED:
            self.kept += text[: PRINTED - len(self.kept)]
        return super().write(text)


def warm_up(folder: str) -> None:
    """Do in the zygote what every job needs, so that no clone pays for it. No backward pass: it starts threads."""
    settle(folder)
    np.ones((4, 4)) @ np.ones((4, 4))
    np.random.default_rng(0).standard_normal(4)
    torch.nn.functional.linear(torch.zeros(2, 2), torch.zeros(2, 2)).relu()
    _seed(0)
    model = torch.nn.Linear(2, 2)
    torch.optim.Adam(model.parameters()).zero_grad()
    _load(b"import torch\nimport numpy as np\n\ndef f(x):\n    return x\n")
    del sys.modules[NAME]


def settle(folder: str) -> None:
    """One thread, no compiler, an empty environment, and standard streams that remember."""
    torch.set_num_threads(1)
    lean.postpone_compiler()
    os.environ.clear()
    os.environ.update(HOME=folder or "/", TMPDIR=folder or "/", OMP_NUM_THREADS="1")
    sys.argv[:] = [FILE]
    sys.stdout, sys.stderr = Printed(1), Printed(2)


def main() -> NoReturn:
    """Run the job that stands at descriptor 3; ends the process. Needs `settle`."""
    code = 1
    try:
        run(_read())
        code = 0
    finally:
        _flush()
        os._exit(code)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):  # the submission may have put anything here
            stream.flush()


def _read() -> wire.Frame:
    parts = []
    while part := os.read(JOB, READ_BYTES):
        parts.append(part)
    os.close(JOB)
    frames, _ = wire.decode(b"".join(parts), None)
    return frames[0]


def run(frame: wire.Frame) -> None:
    """All cases of a job; every case sends one frame, an `end` frame closes them."""
    job, arrays = frame
    if job["cuda"]:
        cuda.simulate()
    _seed(job["seed"])
    for name in job["forbidden"]:
        _forbid(name)
    own = tuple(job["own"] or (1, sys.maxsize))
    try:
        module = _load(job["source"].encode("latin-1"))
    except BaseException as failure:  # noqa: BLE001 - whatever the submission raises is its result
        _send({"loaded": False, "raised": _describe(failure, own)}, [])
        return
    _send({"loaded": True}, [])
    room = wire.Allowance(len(job["cases"]), ROOM_FOR_HEADERS, ROOM_FOR_PARTS)
    for number, steps in enumerate(job["cases"]):
        _seed(job["seed"] + job["first"] + number)
        _case(number, steps, Scope(vars(module), arrays), own, room)
    _send({"end": len(job["cases"])}, [])


def _load(text: bytes) -> ModuleType:
    loader = Source(text)
    spec = importlib.machinery.ModuleSpec(NAME, loader, origin=FILE)
    module = importlib.util.module_from_spec(spec)
    module.__file__ = FILE
    sys.modules[NAME] = module
    loader.exec_module(module)
    return module


def _seed(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed % SEED_SPACE)
    torch.default_generator.manual_seed(seed % SEED_SPACE)


def _forbid(name: str) -> None:
    """Put something in the function's place that raises when called."""
    owner_name, _, last = name.replace(":", ".").rpartition(".")
    path, _, _ = name.rpartition(".")
    owner = library(path) if "." in name.partition(":")[2] else sys.modules[owner_name]

    def stub(*_: Any, **__: Any) -> None:
        raise ForbiddenCall(f"{name.replace(':', '.')} may not be used here")

    setattr(owner, last, stub)


def _case(
    number: int, steps: list[list[Any]], scope: Scope, own: tuple[int, ...], room: wire.Allowance
) -> None:
    arrays: list[wire.Array] = []
    values: list[list[Any]] = []
    raised, place = None, 0
    if isinstance(sys.stdout, Printed):
        sys.stdout.kept = ""
    try:
        for place, step in enumerate(steps):  # noqa: B007 - the last place is reported
            for value in _take(step, scope):
                values.append(write(value, arrays))
    except BaseException as failure:  # noqa: BLE001 - whatever the submission raises is its result
        raised = {**_describe(failure, own), "step": place}
    printed = sys.stdout.kept if isinstance(sys.stdout, Printed) else ""
    case = {"case": number, "values": values, "raised": raised, "printed": printed}
    header = wire.header_of(case, arrays)
    try:
        room.take(header)
    except wire.BadFrame:
        # more nested or plainer values than travel: the trusted side learns that there were some
        _send({**case, "values": [["o", TOO_MANY] for _ in values], "printed": ""}, [])
        return
    _write(wire.framed(header, arrays))


def _take(step: list[Any], scope: Scope) -> Iterator[Any]:
    """Take one step; yields what it returns to the trusted side."""
    match step:
        case ["let", [_, name], value]:
            scope.saved[name] = scope.read(value)
        case ["get", [_, path]]:
            yield scope.find(path)
        case ["set", [_, path], value]:
            _assign(scope, path, scope.read(value))
        case ["call" | "ask" as kind, [_, target], args, kwargs, [_, save], [_, keep]]:
            function = scope.find(target) if kind == "call" else routines.ROUTINES[target]
            result = function(*scope.read(args), **scope.read(kwargs))
            if save:
                scope.saved[save] = result
            if keep:
                yield result
        case _:
            raise ValueError(f"no such step: {step!r}")


def _assign(scope: Scope, path: str, value: Any) -> None:
    owner_path, _, last = path.rpartition(".")
    if not owner_path:
        scope.saved[last] = value
        return
    owner = scope.find(owner_path)
    if last.isdigit():
        owner[int(last)] = value
    elif type(owner) is dict:
        owner[last] = value
    else:
        setattr(owner, last, value)


def _describe(failure: BaseException, own: tuple[int, ...]) -> dict[str, Any]:
    """Type, message and the candidate's own lines of a traceback."""
    try:
        message = str(failure)[:LONGEST_MESSAGE]
    except BaseException:  # noqa: BLE001 - the submission's own exception class
        message = ""
    text = failure.__class__.__name__[:100]
    memory = isinstance(failure, MemoryError) or any(sign in message for sign in OUT_OF_MEMORY)
    lines = [*_own_lines(failure.__traceback__, own), *_syntax_line(failure, own)]
    return {"type": text, "message": message, "memory": memory, "lines": lines[-LONGEST_TRACE:]}


def _own_lines(trace: TracebackType | None, own: tuple[int, ...]) -> Iterator[list[Any]]:
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == FILE and own[0] <= trace.tb_lineno <= own[1]:
            yield [trace.tb_lineno - own[0] + 1, code.co_name[:100]]
        trace = trace.tb_next


def _syntax_line(failure: BaseException, own: tuple[int, ...]) -> Iterator[list[Any]]:
    if isinstance(failure, SyntaxError) and failure.filename == FILE and failure.lineno:
        yield [failure.lineno - own[0] + 1, ""]


def _send(header: dict[str, Any], arrays: list[wire.Array]) -> None:
    _write(wire.encode(header, arrays))


def _write(frame: bytes) -> None:
    left = memoryview(frame)
    while left:
        left = left[os.write(RESULTS, left) :]

"""Workers for `bench/equivalence.py`: this project's judge and its peers, each in a process of its own.

A peer is installed once, into a virtual environment of its own below a cache folder. A worker that takes longer
than the limit for a pair is killed and started again; that pair then counts as a hang.
"""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from parts.environments import environment

ROOT = Path(__file__).resolve().parents[3]
WORKERS = Path(__file__).with_name("workers")

MATH_VERIFY = ("math-verify[antlr4_13_2]==0.9.0", "sympy==1.14.0", "latex2sympy2-extended==1.11.0")
EDX = ("openedx-calc==4.0.3", "numpy==2.4.6", "pyparsing==3.3.3")
START_SECONDS = 120.0
"""Importing a peer for the first time compiles it."""

Form = Literal["text", "latex", "explicit"]


@dataclass(frozen=True, slots=True)
class System:
    """Who judges: what to install (nothing for this project), the worker's file, the form of its texts."""

    name: str
    requirements: tuple[str, ...]
    script: str
    form: Form
    called: str


OURS = System(
    "ours", (), "ours.py", "text", "compare_texts on the texts as written, as `grader compare` does"
)
OURS_LATEX = System("ours, LaTeX", (), "ours.py", "latex", "the same on the pairs' LaTeX forms")
PEERS = (
    System(
        "Math-Verify 0.9.0",
        MATH_VERIFY,
        "math_verify_.py",
        "latex",
        "parse and verify with their own time limits, on the LaTeX form: given, else printed by this "
        "project from its own reading, else the text between dollar signs",
    ),
    System(
        "edX calc 4.0.3",
        EDX,
        "edx.py",
        "explicit",
        "parsed once, five samples from 1 to 5 within 0.01 % or the pair's tolerance, variables and functions "
        "declared from the pair, on texts with every * written",
    ),
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a worker said: `status` is one of equal, different, undecided, unreadable, crashed, hang."""

    status: str
    evidence: str
    seconds: float
    peak: float
    """Megabytes, the worker's largest so far."""


@dataclass(slots=True)
class Worker:
    """A warm process that judges pairs, started again after a hang."""

    command: list[str]
    limit: float
    environment: Mapping[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None
    _rest: bytes = b""

    def ask(self, pair: Mapping[str, Any]) -> Reply:
        """One pair judged; `hang` when it took longer than the limit or the process died."""
        process = self._running()
        began = time.perf_counter()
        try:
            self._send(process, json.dumps(dict(pair)).encode() + b"\n")
            reply = json.loads(self._line(process, self.limit))
        except (TimeoutError, BrokenPipeError, EOFError) as error:
            self.stop()
            return Reply("hang", type(error).__name__, time.perf_counter() - began, 0.0)
        return Reply(reply["status"], reply["evidence"], reply["seconds"], reply["peak"])

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None
            self._rest = b""

    def _running(self) -> "subprocess.Popen[bytes]":
        if self.process is None:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **self.environment},
            )
            try:
                self._line(self.process, START_SECONDS)
            except (TimeoutError, EOFError):
                self.stop()
                raise SystemExit(f"{' '.join(self.command)} does not start") from None
        return self.process

    def _send(self, process: "subprocess.Popen[bytes]", line: bytes) -> None:
        if process.stdin:
            process.stdin.write(line)
            process.stdin.flush()

    def _line(self, process: "subprocess.Popen[bytes]", seconds: float) -> bytes:
        """The next line the worker wrote. Raises TimeoutError, or EOFError when it has gone."""
        output = process.stdout.fileno() if process.stdout else -1
        until = time.perf_counter() + seconds
        while b"\n" not in self._rest:
            left = until - time.perf_counter()
            if left <= 0 or not select.select([output], [], [], left)[0]:
                raise TimeoutError
            piece = os.read(output, 65536)
            if not piece:
                raise EOFError
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        return line


def worker(system: System, cache: Path, limit: float) -> Worker:
    """A worker for a system; its peer is installed below `cache` if it is not there yet."""
    python = environment(system.requirements, cache) if system.requirements else sys.executable
    return Worker([str(python), str(WORKERS / system.script)], limit, {"PYTHONPATH": str(ROOT)})

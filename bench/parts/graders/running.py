"""Running other programs: in environments of their own, with the time they take, and to the end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from parts.environments import environment

SHOWN = ("otter-grader", "nbgrader", "ipykernel", "nbclient", "nbconvert", "numpy")
"""Packages whose versions are printed."""


class Failed(Exception):
    """A grader that could not be installed or run; the message says why."""


@dataclass(frozen=True)
class Limits:
    cell: int
    """Seconds for each cell of a notebook, where the grader can say so."""
    candidate: int
    """Seconds for a candidate, after which the benchmark itself ends a grader that has no limit; more where the
    teacher's solution takes long on this machine."""


@dataclass(frozen=True)
class Verdict:
    """What a grader says of one candidate."""

    points: float | None
    """None where it gave none."""
    note: str = ""
    """Why it gave none, or what it leaves to a person."""


@dataclass(frozen=True)
class Graded:
    seconds: float
    """Wall time for the class."""
    verdicts: Mapping[str, Verdict]
    """By candidate."""


class Stopwatch:
    """Wall time."""

    def __enter__(self) -> Stopwatch:
        self._started = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.perf_counter() - self._started


def run(
    line: Sequence[str | Path], folder: Path, seconds: float | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command in `folder`, without the user's settings of Jupyter.

    Raises:
        subprocess.TimeoutExpired: after `seconds`; it and everything it started is killed.
    """
    path = os.pathsep.join([str(Path(line[0]).parent), os.environ.get("PATH", "")])
    own = {"PATH": path, "JUPYTER_CONFIG_DIR": f"{folder}/.jupyter", "IPYTHONDIR": f"{folder}/.ipy"}
    child = subprocess.Popen(
        [str(part) for part in line],
        cwd=folder,
        env={**os.environ, **own},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        out, err = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        for pid in _tree(child.pid):  # the kernel of a notebook is in a session of its own
            os.kill(pid, signal.SIGKILL)
        child.communicate()
        raise
    return subprocess.CompletedProcess(child.args, child.returncode, out, err)


def checked(line: Sequence[str | Path], folder: Path) -> str:
    """What a command printed.

    Raises:
        Failed: when it did not succeed.
    """
    done = run(line, folder)
    if done.returncode:
        command = " ".join([Path(line[0]).name, *map(str, line[1:3])])
        raise Failed(f"`{command}` failed: {last_line(done.stderr)}")
    return done.stdout


def last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "no output")


def _tree(root: int) -> list[int]:
    """A process and everything below it (Linux), children first."""
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        except OSError:
            continue
        found.append(pid)
        waiting += map(int, children)
    return found[::-1]


def install(packages: Sequence[str], cache: Path) -> Path:
    """The `bin` of a virtual environment with these packages; prints their versions.

    Raises:
        Failed: when the packages cannot be had.
    """
    try:
        python = environment(packages, cache)
    except OSError as failure:
        raise Failed(str(failure)) from None
    listed = json.loads(checked([python, "-m", "pip", "list", "--format=json"], cache))
    print("  " + ", ".join(f"{it['name']} {it['version']}" for it in listed if it["name"] in SHOWN))
    return python.parent

"""`grader grade` in a process of its own, with what it took: time, processor time, memory, works judged."""

from __future__ import annotations

import compileall
import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLE_SECONDS = 0.1
BOOKS = ("gradebook.csv", "gradebook.json")


@dataclass(frozen=True)
class Run:
    """What one run took. `load` is the machine's load average when it began: others slow it down."""

    seconds: float
    processor_seconds: float
    megabytes: float
    judged: int
    """Works that were judged in this run."""
    stages: Mapping[str, float]
    """Wall time by stage, as the progress tells it."""
    load: float

    def __str__(self) -> str:
        stages = ", ".join(f"{name.lower()} {taken:.2f}" for name, taken in self.stages.items())
        return (
            f"wall {self.seconds:7.2f} s, processors {self.processor_seconds:7.2f} s, peak {self.megabytes:4.0f} MB, "
            f"{self.judged} judged (load {self.load:.1f}; s by stage: {stages or 'nothing to do'})"
        )


def grade(workspace: Path, exam: str, *options: str) -> Run:
    """Grade the class of an exam. Ends the program if that fails."""
    variables, load = environment(), os.getloadavg()[0]
    command = [sys.executable, "-m", "grader", "grade", exam, "--workspace", str(workspace)]
    start = time.perf_counter()
    child = subprocess.Popen(
        [*command, "--json-log", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=variables,
    )
    watch = _Watch(child.pid)
    printed, logged = child.communicate()
    seconds = time.perf_counter() - start
    watch.stop()
    if child.returncode:
        raise SystemExit(f"grading failed with exit code {child.returncode}: {logged[-2000:]}")
    judged = re.search(r"^judged now\s+(\d+)", printed, re.MULTILINE)
    if judged is None:
        raise SystemExit("`grader grade` no longer says how many works it judged")
    return Run(seconds, watch.seconds, watch.megabytes, int(judged[1]), _stages(logged), load)


@cache
def environment() -> dict[str, str]:
    """Variables for processes of this checkout, whose modules are compiled as an installation's are."""
    compileall.compile_dir(ROOT / "grader", quiet=1)
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(ROOT)}


def _stages(logged: str) -> dict[str, float]:
    lines = [json.loads(line) for line in logged.splitlines() if line.startswith("{")]
    return {line["stage"]: line["seconds"] for line in lines}


def books(reports: Path) -> list[bytes]:
    """The bytes of the gradebook."""
    return [(reports / name).read_bytes() for name in BOOKS]


def report_digest(reports: Path) -> str:
    """Names the bytes of everything that people read in a folder of reports."""
    told = hashlib.sha256()
    for file in sorted(reports.rglob("*")):
        if file.suffix in {".html", ".csv", ".json"} and not file.name.startswith("."):
            told.update(f"{file.relative_to(reports)}\0".encode())
            told.update(hashlib.sha256(file.read_bytes()).digest())
    return told.hexdigest()


class _Watch(threading.Thread):
    """Watches proportional memory and processor time of a process and everything below it (Linux).

    Processor time is as of the last look at each process, so up to one look of each is missed.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.megabytes = pid, 0.0
        self._used: dict[int, float] = {}
        self._over = threading.Event()
        self.start()

    @property
    def seconds(self) -> float:
        return sum(self._used.values())

    def run(self) -> None:
        while not self._over.wait(SAMPLE_SECONDS):
            tree = _tree(self.pid)
            self.megabytes = max(self.megabytes, sum(map(_proportional_kilobytes, tree)) / 1024)
            self._used |= {pid: used for pid in tree if (used := _processor_seconds(pid))}

    def stop(self) -> None:
        self._over.set()
        self.join()


def _tree(root: int) -> list[int]:
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        except OSError:
            continue
        waiting += map(int, children)
    return found


def _proportional_kilobytes(pid: int) -> int:
    """A process's share of memory (shared pages divided among their users); 0 once it has gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _processor_seconds(pid: int) -> float:
    """Of the process itself, in user and system mode; 0 once it has gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    user, system = fields.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

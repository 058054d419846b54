"""Killing `grader grade` at any moment and running it again: nothing is lost, nothing is done twice.

Used by the tests, and at more points by `bench/faults.py`.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import EXAM, RUBRIC

ROOT = Path(__file__).parents[2]
CANDIDATES = 60
PATIENCE = 120.0
LOOK_SECONDS = 0.002
LUMP_SECONDS = 0.1
"""About as long as it takes until the next rows come."""
TABLES = ("acts", "papers", "entries", "scores", "standings")
SYMBOLIC_QUESTION = """\
  4:
    title: A derivative
    points: 2
    ask: Differentiate $x^2$.
    response: {kind: symbolic, symbols: [x]}
"""
SYMBOLIC_ITEM = """\
  4:
    kind: symbolic
    key: 2*x
    solution: The power rule.
    examples:
      - {answer: "2x", credit: 1}
"""
DUPLICATED = 7
"""Every so many candidates hand in twice."""


def make_class(root: Path, seed: int, candidates: int = CANDIDATES) -> None:
    """A workspace with an exam of five questions, and a class some of whose files are of no use."""
    chance = random.Random(seed)  # noqa: S311 - a class made up the same way each time
    (root / "exams").mkdir(parents=True)
    (root / "rubrics").mkdir()
    folder = root / "submissions/small"
    folder.mkdir(parents=True)
    (root / "exams/small.yaml").write_text(EXAM + SYMBOLIC_QUESTION, encoding="utf-8")
    (root / "rubrics/small.yaml").write_text(RUBRIC + SYMBOLIC_ITEM, encoding="utf-8")
    for number in range(candidates):
        text = _submission(f"c{number}", chance)
        if number % 11 == 5:
            text = "candidate: [\n"
        (folder / f"c{number}.yaml").write_text(text, encoding="utf-8")
        if number % DUPLICATED == 3:
            (folder / f"again{number}.yaml").write_text(text, encoding="utf-8")
    (folder / "binary.yaml").write_bytes(b"\0\xff")


def _submission(candidate: str, chance: random.Random) -> str:
    number = chance.randrange(1, 40)
    group = chance.choice(["msc", "phd"])
    derivative = chance.choice([f"{number}*x", f"2x + {number}", f"(x+{number})^2 - x^2", "2x +"])
    why = chance.choice(["Many small factors are multiplied.", "no idea", f"because {number}"])
    if number == 1:
        return f"candidate: {candidate}\ngroup: {group}\n"
    answers = {"1a": str(number), "1b": str(2 * number), "2": why, "4": derivative}
    if group == "phd":
        answers["3"] = chance.choice(["a", "b"])
    lines = "".join(f"  {key}: '{answer}'\n" for key, answer in answers.items())
    return f"candidate: {candidate}\ngroup: {group}\nanswers:\n{lines}"


def start(root: Path, *options: str, workers: int = 1) -> subprocess.Popen[str]:
    """`grader grade small` with a process group of its own."""
    line = [sys.executable, "-m", "grader", "grade", "small", "--workspace", str(root)]
    return subprocess.Popen(
        [*line, "--by", "kari", "--workers", str(workers), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )


def finish(root: Path, *options: str, workers: int = 1) -> str:
    """Grade to the end; what was said."""
    with start(root, *options, workers=workers) as process:
        said, _ = process.communicate(timeout=PATIENCE)
    if process.returncode:
        raise AssertionError(f"exit code {process.returncode}: {said}")
    return said


def kill(process: subprocess.Popen[str]) -> None:
    """End a run and all its workers, as a power cut would."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def ledger_of(root: Path) -> Path:
    return root / "reports/small/ledger.sqlite"


def counts(root: Path) -> dict[str, int]:
    """Rows by table as others see them; none before there are tables."""
    try:
        with closing(_reading(root)) as connection:
            return {
                table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
                for table in TABLES
            }
    except sqlite3.Error:
        return dict.fromkeys(TABLES, 0)


def done_twice(root: Path) -> list[tuple[object, ...]]:
    """Works and entries that are recorded more than once."""
    with closing(_reading(root)) as connection:
        return [
            *connection.execute(
                "SELECT work, count(*) FROM scores GROUP BY work HAVING count(*) > 1"
            ),
            *connection.execute(
                "SELECT name, count(*) FROM entries GROUP BY name HAVING count(*) > 1"
            ),
        ]


def what_stands(root: Path) -> list[tuple[object, ...]]:
    """What the ledger says of everybody, whatever the order in which it was found out."""
    with closing(_reading(root)) as connection:
        text = "SELECT candidate, grp, bonus, identity, settled FROM standings ORDER BY candidate"
        return connection.execute(text).fetchall()


def _reading(root: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{ledger_of(root).as_uri()}?mode=rw", uri=True, timeout=5)


def reports(root: Path) -> dict[str, bytes]:
    """The bytes of everything that people read; a page of our own that was cut off would be among them."""
    folder = root / "reports/small"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(("ledger.", ".made-from"))
    }


@dataclass(frozen=True)
class Point:
    """A moment of a run: `share` of its time has passed; or that share of its rows and pages is there, and `delay`."""

    by_time: bool
    share: float
    delay: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.share:.1%} of the {'time' if self.by_time else 'work'} and {self.delay:.3f} s"
        )


def points(seed: int, count: int) -> list[Point]:
    """Random moments, spread over the whole run: half by time, half by what is done, which comes in lumps."""
    chance = random.Random(seed)  # noqa: S311 - a class made up the same way each time
    found = []
    for number in range(count):
        share = (number + chance.random()) / count
        by_time = number % 2 == 0
        found.append(Point(by_time, share, 0.0 if by_time else chance.random() * LUMP_SECONDS))
    return found


class Undisturbed:
    """A class graded without a fault, and how much there is when it is done."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.seed = seed
        make_class(root, seed)
        began = time.monotonic()
        finish(root)
        self.seconds = time.monotonic() - began
        self.reports = reports(root)
        self.stands = what_stands(root)
        self.counts = counts(root)
        self.stages: Counter[str] = Counter()
        """In which stages runs were killed so far."""

    def progress(self, root: Path) -> float:
        """How far a run has come, 0 to 1: rows that were committed, then pages that were written."""
        rows = sum(counts(root).values()) / sum(self.counts.values())
        pages = len(list((root / "reports/small/students").glob("*.html")))
        return (rows + pages / len(self.stands)) / 2

    def trial(self, root: Path, point: Point) -> str:
        """Kill a fresh run at a point, run again; what is wrong afterwards, empty if nothing."""
        make_class(root, self.seed)
        process = start(root)
        self._wait(process, root, point)
        kill(process)
        before = counts(root)
        self.stages[self._stage(root, before)] += 1
        finish(root)
        faults = list(self._faults(root, before))
        shutil.rmtree(root)
        return "; ".join(faults)

    def _wait(self, process: subprocess.Popen[str], root: Path, point: Point) -> None:
        """Until the point is reached, or the run is over."""
        if point.by_time:
            time.sleep(self.seconds * point.share)
            return
        while process.poll() is None and self.progress(root) < point.share:
            time.sleep(LOOK_SECONDS)
        time.sleep(point.delay)

    def _stage(self, root: Path, rows: dict[str, int]) -> str:
        if not rows["entries"]:
            return "starting"
        if rows["standings"] < self.counts["standings"]:
            return "judging" if rows["scores"] else "reading"
        return "over" if (root / "reports/small/.made-from.json").exists() else "reports"

    def _faults(self, root: Path, before: dict[str, int]) -> Iterator[str]:
        found = reports(root)
        if found != self.reports:
            names = {n for n in {*found, *self.reports} if found.get(n) != self.reports.get(n)}
            yield f"other bytes in {sorted(names)}"
        if done_twice(root):
            yield f"done twice: {done_twice(root)}"
        after = counts(root)
        if any(after[table] < before[table] for table in TABLES):
            yield f"rows lost: {before}, then {after}"
        if {**after, "acts": 0} != {**self.counts, "acts": 0}:
            yield f"rows: {after}, undisturbed {self.counts}"
        if what_stands(root) != self.stands:
            yield "candidates stand otherwise"


def run_trials(undisturbed: Undisturbed, folder: Path, where: Sequence[Point]) -> list[str]:
    """What is wrong after being killed at each of the points."""
    told = []
    for number, point in enumerate(where):
        said = undisturbed.trial(folder / f"killed{number}", point)
        if said:
            told.append(f"killed at {point}: {said}")
    return told

"""The main job on a made-up class: read, score, decide, tally, write every report.

    python bench/classroom.py [--quick] [--candidates N]

Makes up candidates for `in5400-2022` from the examples of its rubric (no answers to code questions), with
realistic repetition for short answers and different wording for long ones, and grades them with `grader grade` in a
process of its own. Then the same with ten times as many, to see that time and memory grow in a straight line.
Wall time and memory depend on the machine; the class is the same each time.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import yaml
from parts.figures import at_most, told

import grader.checkers  # registers the answer kinds  # noqa: F401
from grader.loading.workspace import Workspace
from grader.rubric import Paper
from grader.score import Raw

ROOT = Path(__file__).resolve().parents[1]
EXAM = "in5400-2022"
SECONDS_TARGET, MEGABYTES_TARGET, GROWTH_TARGET = 12.0, 600.0, 1.2
"""For 1,000 candidates; growth is per factor of the class."""
SAMPLE_SECONDS = 0.1
BLANK_SHARE, OWN_WORDS_SHARE = 0.05, 0.7
FILLERS = (
    "I think",
    "In my view",
    "As I recall",
    "Roughly speaking",
    "From the lecture",
    "In short",
)


def make_class(paper: Paper, folder: Path, candidates: int) -> int:
    """Write made-up submissions; returns how many answers they hold."""
    draw = random.Random(2022)
    folder.mkdir(parents=True)
    count = 0
    for number in range(candidates):
        answers: dict[str, Raw] = {}
        for key, item in paper.rubric.items.items():
            question = paper.exam.questions[key]
            coded = question.response.kind in ("code", "forms")
            if question.groups or question.withheld or coded or draw.random() < BLANK_SHARE:
                continue
            answer = draw.choice(item.examples).answer
            if (
                question.response.kind == "text"
                and isinstance(answer, str)
                and draw.random() < OWN_WORDS_SHARE
            ):
                answer = f"{draw.choice(FILLERS)} (no. {number}): {answer}"
            answers[key] = answer
        count += len(answers)
        content = {"candidate": f"{20220000 + number}", "group": "msc", "answers": answers}
        text = yaml.dump(content, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
        (folder / f"{number:06}.yaml").write_text(text, encoding="utf-8")
    return count


def grade(folder: Path, out: Path) -> tuple[float, float, dict[str, float]]:
    """Grade a class in a fresh process: (wall seconds, peak megabytes of all its processes, seconds by stage)."""
    start = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, __file__, "--grade", str(folder), str(out)],
        stdout=subprocess.PIPE,
        text=True,
    )
    peak = _Peak(child.pid)
    printed, _ = child.communicate()
    seconds = time.perf_counter() - start
    peak.stop()
    if child.returncode:
        raise SystemExit(f"grading failed with exit code {child.returncode}")
    return seconds, peak.megabytes, json.loads(printed.splitlines()[-1])


class _Peak(threading.Thread):
    """Watches the proportional memory of a process and everything below it (Linux)."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.megabytes, self._over = pid, 0.0, threading.Event()
        self.start()

    def run(self) -> None:
        while not self._over.wait(SAMPLE_SECONDS):
            total = sum(_proportional_kilobytes(pid) for pid in _tree(self.pid)) / 1024
            self.megabytes = max(self.megabytes, total)

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


def _grade_here(folder: Path, out: Path) -> None:
    """What `grader grade` does, printing the seconds by stage."""
    from grader.engine.pool import default_workers
    from grader.ledger import Ledger
    from grader.pipeline import grade_class

    start = time.perf_counter()
    paper = Workspace(ROOT).paper(EXAM)
    load = time.perf_counter() - start
    outcomes = grade_class(
        paper, folder, Ledger(out / "ledger.sqlite"), out=out, workers=default_workers()
    )
    print(json.dumps({"load exam and rubric": load, **outcomes.seconds}))


def measure(paper: Paper, candidates: int) -> tuple[float, float, int]:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "submissions"
        answers = make_class(paper, folder, candidates)
        seconds, megabytes, stages = grade(folder, Path(place) / "reports")
        size = sum(file.stat().st_size for file in (Path(place) / "reports").rglob("*.html")) / 1e6
    print(f"{candidates} candidates, {answers} answers, {os.cpu_count()} processors")
    print(
        f"  wall {seconds:.2f} s, peak memory {megabytes:.0f} MB, {answers / seconds:.0f} answers/s, reports {size:.0f} MB"
    )
    for stage, taken in stages.items():
        print(f"  {stage:<28} {taken:6.2f} s  {100 * taken / seconds:5.1f} %")
    print(f"  {'start-up and shutdown':<28} {seconds - sum(stages.values()):6.2f} s")
    return seconds, megabytes, answers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="200 candidates, and 1,000 for the growth"
    )
    parser.add_argument("--candidates", type=int, default=1000)
    parser.add_argument("--grade", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.grade:
        _grade_here(*map(Path, options.grade))
        return
    paper = Workspace(ROOT).paper(EXAM)
    small, factor = (200, 5) if options.quick else (options.candidates, 10)
    first = measure(paper, small)
    second = measure(paper, small * factor)
    seconds, megabytes, answers = second if options.quick else first
    figures = {
        "wall": at_most(seconds, SECONDS_TARGET, "s"),
        "peak_memory": at_most(megabytes, MEGABYTES_TARGET, "MB"),
        "seconds_per_thousand_answers": told(1000 * seconds / answers, "s"),
        "growth": at_most(
            second[0] / first[0], factor * GROWTH_TARGET, f"x for {factor} x the class"
        ),
        "peak_memory_large": at_most(second[1], MEGABYTES_TARGET, "MB"),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

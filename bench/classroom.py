"""The main job on a made-up class: read, score, decide, tally, write every report.

    python bench/classroom.py [--quick] [--candidates N]

Makes up candidates for `in5400-2022` from the examples of its rubric, with realistic repetition for short answers and
different wording for long ones, and grades them with `grader grade` in processes of its own: without answers to
code questions, the same with ten times as many, to see that time and memory grow in a straight line, and with a
program for each of the exam's four questions that take one, cold and once more with nothing changed.
Wall time and memory depend on the machine; the class is the same each time.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from pathlib import Path

from parts.classes import make_class, make_workspace
from parts.figures import at_most, told
from parts.grading import Run, grade

import grader.checkers  # registers the answer kinds  # noqa: F401
from grader.loading.workspace import Workspace

EXAM = "in5400-2022"
SECONDS_TARGET, MEGABYTES_TARGET, GROWTH_TARGET = 12.0, 600.0, 1.2
"""For 1,000 candidates without programs; growth is per factor of the class."""
PROGRAMS_TARGET, UNCHANGED_TARGET = 240.0, 3.0
"""Seconds for 1,000 candidates with programs, on two cores."""
THOUSAND = 1000
WORKERS = 2
"""Processes that run programs, as the target is for two cores."""


def measure(candidates: int) -> tuple[Run, int]:
    """Grade a class without programs; with how many answers it has."""
    with tempfile.TemporaryDirectory() as place:
        workspace, answers = make(Path(place) / "workspace", candidates, programs=False)
        run = grade(workspace, EXAM)
        size = sum(file.stat().st_size for file in (workspace / "reports").rglob("*.html")) / 1e6
    print(f"{candidates} candidates, {answers} answers, {os.cpu_count()} processors")
    print(f"  {run}")
    print(f"  {answers / run.seconds:.0f} answers/s, reports {size:.0f} MB", flush=True)
    return run, answers


def measure_with_programs(candidates: int) -> tuple[Run, Run]:
    """Grade a class with programs, cold and unchanged."""
    options = ("--workers", str(WORKERS))
    with tempfile.TemporaryDirectory() as place:
        workspace, answers = make(Path(place) / "workspace", candidates, programs=True)
        print(f"{candidates} candidates with programs, {answers} answers, {WORKERS} workers")
        cold = grade(workspace, EXAM, *options)
        print(f"  cold: {cold}", flush=True)
        unchanged = grade(workspace, EXAM, *options)
        print(f"  unchanged: {unchanged}", flush=True)
    return cold, unchanged


def make(workspace: Path, candidates: int, *, programs: bool) -> tuple[Path, int]:
    """A workspace with a class, and how many answers that has."""
    make_workspace(workspace, EXAM)
    paper = Workspace(workspace).paper(EXAM)
    folder = workspace / "submissions" / EXAM
    return workspace, make_class(paper, folder, candidates, programs=programs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--quick",
        action="store_true",
        help="200 candidates, 1,000 for the growth, 50 with programs",
    )
    parser.add_argument("--candidates", type=int, default=THOUSAND)
    options = parser.parse_args()
    small, factor = (200, 5) if options.quick else (options.candidates, 10)
    with_programs = 50 if options.quick else options.candidates
    first, fewer = measure(small)
    second, more = measure(small * factor)
    main_job, answers = (second, more) if options.quick else (first, fewer)
    cold, unchanged = measure_with_programs(with_programs)
    per_thousand = THOUSAND / with_programs
    figures = {
        "wall": at_most(main_job.seconds, SECONDS_TARGET, "s"),
        "processors": told(main_job.processor_seconds, "s"),
        "peak_memory": at_most(main_job.megabytes, MEGABYTES_TARGET, "MB"),
        "seconds_per_thousand_answers": told(1000 * main_job.seconds / answers, "s"),
        "growth": at_most(
            second.seconds / first.seconds, factor * GROWTH_TARGET, f"x for {factor} x the class"
        ),
        "peak_memory_large": at_most(second.megabytes, MEGABYTES_TARGET, "MB"),
        "programs_per_thousand": at_most(
            cold.seconds * per_thousand, PROGRAMS_TARGET, f"s, from {with_programs} candidates"
        ),
        "programs_processors": told(cold.processor_seconds, "s"),
        "programs_peak_memory": told(cold.megabytes, "MB"),
        "programs_judged": told(cold.judged, "works"),
        "programs_unchanged": at_most(unchanged.seconds, UNCHANGED_TARGET, "s"),
        "programs_unchanged_judged": at_most(unchanged.judged, 0, "works"),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

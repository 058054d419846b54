"""Classes of 1,000 to 100,000 candidates: time and memory of `grader grade`, and a Dask cluster beside one machine.

    python bench/scale.py [--quick] [--only-local] [--sizes N …]

A made-up exam of four questions (two numbers, a choice, a formula). Most candidates give one of a few answers, as
candidates do; some give one that nobody else gives. Time must grow in a straight line and memory not at all. The
same class, its smallest size, is graded on Dask clusters of one and two worker processes, and must give the same
bytes. Needs about 15 kB of disk for each candidate.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import tempfile
from pathlib import Path

from parts.classes import write_submission
from parts.cluster import cluster, is_installed
from parts.figures import Figure, at_least, at_most, missing, told
from parts.grading import Run, environment, grade, report_digest

EXAM_ID = "scale"
SIZES, QUICK_SIZES = (1_000, 10_000, 100_000), (200, 1_000, 4_000)
TIME_TARGET, MEMORY_TARGET = 1.3, 1.2
"""From the middle size to the largest: seconds per candidate, and memory as a whole."""
UNIQUE_SHARE, BLANK_SHARE = 0.03, 0.04
"""Of answers: given by nobody else, and left out."""
DASK_WORKERS = (1, 2)

EXAM = """\
exam: scale
title: A made-up exam
course: Made up
aids: None
institution: Nowhere
date: 2026-01-15
minutes: 60
scale: {pass: 50, fail: 0}
questions:
  1a: {title: An area, points: 2, ask: How large is a square of side 3.5?, response: {kind: numeric, name: A}}
  1b: {title: A root, points: 1, ask: 'What is the square root of 2, to three digits?', response: {kind: numeric}}
  "2":
    title: A prime
    points: 1
    ask: Which of these is a prime?
    response: {kind: choice, select: one, options: {a: '91', b: '97', c: '99', d: '87'}}
  "3":
    title: A derivative
    points: 3
    ask: Differentiate $x^2 \\sin x$.
    response: {kind: symbolic, name: f', symbols: [x]}
"""
RUBRIC = """\
exam: scale
items:
  1a:
    kind: numeric
    key: 49/4
    misconceptions: {perimeter: {when: 14, credit: 1/4, say: This is the way around it.}}
    examples: [{answer: '12.25', credit: 1}]
  1b: {kind: numeric, key: sqrt(2), rtol: 1/1000, examples: [{answer: '1.414', credit: 1}]}
  "2": {kind: choice, key: b, examples: [{answer: b, credit: 1}]}
  "3":
    kind: symbolic
    key: 2*x*sin(x) + x^2*cos(x)
    misconceptions: {factors: {when: 2*x*cos(x), credit: 1/3, say: The derivative of a product has two terms.}}
    examples: [{answer: 2x sin(x) + x^2 cos(x), credit: 1}]
"""
USUAL = {
    "1a": ("12.25", "12,25", "49/4", "3.5^2", "3.5*3.5", "14", "7", "12.5", "12", "12.25 cm", "?"),
    "1b": ("1.414", "1.41", "1,414", "sqrt(2)", "1.4142", "2^(1/2)", "1.5", "1.4", "0.707"),
    "2": ("b", "b", "b", "a", "c", "d", "97"),
    "3": (
        *("2x sin(x) + x^2 cos(x)", "x(2 sin x + x cos x)", "2x*cos(x)", "x^2 cos x + 2 x sin x"),
        *("2x sin x - x^2 cos x", "2x + cos(x)", "x^2*cos(x)", "2x sin(x)", "product rule"),
    ),
}  # fmt: skip


def make_workspace(workspace: Path, candidates: int) -> None:
    """A workspace with the exam and a class."""
    for folder, text in (("exams", EXAM), ("rubrics", RUBRIC)):
        (workspace / folder).mkdir(parents=True)
        (workspace / folder / f"{EXAM_ID}.yaml").write_text(text, encoding="utf-8")
    submissions = workspace / "submissions" / EXAM_ID
    submissions.mkdir(parents=True)
    draw = random.Random(5)
    for number in range(candidates):
        answers = {
            key: _own(key, number, draw) if draw.random() < UNIQUE_SHARE else draw.choice(usual)
            for key, usual in USUAL.items()
            if draw.random() >= BLANK_SHARE
        }
        content = {"candidate": f"c{number}", "answers": answers}
        write_submission(submissions / f"c{number}.yaml", content)


def _own(key: str, number: int, draw: random.Random) -> str:
    """An answer that nobody else gives."""
    if key == "2":
        return f"b, because {number} is not among them"
    if key == "3":
        return (
            f"{number}x sin(x)/{number} + x^2 cos(x)"
            if draw.random() < 0.5
            else f"x^{number} cos x"
        )
    return f"{number}.{draw.randrange(100)}"


def measure(candidates: int, place: Path) -> Run:
    """Grade a class cold, locally; it is left in `place`."""
    make_workspace(place, candidates)
    run = grade(place, EXAM_ID)
    print(f"{candidates} candidates: {run}", flush=True)
    return run


def on_clusters(workspace: Path, local: Run) -> dict[str, Figure]:
    """The class of a workspace graded on clusters, beside what this machine alone made of it."""
    if not is_installed():
        reason = "distributed is not installed: pip install 'examgrader[cluster]'"
        return {"dask": missing(None, "s", reason)}
    reports = workspace / "reports"
    expected = report_digest(reports)
    figures: dict[str, Figure] = {"local": told(local.seconds, "s")}
    for workers in DASK_WORKERS:
        shutil.rmtree(reports)
        with (
            tempfile.TemporaryDirectory() as folder,
            cluster(Path(folder), workers, environment()) as address,
        ):
            run = grade(workspace, EXAM_ID, "--engine", address)
        same = report_digest(reports) == expected
        print(
            f"  Dask, {workers} workers: {run}; same bytes: {'yes' if same else 'NO'}", flush=True
        )
        figures[f"dask_{workers}"] = told(run.seconds, "s")
        figures[f"dask_{workers}_same_bytes"] = at_least(int(same), 1, "yes or no")
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help=f"sizes {QUICK_SIZES}")
    parser.add_argument("--only-local", action="store_true", help="no cluster")
    parser.add_argument("--sizes", type=int, nargs="+", help=f"default: {SIZES}")
    options = parser.parse_args()
    sizes = options.sizes or (QUICK_SIZES if options.quick else SIZES)
    print(f"{os.cpu_count()} processors", flush=True)
    runs: dict[int, Run] = {}
    figures: dict[str, Figure] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as place:
            workspace = Path(place) / "workspace"
            run = runs[size] = measure(size, workspace)
            if size == sizes[0] and not options.only_local:
                figures |= on_clusters(workspace, run)
        figures[f"seconds_{size}"] = told(run.seconds, "s")
        figures[f"processors_{size}"] = told(run.processor_seconds, "s")
        figures[f"memory_{size}"] = told(run.megabytes, "MB")
    if len(sizes) > 1:
        middle, large = sizes[-2:]
        growth = (runs[large].seconds / large) / (runs[middle].seconds / middle)
        memory = runs[large].megabytes / runs[middle].megabytes
        figures["time_per_candidate"] = at_most(growth, TIME_TARGET, f"x from {middle} to {large}")
        figures["memory"] = at_most(memory, MEMORY_TARGET, f"x from {middle} to {large}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

"""nbgrader: `generate_assignment` for the teacher's notebook, then one `autograde` for the class, one after another."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from parts.graders.notebooks import ASSIGNMENT, QUESTION, Cell, cell, hand_in, tests, write
from parts.graders.running import (
    Failed,
    Graded,
    Limits,
    Stopwatch,
    Verdict,
    checked,
    last_line,
    run,
)

PACKAGES = ("nbgrader==0.9.6", "ipykernel==7.4.0", "numpy==2.4.6")
SOLUTION = "class ELU:\n    ### BEGIN SOLUTION\n    ...\n    ### END SOLUTION\n"


def grade(programs: Mapping[str, str], place: Path, tools: Path, limits: Limits) -> Graded:
    """Grade programs by candidate in the empty folder `place`."""
    file = f"{ASSIGNMENT}/{ASSIGNMENT}.ipynb"
    write(place / "source" / file, _master())
    settings = f"c = get_config()\nc.Execute.timeout = {limits.cell}\n"
    (place / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    checked([tools / "nbgrader", "generate_assignment", ASSIGNMENT], place)
    for candidate, program in programs.items():
        hand_in(place / "release" / file, program, place / "submitted" / candidate / file)
    with Stopwatch() as watch:
        done = run([tools / "nbgrader", "autograde", ASSIGNMENT], place)
        checked([tools / "nbgrader", "export", "--to=grades.csv"], place)
    with (place / "grades.csv").open(encoding="utf-8", newline="") as table:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(table)}
    # A notebook that could not be run to its end is removed, and stands in the table as if it had no points.
    verdicts = {
        it: Verdict(scores[it])
        if (place / "autograded" / it / file).exists()
        else Verdict(None, f"failed, {scores.get(it, 0):g} in its table")
        for it in programs
    }
    if all(verdict.points is None for verdict in verdicts.values()):
        raise Failed(f"`nbgrader autograde` failed: {last_line(done.stderr)}")
    return Graded(watch.seconds, verdicts)


def _master() -> list[Cell]:
    """The teacher's notebook, as `nbgrader generate_assignment` reads it."""
    return [
        cell("markdown", QUESTION),
        cell("code", SOLUTION, _marked(ASSIGNMENT, {"grade": False, "solution": True})),
        *map(_test, tests()),
    ]


def _test(test: Mapping[str, Any]) -> Cell:
    code = test["code"]
    if test["hidden"]:
        code = f"### BEGIN HIDDEN TESTS\n{code}### END HIDDEN TESTS\n"
    graded = {"grade": True, "solution": False, "points": test["points"]}
    return cell("code", code, _marked(test["criterion"], graded))


def _marked(name: str, role: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata by which nbgrader knows a cell."""
    locked = {"locked": role["grade"], "task": False, "schema_version": 3, "cell_type": "code"}
    return {"nbgrader": {"grade_id": name, **locked, **role}}

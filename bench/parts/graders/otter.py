"""Otter-Grader: `otter assign` for the teacher's notebook, then `otter run` for each candidate.

`otter run` is its way without containers, one process per submission; as many run at once as there are processors.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
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

PACKAGES = ("otter-grader[grading]==7.0.0", "ipykernel==7.4.0", "numpy==2.4.6")
CONFIG = "# ASSIGNMENT CONFIG\ngenerate: true\nexport_cell: false\ntests: {ok_format: false}\n"
WARM_UP = "the-solution"
WARM_UP_SECONDS = 180.0
PATIENCE = 3.0
"""Times what the solution took: on a busy machine, too, a candidate who is no slower is not killed."""
PROMPT = "import numpy as np\n\nclass ELU:\n    ...\n"


def grade(
    programs: Mapping[str, str], solution: str, place: Path, tools: Path, limits: Limits
) -> Graded:
    """Grade programs by candidate in the empty folder `place`.

    The teacher's solution goes first, outside the times: it shows how long a candidate takes here and now.
    """
    file = f"{ASSIGNMENT}.ipynb"
    write(place / file, _master(solution))
    checked([tools / "otter", "assign", "--no-run-tests", "--no-pdfs", file, "."], place)
    (autograder,) = (place / "autograder").glob("*.zip")
    handed_in = {**programs, WARM_UP: solution}
    for candidate, program in handed_in.items():
        hand_in(place / "student" / file, program, place / "submitted" / candidate / file)

    command: list[str | Path] = ["run", "--no-logo", "-a", autograder]

    def one(candidate: str, seconds: float) -> Verdict:
        folder = place / "submitted" / candidate
        try:
            done = run([tools / "otter", *command, "-o", folder, file], folder, seconds)
        except subprocess.TimeoutExpired:
            # Only `otter grade`, which needs containers, has an option for this.
            return Verdict(None, f"killed after {seconds:.0f} s")
        if done.returncode:
            return Verdict(None, last_line(done.stderr).rpartition(".")[2])
        results = json.loads((folder / "results.json").read_bytes())
        return Verdict(float(sum(test.get("score", 0) for test in results["tests"])))

    with Stopwatch() as usual:
        warm = one(WARM_UP, WARM_UP_SECONDS)
    if warm.points is None:
        raise Failed(f"`otter run` gives the solution no points: {warm.note}")
    limit = max(limits.candidate, PATIENCE * usual.seconds)
    with Stopwatch() as watch, ThreadPoolExecutor(os.cpu_count()) as pool:
        verdicts = dict(zip(programs, pool.map(lambda it: one(it, limit), programs), strict=True))
    return Graded(watch.seconds, verdicts)


def _master(solution: str) -> list[Cell]:
    """The teacher's notebook, as `otter assign` reads it."""
    return [
        cell("raw", CONFIG),
        cell("raw", f"# BEGIN QUESTION\nname: {ASSIGNMENT}\n"),
        cell("markdown", QUESTION),
        cell("raw", "# BEGIN PROMPT"),
        cell("code", PROMPT),
        cell("raw", "# END PROMPT"),
        cell("raw", "# BEGIN SOLUTION"),
        cell("code", f"# BEGIN SOLUTION NO PROMPT\n{solution}# END SOLUTION\n"),
        cell("raw", "# END SOLUTION"),
        cell("raw", "# BEGIN TESTS"),
        *map(_test, tests()),
        cell("raw", "# END TESTS"),
        cell("raw", "# END QUESTION"),
    ]


def _test(test: Mapping[str, Any]) -> Cell:
    settings = f"points: {test['points']}\nhidden: {str(test['hidden']).lower()}"
    heading = f'""" # BEGIN TEST CONFIG\n{settings}\n""" # END TEST CONFIG'
    body = "".join(f"    {line}" for line in test["code"].splitlines(keepends=True))
    name = test["criterion"].replace("-", "_")
    return cell("code", f"{heading}\ndef test_{name}(ELU):\n{body}")

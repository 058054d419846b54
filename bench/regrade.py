"""Grading again: nothing changed, one item's partial credit edited, one tolerance edited.

    python bench/regrade.py [--quick] [--candidates N]

Makes up a class for `in5400-2022` as `classroom.py` does (no programs) in a temporary workspace and runs
`grader grade` in processes of its own: cold, unchanged, after each edit of the rubric. After an edit the gradebook
must be that of a cold grading under the edited rubric, byte for byte. Times include the start of the program.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from parts.classes import make_class, make_workspace
from parts.figures import Figure, at_least, at_most, told
from parts.grading import books, grade

import grader.checkers  # registers the answer kinds  # noqa: F401
from grader.loading.workspace import Workspace

EXAM = "in5400-2022"
UNCHANGED_TARGET, EDIT_TARGET = 1.5, 3.0
"""Seconds."""


@dataclass(frozen=True)
class Edit:
    """A change of the rubric, within one item."""

    name: str
    item: str
    before: str
    after: str

    def make(self, rubric: Path) -> None:
        """Change the file. Raises ValueError unless the place is found exactly once."""
        text = rubric.read_text(encoding="utf-8")
        start = text.index(f"\n  {self.item}:\n")
        end = text.find("\n    examples:\n", start)
        item = text[start:end]
        if item.count(self.before) != 1:
            raise ValueError(f"{self.before!r} does not stand once in item {self.item}")
        changed = item.replace(self.before, self.after)
        rubric.write_text(text[:start] + changed + text[end:], encoding="utf-8")


BEFORE = Edit("tolerance", "3c", "kind: numeric\n", "kind: numeric\n    rtol: 1/100000\n")
"""Made before the cold run: the shipped rubric has no tolerance that could be edited."""
EDITS = (
    Edit("partial_credit", "2a", "credit: 2/3\n", "credit: 3/5\n"),
    Edit("tolerance", "3c", "rtol: 1/100000\n", "rtol: 1/1000\n"),
)


def after(edit: Edit, workspace: Path, cold: float) -> dict[str, Figure]:
    """Grade again after an edit, and compare with a cold grading under it."""
    edit.make(workspace / "rubrics" / f"{EXAM}.yaml")
    run = grade(workspace, EXAM)
    print(f"{edit.name} of {edit.item} edited: {run}", flush=True)
    again = books(workspace / "reports" / EXAM)
    with tempfile.TemporaryDirectory() as place:
        fresh = Path(place) / "workspace"
        shutil.copytree(workspace, fresh, ignore=shutil.ignore_patterns("reports"))
        control = grade(fresh, EXAM)
        same = books(fresh / "reports" / EXAM) == again
    print(f"  cold under the edited rubric: {control}", flush=True)
    print(f"  the same gradebook: {'yes' if same else 'NO'}", flush=True)
    return {
        edit.name: at_most(run.seconds, EDIT_TARGET, "s"),
        f"{edit.name}_processors": told(run.processor_seconds, "s"),
        f"{edit.name}_ratio": told(run.seconds / cold, "of cold"),
        f"{edit.name}_judged": told(run.judged, "works"),
        f"{edit.name}_same_gradebook": at_least(int(same), 1, "yes or no"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="200 candidates")
    parser.add_argument("--candidates", type=int, default=1000)
    options = parser.parse_args()
    candidates = 200 if options.quick else options.candidates
    with tempfile.TemporaryDirectory() as place:
        workspace = Path(place) / "workspace"
        make_workspace(workspace, EXAM)
        BEFORE.make(workspace / "rubrics" / f"{EXAM}.yaml")
        paper = Workspace(workspace).paper(EXAM)
        answers = make_class(paper, workspace / "submissions" / EXAM, candidates)
        print(f"{candidates} candidates, {answers} answers", flush=True)
        cold = grade(workspace, EXAM)
        print(f"cold: {cold}", flush=True)
        unchanged = grade(workspace, EXAM)
        print(f"unchanged: {unchanged}", flush=True)
        figures = {
            "cold": told(cold.seconds, "s"),
            "cold_judged": told(cold.judged, "works"),
            "unchanged": at_most(unchanged.seconds, UNCHANGED_TARGET, "s"),
            "unchanged_processors": told(unchanged.processor_seconds, "s"),
            "unchanged_ratio": told(unchanged.seconds / cold.seconds, "of cold"),
            "unchanged_judged": at_most(unchanged.judged, 0, "works"),
        }
        for edit in EDITS:
            figures |= after(edit, workspace, cold.seconds)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

"""The main job when something of ours breaks: a question that kills its worker, a report that cannot be written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from grader import pipeline
from grader.ledger import Ledger
from grader.loading.workspace import Workspace
from grader.pipeline import Setting, Task, Worker, grade_class, mark_class
from grader.score import Outcome
from grader.submission import Handed
from tests.conftest import Folder

DEADLY, UNPRINTABLE = "4444", "6666"


class Breaking(Worker):
    """A worker that dies or fails on certain answers."""

    def mark(self, task: Task) -> Any:
        if UNPRINTABLE in task.handed.answers.values():
            raise RuntimeError("the template is broken")
        return super().mark(task)

    def _score(self, task: Task) -> Any:
        self._break(task.handed, task.faults)
        return super()._score(task)

    def _break(self, handed: Handed, faults: Any) -> None:
        if handed.answers.get("1a") == DEADLY and "1a" not in faults:
            os._exit(9)


def probe(worker: Breaking, piece: tuple[Handed, str]) -> None:
    handed, key = piece
    if key == "1a":
        worker._break(handed, {})


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "Worker", Breaking)
    monkeypatch.setattr(pipeline, "_probe", probe)


def handed(candidate: str, first: str) -> Handed:
    return Handed(candidate, "msc", {"1a": first, "1b": "6"})


@pytest.mark.usefixtures("breaking")
def test_our_faults_cost_no_candidate_anything(folder: Folder) -> None:
    paper = Workspace(folder.root).paper("small")
    class_ = [handed("1", "3"), handed("2", DEADLY), handed("3", UNPRINTABLE), handed("4", "3")]
    class_.append(Handed("5", "msc", {"1a": DEADLY, "1b": "8888"}))
    setting = Setting(paper, {}, {}, folder.root / "out")
    results = {one.candidate: one for one in mark_class(setting, class_, 2, lambda: None)}
    assert set(results) == {"1", "2", "3", "4", "5"}
    assert results["1"].questions["1a"].points == 1
    assert results["2"].questions["1a"].score.outcome is Outcome.ERROR
    assert results["2"].questions["1b"].points == 2, "right as it stands"
    assert results["5"].questions["1b"].score.outcome is Outcome.REVIEW, "it may follow from 1a"
    assert {m.score.outcome for m in results["3"].questions.values()} == {Outcome.ERROR}
    assert results["3"].high == 4
    page = (folder.root / "out/students/3.html").read_text(encoding="utf-8")
    assert "the template is broken" in page
    assert "none of them counts as 0" in page


def test_pages_of_candidates_who_left_are_removed(folder: Folder) -> None:
    folder.submit("1.yaml", "candidate: 1\n")
    folder.submit("2.yaml", "candidate: 2\n")
    paper, out = Workspace(folder.root).paper("small"), folder.root / "reports/small"

    def grade() -> set[str]:
        grade_class(paper, folder.root / "submissions/small", Ledger(out / "l"), out=out, workers=1)
        return {path.name for path in (out / "students").iterdir()}

    assert grade() == {"1.html", "2.html"}
    Path(folder.root / "submissions/small/2.yaml").unlink()
    assert grade() == {"1.html"}

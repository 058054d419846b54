"""The main job when something of ours breaks, and when what was handed in changes between runs."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from grader.errors import SubmissionError
from grader.gradebook import Result
from grader.ledger import Act, Kind, Ledger
from grader.loading.workspace import Workspace
from grader.pipeline import Outcomes, Wish, classwork, grade_class, intake, planning
from grader.pipeline import run as run_module
from grader.pipeline.pages import Page
from grader.pipeline.setting import Worker
from grader.pipeline.state import State
from grader.score import Outcome
from grader.scoring import Work
from tests.conftest import Folder

DEADLY, UNPRINTABLE = "4444", "6666"
SUBMISSION = "candidate: '{}'\nanswers: {{1a: '{}', 1b: '{}'}}\n"


class Breaking(Worker):
    """A worker that dies or fails on certain answers, candidates and files."""

    def read(self, path: Path) -> Any:
        if "deadly" in path.name:
            os._exit(9)
        return super().read(path)

    def judge(self, piece: tuple[str, Work]) -> Any:
        if piece[1].raw == DEADLY:
            os._exit(9)
        return super().judge(piece)

    def write(self, page: Page) -> Any:
        if page.standing.candidate == "3":
            raise RuntimeError("the template is broken")
        return super().write(page)


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (run_module, classwork, intake):
        monkeypatch.setattr(module, "Worker", Breaking)


Grade = Callable[..., Outcomes]


@pytest.fixture
def grade(folder: Folder) -> Grade:
    def run(workers: int = 1) -> Outcomes:
        place = Workspace(folder.root)
        paper = place.paper("small")
        wish = Wish(place.reports("small"), workers)
        act = Act(Kind.GRADED, "kari", "2026-01-01T00:00:00+00:00")
        ledger = Ledger(place.ledger("small"))
        try:
            submissions = place.submissions("small")
            return grade_class(paper, place.files("small"), submissions, ledger, act, wish)
        finally:
            ledger.close()

    return run


def results(folder: Folder) -> dict[str, Result]:
    place = Workspace(folder.root)
    state = State(Ledger(place.ledger("small")), place.paper("small"))
    return {one.result.candidate: one.result for one in state.candidates()}


def pages(folder: Folder) -> dict[str, bytes]:
    found = (folder.root / "reports/small/students").glob("*")
    return {path.stem: path.read_bytes() for path in found}


def hand_in(folder: Folder, candidate: str, first: str = "3", second: str = "6") -> Path:
    return folder.submit(f"{candidate}.yaml", SUBMISSION.format(candidate, first, second))


@pytest.mark.usefixtures("breaking")
def test_our_faults_cost_no_candidate_anything(
    folder: Folder, grade: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(folder, "1")
    hand_in(folder, "2", DEADLY)
    hand_in(folder, "3")
    hand_in(folder, "5", DEADLY, "8888")
    hand_in(folder, "deadly")
    outcomes = grade(workers=2)
    assert outcomes.told is not None
    assert [one for one, _ in outcomes.told.failed] == ["deadly"]
    found = results(folder)
    assert list(found) == ["1", "2", "3", "5", "deadly"]
    assert found["1"].questions["1a"].points == 1
    assert found["2"].questions["1a"].score.outcome is Outcome.ERROR
    assert found["2"].high == 3
    assert found["deadly"].high == 4, "a file that kills its reader is left to a person"
    assert outcomes.taken.read == 5
    assert b"the template is broken" in pages(folder)["3"]
    assert b"none of them counts as 0" in pages(folder)["3"]
    again = grade()
    assert again.judging.judged > 0, "what was our fault is tried again"
    assert again.act == 0, "and not recorded again if it is so again"
    assert again.taken.read == 0
    with monkeypatch.context() as patch:
        for module in (run_module, classwork, intake):
            patch.setattr(module, "Worker", Worker)
        mended = grade()
    assert mended.judging.judged > 0
    assert (mended.taken.read, mended.taken.changed) == (1, ()), "the file reads now"
    assert results(folder)["deadly"].questions["1a"].points == 1
    assert results(folder)["2"].questions["1a"].score.outcome is Outcome.GRADED
    assert b"the template is broken" not in pages(folder)["3"]
    assert grade().judging.judged == 0


def test_pages_of_candidates_who_left_are_removed(folder: Folder, grade: Grade) -> None:
    hand_in(folder, "1")
    two = hand_in(folder, "2")
    grade()
    before = pages(folder)
    assert set(before) == {"1", "2"}
    text = two.read_text()
    two.unlink()
    outcomes = grade()
    assert outcomes.judging.gone == ["2"]
    assert outcomes.taken.gone == ("2.yaml",)
    assert set(pages(folder)) == {"1"}
    assert set(results(folder)) == {"1"}
    ledger = Ledger(Workspace(folder.root).ledger("small"))
    assert [one.gone for one in ledger.history("2")] == [False, True], "kept in the history"
    ledger.close()
    two.write_text(text)
    outcomes = grade()
    assert outcomes.judging.judged == 0, "who comes back is not judged again"
    assert outcomes.judging.gone == []
    assert pages(folder) == before
    assert [one.gone for one in Ledger(ledger.path).history("2")] == [False, True, False]


def test_a_submission_changed_after_grading(folder: Folder, grade: Grade) -> None:
    hand_in(folder, "1")
    hand_in(folder, "2")
    assert grade().taken.changed == ()
    hand_in(folder, "2", "7", "14")
    outcomes = grade()
    assert outcomes.taken.changed == ("2.yaml",)
    assert results(folder)["2"].questions["1a"].points == 0
    ledger = Ledger(Workspace(folder.root).ledger("small"))
    first, second = ledger.history("2")
    scores = ledger.scores([first.scores["1a"][0], second.scores["1a"][0]])
    assert [scores[one.scores["1a"][0]].score.credit for one in (first, second)] == [1, 0]
    assert grade().act == 0


def test_a_run_that_finds_nothing_new_writes_nothing(folder: Folder, grade: Grade) -> None:
    for number in range(3):
        hand_in(folder, str(number))
    grade()
    root = folder.root / "reports/small"
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*.*ml")}
    rows = (root / "ledger.sqlite").read_bytes()
    outcomes = grade()
    assert (outcomes.act, outcomes.judging.judged, outcomes.judging.moved) == (0, 0, 0)
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*.*ml")} == before
    assert (root / "ledger.sqlite").read_bytes() == rows


def test_work_is_done_once_however_many_candidates_are_planned_at_once(
    folder: Folder, grade: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "TOGETHER", 2)
    monkeypatch.setattr(intake, "TOGETHER", 2)
    for number in range(7):
        hand_in(folder, str(number), str(number % 5), "6")
    assert grade().judging.judged == 5 + 5 + 1
    with closing(sqlite3.connect(folder.root / "reports/small/ledger.sqlite")) as connection:
        twice = "SELECT work FROM scores GROUP BY work HAVING count(*) > 1"
        assert connection.execute(twice).fetchall() == []


def test_the_order_in_which_files_came_does_not_matter(folder: Folder, grade: Grade) -> None:
    """Two files of one candidate in other letters and groups; the first one is edited later."""
    group = "group: {}\n"
    first = folder.submit("A.yaml", SUBMISSION.format("c7", "3", "6") + group.format("msc"))
    folder.submit("b.yaml", SUBMISSION.format("C7", "3", "6") + group.format("phd"))
    grade()
    first.write_text(SUBMISSION.format("c7", "4", "8") + group.format("msc"))
    grade()
    found, written = results(folder), pages(folder)
    (folder.root / "reports/small/ledger.sqlite").unlink()
    grade()
    assert results(folder) == found
    assert pages(folder) == written


def test_an_empty_folder_is_refused_where_submissions_were_graded(
    folder: Folder, grade: Grade
) -> None:
    assert grade().taken.entries == 0, "nothing was there before"
    paths = [hand_in(folder, "1"), hand_in(folder, "2")]
    grade()
    texts, before = [path.read_text() for path in paths], pages(folder)
    for path in paths:
        path.unlink()
    folder.submit("_notes.txt", "for staff")
    with pytest.raises(
        SubmissionError, match=r"submissions/small: .* 2 were graded before.*put .* back"
    ):
        grade()
    assert pages(folder) == before
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    assert grade().act == 0

"""`grader release` freezes what candidates see; `grader report` makes it again from the ledger alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.ledger import Ledger
from tests.cli.conftest import Ran
from tests.conftest import RUBRIC, Folder

Run = Callable[..., Ran]
OTHER = RUBRIC.replace("credit: 1/2", "credit: 1/4")


def files(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*.*"))}


@pytest.fixture
def reports(folder: Folder, run: Run) -> Path:
    folder.submit("1.yaml", "candidate: 1\nanswers: {1a: '3', 1b: '6', 2: ''}\n")
    folder.submit("2.yaml", "candidate: 2\nanswers: {1a: '-1', 1b: '5', 2: ''}\n")
    ran = run("grade", "small", "--workers", "1")
    assert ran.code == 0, ran.err
    return folder.root / "reports/small"


def release(run: Run, reason: str, *more: str) -> Ran:
    return run("release", "small", "--reason", reason, "--workers", "1", *more)


def test_a_release_stays_and_the_next_says_what_changed(
    folder: Folder, run: Run, reports: Path
) -> None:
    assert run("release", "small").code == 1
    ran = release(run, "Marks are out")
    assert ran.code == 0, ran.err
    assert "Release 1: 2 candidates" in ran.out
    first = files(reports / "released/1")
    assert set(first) == {
        *("gradebook.csv", "gradebook.json", "index.html"),
        *("students/1.html", "students/2.html"),
    }
    again = release(run, "Once more")
    assert again.code == 1
    assert "nothing has changed since release 1" in again.err
    folder.write("rubrics/small.yaml", OTHER)
    refused = run("grade", "small", "--workers", "1")
    assert refused.code == 1
    assert "grader apply small" in refused.err
    assert run("apply", "small", "--reason", "Too kind", "--workers", "1").code == 0
    ran = release(run, "A slip is worth less")
    assert "1 of 2 candidates move" in ran.out
    second = files(reports / "released/2")
    assert set(second) - set(first) == {"changes.csv", "changes.html"}
    assert b"2,F,F,0.5,0.25,1a" in second["changes.csv"]
    assert b"A slip is worth less" in second["changes.html"]
    assert files(reports / "released/1") == first
    assert [act.reason for act in Ledger(reports / "ledger.sqlite").acts()][1:] == [
        *("Marks are out", "Too kind", "A slip is worth less"),
    ]
    kept = files(reports)
    for name in (
        "submissions",
        "rubrics",
        "exams",
        "reports/small/released",
        "reports/small/students",
    ):
        shutil.rmtree(folder.root / name)
    (reports / "index.html").unlink()
    for number in ("1", "2"):
        ran = run("report", "small", "--release", number, "--workers", "1")
        assert ran.code == 0, ran.err
    assert run("report", "small", "--workers", "1").code == 0
    here = files(reports)
    assert {n: b for n, b in here.items() if "ledger" not in n} == {
        n: b for n, b in kept.items() if "ledger" not in n
    }, "all reports are made from the ledger alone"


def test_reports_elsewhere_with_the_key_and_releases_that_are_not_there(
    folder: Folder, run: Run, reports: Path
) -> None:
    assert release(run, "out").code == 0
    ran = run("report", "small", "--release", "1", "--workers", "1")
    assert ran.code == 1
    assert "stays as it is" in ran.err
    elsewhere = ("--release", "1", "--with-key", "--out", "elsewhere", "--workers", "1")
    assert run("report", "small", *elsewhere).code == 0
    page = (folder.root / "elsewhere/students/1.html").read_text(encoding="utf-8")
    assert "Small factors" in page or "Add." in page
    public = (reports / "released/1/students/1.html").read_text(encoding="utf-8")
    assert "Add." not in public
    assert "there is no release 2" in run("report", "small", "--release", "2").err
    stray = folder.write("now/students/99.html", page)
    assert run("report", "small", "--out", "now", "--workers", "1").code == 0
    assert not stray.exists(), "nobody of this class"
    assert files(folder.root / "now") == files(reports / "released/1")


def test_answers_that_wait_hold_a_release_back(folder: Folder, run: Run) -> None:
    folder.submit("1.yaml", "candidate: 1\nanswers: {1a: '3 +', 2: Many factors are multiplied.}\n")
    folder.submit("2.yaml", "candidate: 2\n")
    folder.submit("3.yaml", "candidate: [\n")
    assert run("grade", "small", "--workers", "1").code == 0
    ran = release(run, "out")
    assert ran.code == 1
    assert "of 2 candidates" in ran.err
    assert "  1: 2" in ran.err
    assert "Nothing was released" in ran.err
    assert not (folder.root / "reports/small/released").exists()
    assert release(run, "out", "--even-open").code == 0
    assert (folder.root / "reports/small/released/1/students/3.html").exists()


def test_a_release_that_fails_is_none(
    folder: Folder, run: Run, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("grader.pipeline.releasing.write_class", full)
        assert release(run, "out").code == 1
    assert [act.kind for act in Ledger(reports / "ledger.sqlite").acts()] == ["graded"]
    assert list((reports / "released").iterdir()) == []
    folder.write("reports/small/released/1/index.html", "somebody's")
    ran = release(run, "out")
    assert ran.code == 1
    assert "is there already" in ran.err


def test_nothing_else_is_written_into_a_release(run: Run, reports: Path) -> None:
    assert release(run, "Marks are out").code == 0
    for verb in ("grade", "report"):
        ran = run(verb, "small", "--out", "reports/small/released/1")
        assert ran.code == 1
        assert "is a release" in ran.err

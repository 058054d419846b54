"""What must hold when rubrics, files and runs change under each other: no mark moves unseen, none is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from grader.cli import running
from grader.ledger import Ledger, Placed
from grader.ledger.codec import score_text
from grader.pipeline import planning
from grader.pipeline.planning import Losses, Planner
from grader.score import Outcome, Score
from tests.cli.conftest import Ran
from tests.conftest import EXAM, RUBRIC, Folder

Run = Callable[..., Ran]
LESS = RUBRIC.replace("credit: 1/2", "credit: 1/4")
"""A wrong 1a keeps less."""
WITHHELD = EXAM.replace(
    "    title: Twice the sum\n", "    title: Twice the sum\n    withheld: Misprinted.\n"
)


def book(folder: Folder) -> dict[str, Any]:
    text = (folder.root / "reports/small/gradebook.json").read_text(encoding="utf-8")
    return {one["candidate"]: one for one in json.loads(text)["candidates"]}


def credits(folder: Folder, question: str) -> dict[str, float | None]:
    return {name: one["questions"][question]["credit"] for name, one in book(folder).items()}


def go(run: Run, *words: str) -> Ran:
    ran = run(*words)
    assert ran.code == 0, ran.err
    return ran


@pytest.fixture
def graded(folder: Folder, run: Run) -> Ledger:
    for candidate in ("1", "2", "3"):
        folder.submit(
            f"{candidate}.yaml", f"candidate: {candidate}\nanswers: {{1a: '-1', 1b: '6'}}\n"
        )
    go(run, "grade", "small", "--workers", "1")
    return Ledger(folder.root / "reports/small/ledger.sqlite")


def test_a_rubric_edited_while_a_run_waits_is_the_one_that_judges_and_is_recorded(
    folder: Folder, run: Run, graded: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = running.alone

    @contextmanager
    def late(ledger: Ledger, doing: str) -> Iterator[None]:
        folder.write("rubrics/small.yaml", LESS)
        with alone(ledger, doing):
            yield

    monkeypatch.setattr("grader.cli.grade.alone", late)
    go(run, "grade", "small", "--workers", "1")
    assert credits(folder, "1a") == {"1": 0.25, "2": 0.25, "3": 0.25}
    kept = graded.paper(graded.acts()[-1].paper)
    assert kept["rubrics/small.yaml"] == LESS


@pytest.fixture
def cut_off(
    folder: Folder, run: Run, graded: Ledger, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    """Run something that is interrupted once the first candidate is done."""

    def cut(*words: str) -> None:
        stood: list[str] = []
        real = Planner._stand

        def stand(planner: Planner, plan: Any, known: Any) -> None:
            if stood:
                raise KeyboardInterrupt
            stood.append(plan.handed.candidate)
            real(planner, plan, known)

        with monkeypatch.context() as patch:
            patch.setattr(planning, "TOGETHER", 1)
            patch.setattr(Planner, "_stand", stand)
            assert run(*words).code == 130

    return cut


def test_a_run_that_was_cut_off_is_not_released(
    folder: Folder, run: Run, cut_off: Callable[..., None]
) -> None:
    folder.write("rubrics/small.yaml", LESS)
    cut_off("grade", "small", "--workers", "1")
    for words in (("release", "small", "--reason", "now"), ("report", "small")):
        ran = run(*words)
        assert ran.code == 1
        assert "`grader grade small` first" in ran.err
    go(run, "grade", "small", "--workers", "1")
    assert credits(folder, "1a") == {"1": 0.25, "2": 0.25, "3": 0.25}
    go(run, "release", "small", "--reason", "now", "--even-open")


def test_what_only_up_began_goes_on_as_only_up(
    folder: Folder, run: Run, cut_off: Callable[..., None]
) -> None:
    folder.write("rubrics/small.yaml", LESS)
    cut_off("apply", "small", "--reason", "kind", "--only-up", "--workers", "1")
    go(run, "grade", "small", "--workers", "1")
    assert credits(folder, "1a") == {"1": 0.5, "2": 0.5, "3": 0.5}
    go(run, "grade", "small", "--workers", "1")
    assert credits(folder, "1a") == {"1": 0.5, "2": 0.5, "3": 0.5}


def test_a_question_that_is_asked_again_is_judged(folder: Folder, run: Run, graded: Ledger) -> None:
    folder.write("exams/small.yaml", WITHHELD)
    go(run, "grade", "small", "--workers", "1")
    assert "1b" not in book(folder)["1"]["questions"]
    folder.write("exams/small.yaml", EXAM)
    go(run, "grade", "small", "--workers", "1")
    assert credits(folder, "1b") == {"1": 1, "2": 1, "3": 1}


def test_a_score_is_kept_only_while_the_other_is_lower() -> None:
    half, more = (Score(Outcome.GRADED, Fraction(share)) for share in ("1/2", "3/4"))
    planner = Planner.__new__(Planner)
    planner.losses, planner.told = Losses.KNOWN, planning.Judging()
    ledger: Any = SimpleNamespace(score_contents=lambda _: {7: score_text(half)})
    planner.ledger = ledger
    before = SimpleNamespace(scores={"1a": Placed(7, "a", "s")}, held={"1a": "work"})
    plan: Any = SimpleNamespace(before=before)
    for new, kept in ((Score(Outcome.GRADED, Fraction(1, 4)), True), (more, False)):
        known = planning._Known(8, score_text(new), settled=True, fresh=True)
        assert (planner._kept(plan, "1a", "work", known) is not None) is kept


def decide(folder: Folder, run: Run, question: str, credit: str) -> None:
    """Decide everything that waits of a question."""
    go(run, "review", "small")
    path = folder.root / "reports/small/review.yaml"
    sheet = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - makes text only
    for group in sheet["questions"][question]["groups"]:
        group["credit"] = credit
    folder.write("reports/small/review.yaml", yaml.safe_dump(sheet, sort_keys=False))
    go(run, "review", "small", "--apply", str(path), "--by", "ann")
    path.unlink()


def test_a_decision_stays_when_the_item_comes_to_build_on_another_answer(
    folder: Folder, run: Run
) -> None:
    alone = RUBRIC.replace(
        "    given: {s: 1a}\n    key: 2*s\n    follow_credit: 3/4\n", "    key: 6\n"
    )
    alone = alone.replace(
        '      - {answer: "10", credit: 3/4, answers: {1a: "5"}, shows: [follow-through]}\n', ""
    )
    folder.write("rubrics/small.yaml", alone)
    folder.submit("1.yaml", "candidate: 1\nanswers: {1a: '3', 1b: 6 +, 2: ''}\n")
    go(run, "grade", "small", "--workers", "1")
    decide(folder, run, "1b", "1")
    go(run, "grade", "small", "--workers", "1")
    assert book(folder)["1"]["points"] == 3
    folder.write("rubrics/small.yaml", RUBRIC)
    ran = go(run, "grade", "small", "--workers", "1")
    assert book(folder)["1"]["points"] == 3
    assert "question 1b, decided by ann" in ran.out


def test_a_decision_is_not_about_another_file_that_cannot_be_opened(
    folder: Folder, run: Run
) -> None:
    folder.submit("1/answers.yaml", "answers: {1a: '3', 2: ''}\n")
    folder.submit("1/1b.pdf", b"%PDF one")
    go(run, "grade", "small", "--workers", "1")
    decide(folder, run, "1b", "1")
    go(run, "grade", "small", "--workers", "1")
    assert book(folder)["1"]["points"] == 3
    folder.submit("1/1b.pdf", b"%PDF quite another")
    ran = go(run, "grade", "small", "--workers", "1")
    assert book(folder)["1"]["points"] is None
    assert "decided by" not in ran.out


def test_a_diff_shows_what_apply_would_do_to_what_was_kept(
    folder: Folder, run: Run, graded: Ledger
) -> None:
    folder.write("rubrics/small.yaml", LESS)
    go(run, "apply", "small", "--reason", "kind", "--only-up", "--workers", "1")
    assert "3 of 3 candidates move" in go(run, "diff", "small", "--workers", "1").out


def test_who_was_gone_for_a_run_keeps_what_was_kept(
    folder: Folder, run: Run, graded: Ledger
) -> None:
    folder.write("rubrics/small.yaml", LESS)
    go(run, "apply", "small", "--reason", "kind", "--only-up", "--workers", "1")
    path = folder.root / "submissions/small/2.yaml"
    content = path.read_bytes()
    path.unlink()
    go(run, "grade", "small", "--workers", "1")
    assert set(book(folder)) == {"1", "3"}
    path.write_bytes(content)
    go(run, "grade", "small", "--workers", "1")
    assert credits(folder, "1a") == {"1": 0.5, "2": 0.5, "3": 0.5}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    points: 2\n", "    points: 3\n"),
        ("C: 50", "C: 40"),
        ("    title: Twice the sum\n", "    title: Twice the sum\n    groups: [phd]\n"),
    ],
)
def test_after_a_release_nothing_that_counts_changes_by_the_way(
    folder: Folder, run: Run, graded: Ledger, before: str, after: str
) -> None:
    go(run, "release", "small", "--reason", "out", "--even-open")
    assert before in EXAM
    folder.write("exams/small.yaml", EXAM.replace(before, after))
    ran = run("grade", "small", "--workers", "1")
    assert ran.code == 1
    assert "grader apply small --reason" in ran.err


def test_a_release_whose_folder_is_missing_is_named(
    folder: Folder, run: Run, graded: Ledger
) -> None:
    go(run, "release", "small", "--reason", "out", "--even-open")
    Path(folder.root / "reports/small/released/1").rename(folder.root / "away")
    ran = run("release", "small", "--reason", "again", "--even-open")
    assert "`grader report small --release 1` writes it again" in ran.err
    go(run, "report", "small", "--release", "1")


def test_a_bonus_for_nobody_is_named(folder: Folder, run: Run, graded: Ledger) -> None:
    folder.write(
        "exams/small.yaml", EXAM.replace("scale:", "bonus: {title: Tutorials, max: 2}\nscale:")
    )
    folder.submit("_bonus.yaml", "1: 1\n77: 1\n")
    for _ in range(2):
        ran = go(run, "grade", "small", "--workers", "1")
        assert "A bonus, but nothing was handed in (1):\n  77\n" in ran.out
    assert book(folder)["1"]["bonus"] == 1


def test_pages_with_the_key_do_not_tell_how_the_ledger_came_to_hold_them(
    folder: Folder, run: Run, graded: Ledger
) -> None:
    """Elsewhere the same scores have other numbers: here another key was tried first."""
    words = ("grade", "small", "--with-key", "--workers", "1")
    pages = folder.root / "reports/small/students"
    go(run, *words)
    first = {page.name: page.read_bytes() for page in pages.iterdir()}
    graded.close()
    for file in (folder.root / "reports/small").glob("ledger.sqlite*"):
        file.unlink()
    folder.write("rubrics/small.yaml", LESS)
    go(run, *words)
    folder.write("rubrics/small.yaml", RUBRIC)
    go(run, *words)
    assert {page.name: page.read_bytes() for page in pages.iterdir()} == first

"""`grader grade`: the whole class, whatever some of it looks like."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ran
from tests.conftest import RUBRIC, Folder

Run = Callable[..., Ran]
GOOD = "candidate: '{}'\nanswers: {{1a: '3', 1b: '6', 2: Many factors are multiplied.}}\n"


def book(folder: Folder) -> dict[str, Any]:
    text = (folder.root / "reports/small/gradebook.json").read_text(encoding="utf-8")
    return {one["candidate"]: one for one in json.loads(text)["candidates"]}


def files(root: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(root)): p.read_bytes()
        for p in sorted(root.rglob("*.*"))
        if "ledger" not in p.name
    }


def test_a_class_with_every_outcome(folder: Folder, run: Run) -> None:
    folder.submit("1.yaml", GOOD.format(1))
    folder.submit("2.yaml", "candidate: 2\n")
    folder.submit(
        "3.yaml", "candidate: 3\ngroup: phd\nanswers: {1a: '3 +', 1b: 7, 2: no idea, 3: b}\n"
    )
    folder.submit("4.yaml", "candidate: 4\nanswers: {3: b, 1a: -1, 1b: -2, 9: x}\n")
    folder.submit("5.yaml", "candidate: [\n")
    folder.submit("6.yaml", b"\0\0")
    ran = run("grade", "small")
    assert ran.code == 0, ran.err
    assert "Left to a person as a whole (2)" in ran.out
    assert "5.yaml" in ran.out
    assert "6.yaml" in ran.out
    assert "no question '9'" in ran.out
    candidates = book(folder)
    assert set(candidates) == {"1", "2", "3", "4", "5", "6"}
    assert candidates["1"]["points"] is None
    assert candidates["1"]["points_range"] == [3, 4]
    assert candidates["2"]["points"] == 0
    assert candidates["2"]["grade"] == "F"
    assert candidates["3"]["questions"]["1a"]["outcome"] == "unreadable"
    assert candidates["3"]["questions"]["3"]["points"] == 1
    assert "3" not in candidates["4"]["questions"], "asked of PhD candidates only"
    assert candidates["4"]["points"] == 0.5 + 1.5, "a misconception, and follow-through at 3/4"
    assert candidates["5"]["points_range"] == [0, 4]
    assert not candidates["5"]["complete"]
    pages = {path.stem for path in (folder.root / "reports/small/students").glob("*.html")}
    assert pages == set(candidates)


def test_grading_twice_gives_the_same_bytes(folder: Folder, run: Run) -> None:
    for number in range(45):
        folder.submit(f"{number}.yaml", GOOD.format(number).replace("'6'", f"'{number % 7}'"))
    assert run("grade", "small", "--workers", "2").code == 0
    first = files(folder.root / "reports")
    assert run("grade", "small", "--workers", "1", "--out", "reports/small").code == 0
    assert files(folder.root / "reports") == first
    assert len(first) == 45 + 4


def test_text_of_candidates_is_escaped_everywhere(folder: Folder, run: Run) -> None:
    evil = r"<script>alert(1)</script> \e[31m=1+1"
    folder.submit(
        "1.yaml",
        f'candidate: 1\nanswers: {{1a: "{evil}", 2: "{evil}", "\\e[31m<script>=cmd()": x}}\n',
    )
    folder.submit("a\x1b[31m.txt", "no submission")
    ran = run("grade", "small")
    assert "no question" in ran.out
    assert "a\\x1b[31m.txt" in ran.out
    assert "\x1b" not in ran.out
    for name in ("students/1.html", "index.html"):
        page = (folder.root / "reports/small" / name).read_text(encoding="utf-8")
        assert "<script>" not in page
        assert "&lt;script&gt;" in page
        assert "\x1b" not in page


def test_csv_has_a_row_per_candidate(folder: Folder, run: Run) -> None:
    folder.submit("007.yaml", GOOD.format("007"))
    assert run("grade", "small").code == 0
    with (folder.root / "reports/small/gradebook.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["candidate"] == "007"
    assert (row["points"], row["points_low"], row["points_high"], row["1b"]) == ("", "3", "4", "2")


def test_an_answer_of_a_megabyte_waits_and_stops_nobody(folder: Folder, run: Run) -> None:
    folder.submit(
        "1.yaml", f"candidate: 1\nanswers: {{1a: {'1' * 1_000_000}, 1b: '6', 2: {'x ' * 40_000}}}\n"
    )
    folder.submit("2.yaml", GOOD.format(2))
    assert run("grade", "small").code == 0
    assert book(folder)["1"]["questions"]["1a"]["outcome"] == "unreadable"
    assert book(folder)["1"]["questions"]["1b"]["points"] == 2
    assert book(folder)["1"]["questions"]["2"]["outcome"] == "review"


def test_an_empty_folder_and_a_missing_one(folder: Folder, run: Run) -> None:
    ran = run("grade", "small")
    assert ran.code == 0
    assert "candidates" in ran.out
    ran = run("grade", "small", "--submissions", "nowhere")
    assert ran.code == 1
    assert "nowhere: cannot be opened" in ran.err


def test_a_wrong_rubric_stops_before_grading(folder: Folder, run: Run) -> None:
    folder.write("rubrics/small.yaml", RUBRIC.replace("key: 1 + 2", "kee: 1 + 2"))
    ran = run("grade", "small")
    assert ran.code == 1
    assert "rubrics/small.yaml:6:5" in ran.err
    assert not (folder.root / "reports").exists()


def test_with_key_shows_the_solution_and_without_does_not(folder: Folder, run: Run) -> None:
    folder.submit("1.yaml", "candidate: 1\nanswers: {1a: '4'}\n")
    folder.write(
        "rubrics/small.yaml", RUBRIC.replace("solution: Add.", "solution: Add the secret way.")
    )
    assert run("grade", "small").code == 0
    page = folder.root / "reports/small/students/1.html"
    assert "secret way" not in page.read_text(encoding="utf-8")
    assert run("grade", "small", "--with-key").code == 0
    assert "secret way" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments", [["grade"], ["grade", "small", "--wrokers", "2"], ["garde", "small"]]
)
def test_wrong_use_is_the_users_input(run: Run, arguments: list[str]) -> None:
    assert run(*arguments).code == 1


def test_what_follows_from_an_unreadable_answer_waits(folder: Folder, run: Run) -> None:
    folder.submit("1/1a.txt", b"\0\1")
    folder.submit("1/1b.txt", "10")
    folder.submit("2.yaml", "candidate: 2\nanswers: {1a: five, 1b: 10}\n")
    folder.submit("3.yaml", "candidate: 3\nanswers: {1a: five, 1b: 6}\n")
    assert run("grade", "small").code == 0
    for candidate in ("1", "2"):
        assert book(folder)[candidate]["questions"]["1b"]["outcome"] == "review"
        assert book(folder)[candidate]["points_range"] == [0, 2.5], (
            "1a and three quarters of 1b are open"
        )
    assert book(folder)["3"]["questions"]["1b"]["points"] == 2


def test_a_text_and_a_list_that_looks_like_it_are_two_answers(folder: Folder, run: Run) -> None:
    folder.submit("1.yaml", "candidate: 1\nanswers: {1a: '[\"3\"]'}\n")
    folder.submit("2.yaml", "candidate: 2\nanswers: {1a: ['3']}\n")
    assert run("grade", "small", "--workers", "1").code == 0
    together = files(folder.root / "reports/small/students")["2.html"]
    (folder.root / "submissions/small/1.yaml").unlink()
    assert run("grade", "small", "--workers", "1").code == 0
    assert files(folder.root / "reports/small/students")["2.html"] == together


def test_decisions_hold_wherever_reports_are_written(folder: Folder, run: Run) -> None:
    folder.submit("1.yaml", GOOD.format(1))
    run("review", "small")
    sheet = folder.root / "reports/small/review.yaml"
    text = sheet.read_text(encoding="utf-8").replace("      credit:\n", "      credit: 1/2\n")
    sheet.write_text(text, encoding="utf-8")
    assert run("review", "small", "--apply", str(sheet)).code == 0
    assert run("grade", "small", "--out", "elsewhere").code == 0
    found = json.loads((folder.root / "elsewhere/gradebook.json").read_text(encoding="utf-8"))
    assert found["candidates"][0]["points"] == 3.5


def test_links_loops_and_pipes_stop_nobody(folder: Folder, run: Run) -> None:
    folder.submit("1.yaml", GOOD.format(1))
    class_ = folder.root / "submissions/small"
    (class_ / "7.yaml").symlink_to("7.yaml")
    (class_ / "8").mkdir()
    (class_ / "8/1a.txt").symlink_to("../1.yaml")
    os.mkfifo(class_ / "9.yaml")
    assert run("grade", "small").code == 0
    candidates = book(folder)
    assert candidates["1"]["questions"]["1a"]["points"] == 1
    assert candidates["8"]["questions"]["1a"]["outcome"] == "unreadable"
    assert not candidates["7"]["complete"]
    assert not candidates["9"]["complete"]


def test_pages_that_are_not_ours_stay(folder: Folder, run: Run) -> None:
    folder.submit("1.yaml", GOOD.format(1))
    folder.submit("2.yaml", GOOD.format(2))
    assert run("grade", "small").code == 0
    students = folder.root / "reports/small/students"
    (students / "notes.html").write_text("mine", encoding="utf-8")
    (folder.root / "submissions/small/1.yaml").unlink()
    assert run("grade", "small").code == 0
    assert {path.name for path in students.iterdir()} == {"2.html", "notes.html"}

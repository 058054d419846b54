"""`grader check`: form only, and from the exam file alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable

import pytest

from tests.cli.conftest import Ran
from tests.conftest import Folder

Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def without_rubrics(folder: Folder) -> None:
    shutil.rmtree(folder.root / "rubrics")


def test_it_shows_readings_what_is_missing_and_what_cannot_be_read(
    folder: Folder, run: Run
) -> None:
    folder.submit("1.yaml", "candidate: 1\nanswers: {1a: '$s = 3{,}0$', 1b: 3 +, 9: x}\n")
    ran = run("check", "small", "submissions/small/1.yaml")
    assert ran.code == 1, "something cannot be read"
    assert "1b    unreadable" in ran.out
    assert "^" in ran.out
    assert "2     missing" in ran.out
    assert "no question '9'" in ran.out
    assert "For PhD candidates" not in ran.out


def test_right_and_wrong_look_the_same(folder: Folder, run: Run) -> None:
    folder.submit("1.yaml", "candidate: 1\nanswers: {1a: 3}\n")
    right = run("check", "small", "submissions/small/1.yaml", "--json")
    folder.submit("1.yaml", "candidate: 1\nanswers: {1a: 4}\n")
    wrong = run("check", "small", "submissions/small/1.yaml", "--json")
    assert right.out.replace('"3"', '"4"') == wrong.out
    assert right.code == wrong.code == 0


def test_a_folder_and_another_group(folder: Folder, run: Run) -> None:
    folder.submit("5/1a.txt", "3")
    ran = run("check", "small", "submissions/small/5", "--group", "phd", "--json")
    result = json.loads(ran.out)
    assert result["questions"]["1a"]["state"] == "read"
    assert result["questions"]["3"]["state"] == "missing"
    assert run("check", "small", "submissions/small/5", "--group", "bsc").code == 1


def test_a_file_that_cannot_be_read(folder: Folder, run: Run) -> None:
    folder.submit("1.yaml", "candidate: 1\nanswers: [\n")
    ran = run("check", "small", "submissions/small/1.yaml")
    assert ran.code == 1
    assert "1.yaml:3:1: not YAML" in ran.out
    assert run("check", "small", "submissions/small/none.yaml").code == 1


def test_what_counts_as_a_problem(folder: Folder, run: Run) -> None:
    folder.submit("5/1a.pdf", b"%PDF")
    ran = run("check", "small", "submissions/small/5")
    assert ran.code == 1
    assert "1a    unreadable" in ran.out


def test_here_is_a_folder_too(folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.submit("5/answers.yaml", "answers: {1a: 3}\n")
    monkeypatch.chdir(folder.root / "submissions/small/5")
    assert run("check", "small", ".", "--workspace", str(folder.root)).code == 0

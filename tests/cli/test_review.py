"""`grader review`: a sheet out, decisions in, never overwritten, stale ones refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from tests.cli.conftest import Ran
from tests.conftest import EXAM, RUBRIC, Folder

Run = Callable[..., Ran]


@pytest.fixture
def sheet(folder: Folder, run: Run) -> dict[str, Any]:
    folder.submit("1.yaml", "candidate: 1\nanswers: {1a: 3, 1b: 6, 2: Factors are multiplied}\n")
    folder.submit(
        "2.yaml", "candidate: 2\nanswers: {1a: 3, 1b: 6, 2: 'factors   are MULTIPLIED'}\n"
    )
    folder.submit("3.yaml", "candidate: 3\nanswers: {1a: 3 +, 1b: 6, 2: Because of the weather}\n")
    ran = run("review", "small")
    assert ran.code == 0, ran.err
    assert "4 answers in 3 groups" in ran.out
    return load(folder)


def load(folder: Folder) -> dict[str, Any]:
    text = (folder.root / "reports/small/review.yaml").read_text(encoding="utf-8")
    value: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader makes text only
    return value


def save(folder: Folder, sheet: dict[str, Any]) -> None:
    folder.write("reports/small/review.yaml", yaml.safe_dump(sheet, sort_keys=False))


def points(folder: Folder, run: Run) -> dict[str, Any]:
    assert run("grade", "small").code == 0
    text = (folder.root / "reports/small/gradebook.json").read_text(encoding="utf-8")
    return {one["candidate"]: one for one in json.loads(text)["candidates"]}


def test_equal_answers_are_one_group_with_the_proposal(sheet: dict[str, Any]) -> None:
    first, second = sheet["questions"]["2"]["groups"]
    assert first["candidates"] == ["1", "2"]
    assert first["proposal"] == "1"
    assert first["found"][0]["words"] == ["multiplied"]
    assert second["candidates"] == ["3"]
    assert sheet["questions"]["1a"]["groups"][0]["why"] == "unreadable"


def test_decisions_are_used_and_never_overwritten(
    folder: Folder, run: Run, sheet: dict[str, Any]
) -> None:
    sheet["by"] = "KL"
    sheet["questions"]["2"]["groups"][0].update(credit="3/4", comment="Nearly.")
    sheet["questions"]["1a"]["groups"][0]["credit"] = "1"
    save(folder, sheet)
    ran = run("review", "small", "--apply", "reports/small/review.yaml")
    assert ran.code == 0, ran.err
    assert "2 decisions recorded, 0 refused" in ran.out
    for _ in range(2):
        candidates = points(folder, run)
        assert candidates["1"]["points"] == candidates["2"]["points"] == 3.75
        assert candidates["3"]["questions"]["1a"]["points"] == 1
        assert not candidates["3"]["complete"]
    page = (folder.root / "reports/small/students/1.html").read_text(encoding="utf-8")
    assert "Nearly." in page


def test_applying_a_sheet_twice_records_it_once(
    folder: Folder, run: Run, sheet: dict[str, Any]
) -> None:
    sheet["questions"]["2"]["groups"][0]["credit"] = "1/2"
    save(folder, sheet)
    assert (
        "1 decisions recorded, 0 refused"
        in run("review", "small", "--apply", "reports/small/review.yaml").out
    )
    again = run("review", "small", "--apply", "reports/small/review.yaml")
    assert "0 decisions recorded, 1 known before, 0 refused" in again.out


def test_an_answer_that_changed_is_refused(folder: Folder, run: Run, sheet: dict[str, Any]) -> None:
    sheet["questions"]["2"]["groups"][1]["credit"] = "1/2"
    save(folder, sheet)
    folder.submit("3.yaml", "candidate: 3\nanswers: {2: Something new}\n")
    ran = run("review", "small", "--apply", "reports/small/review.yaml")
    assert ran.code == 1
    assert "refused as stale: nobody in this class has this answer" in ran.err
    assert "review.yaml:" in ran.err


def test_a_rubric_item_that_changed_is_refused(
    folder: Folder, run: Run, sheet: dict[str, Any]
) -> None:
    sheet["questions"]["2"]["groups"][0]["credit"] = "1/2"
    sheet["questions"]["1a"]["groups"][0]["credit"] = "1"
    save(folder, sheet)
    folder.write("rubrics/small.yaml", RUBRIC.replace("product|multiplied", "multiplied"))
    ran = run("review", "small", "--apply", "reports/small/review.yaml")
    assert ran.code == 1
    assert "the rubric item has changed since" in ran.err
    assert "1 decisions recorded, 1 refused" in ran.out


def test_a_decision_stays_when_the_rubric_changes_later(
    folder: Folder, run: Run, sheet: dict[str, Any]
) -> None:
    sheet["questions"]["2"]["groups"][0]["credit"] = "1/2"
    save(folder, sheet)
    assert run("review", "small", "--apply", "reports/small/review.yaml").code == 0
    folder.write("rubrics/small.yaml", RUBRIC.replace("product|multiplied", "multiplied"))
    ran = run("grade", "small")
    assert "Decisions whose rubric item has changed since (still in force) (1)" in ran.out
    assert points(folder, run)["1"]["points"] == 3.5


@pytest.mark.parametrize(
    ("credit", "message"), [("2", "between 0 and 1"), ("half", "write a credit")]
)
def test_a_wrong_credit_is_refused_with_its_place(
    folder: Folder, run: Run, sheet: dict[str, Any], credit: str, message: str
) -> None:
    sheet["questions"]["2"]["groups"][0]["credit"] = credit
    save(folder, sheet)
    ran = run("review", "small", "--apply", "reports/small/review.yaml")
    assert ran.code == 1
    assert message in ran.err


def test_a_filled_in_sheet_is_not_overwritten(
    folder: Folder, run: Run, sheet: dict[str, Any]
) -> None:
    sheet["questions"]["2"]["groups"][0]["credit"] = "1/2"
    save(folder, sheet)
    ran = run("review", "small")
    assert ran.code == 1
    assert "somebody filled in" in ran.err
    assert load(folder) == sheet


def test_a_sheet_of_another_exam_is_refused(folder: Folder, run: Run) -> None:
    folder.write("other.yaml", "exam: other\nquestions: {}\n")
    ran = run("review", "small", "--apply", "other.yaml")
    assert ran.code == 1
    assert "no review sheet of small" in ran.err


def test_two_programs_that_differ_in_blanks_are_two_answers(folder: Folder, run: Run) -> None:
    exam = EXAM.replace(
        "response: {kind: text}", "response: {kind: code, language: python, entry: f}"
    )
    check = "kind: code\n    reference: f.py\n    criteria: {all: {credit: 1, say: Right.}}\n    examples: [{answer: x = 1, outcome: review}]\n"
    start, end = RUBRIC.index("  2:\n"), RUBRIC.index("  3:\n")
    folder.write("exams/small.yaml", exam)
    folder.write("rubrics/small.yaml", RUBRIC[:start] + f"  2:\n    {check}" + RUBRIC[end:])
    folder.write("rubrics/small/f.py", "def f(): ...\n")
    folder.submit("1/2.py", "def f(y):\n  if y:\n    y = 1\n    return y\n")
    folder.submit("2/2.py", "def f(y):\n  if y:\n    y = 1\n  return y\n")
    ran = run("review", "small")
    assert "2 answers in 2 groups" in ran.out, ran.err


def test_two_files_that_cannot_be_opened_are_two_answers(folder: Folder, run: Run) -> None:
    folder.submit("1/1a.txt", b"\0\1")
    folder.submit("2/1a.txt", b"\0\2")
    assert "2 answers in 2 groups" in run("review", "small").out


def test_after_applying_a_new_sheet_can_be_written(
    folder: Folder, run: Run, sheet: dict[str, Any]
) -> None:
    sheet["questions"]["2"]["groups"][0]["credit"] = "2/4"
    save(folder, sheet)
    assert run("review", "small", "--apply", "reports/small/review.yaml").code == 0
    ran = run("review", "small")
    assert ran.code == 0, ran.err
    assert [group["candidates"] for group in load(folder)["questions"]["2"]["groups"]] == [["3"]]


def test_a_sheet_with_only_a_comment_is_not_overwritten(
    folder: Folder, run: Run, sheet: dict[str, Any]
) -> None:
    sheet["questions"]["2"]["groups"][0]["comment"] = "Ask about this."
    save(folder, sheet)
    assert run("review", "small").code == 1


def test_an_old_sheet_does_not_undo_what_was_decided_since(
    folder: Folder, run: Run, sheet: dict[str, Any]
) -> None:
    group = sheet["questions"]["2"]["groups"][0]
    group["credit"] = "1"
    save(folder, sheet)
    folder.write("first.yaml", yaml.safe_dump(sheet, sort_keys=False))
    assert run("review", "small", "--apply", "first.yaml").code == 0
    assert run("review", "small", "--decided").code == 0
    again = load(folder)
    entry = again["questions"]["2"]["groups"][0]
    assert entry["decided"].startswith("1 by ")
    entry["credit"] = "0"
    save(folder, again)
    assert run("review", "small", "--apply", "reports/small/review.yaml").code == 0
    old = run("review", "small", "--apply", "first.yaml")
    assert old.code == 1
    assert "has decided this as 0 since" in old.err
    assert points(folder, run)["1"]["questions"]["2"]["points"] == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"creditt": "1"}, "no field 'creditt' here; did you mean 'credit'?"),
        ({"comment": "Hm."}, "a comment but no credit"),
        ({"credit": "1", "id": ""}, "`id:` is missing"),
    ],
)
def test_what_would_be_lost_without_a_word_is_refused(
    folder: Folder, run: Run, sheet: dict[str, Any], change: dict[str, str], message: str
) -> None:
    sheet["questions"]["2"]["groups"][0] |= change
    save(folder, sheet)
    ran = run("review", "small", "--apply", "reports/small/review.yaml")
    assert ran.code == 1
    assert message in ran.err


def test_an_answer_twice_in_a_sheet_is_refused(
    folder: Folder, run: Run, sheet: dict[str, Any]
) -> None:
    group = sheet["questions"]["2"]["groups"][0]
    sheet["questions"]["2"]["groups"] = [group | {"credit": "1"}, group | {"credit": "0,5"}]
    save(folder, sheet)
    ran = run("review", "small", "--apply", "reports/small/review.yaml")
    assert ran.code == 1
    assert "stands twice" in ran.err
    assert "1 decisions recorded" in ran.out


def test_a_decimal_comma_that_was_applied_counts_as_applied(
    folder: Folder, run: Run, sheet: dict[str, Any]
) -> None:
    sheet["questions"]["2"]["groups"][0]["credit"] = "0,5"
    save(folder, sheet)
    assert run("review", "small", "--apply", "reports/small/review.yaml").code == 0
    assert run("review", "small").code == 0


def test_a_sheet_without_questions_is_refused(folder: Folder, run: Run) -> None:
    folder.write("sheet.yaml", "exam: small\nquestions: 3\n")
    ran = run("review", "small", "--apply", "sheet.yaml")
    assert ran.code == 1
    assert "sheet.yaml:2:1" in ran.err

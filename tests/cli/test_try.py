"""`grader try`: the contract of its JSON."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.cli.conftest import Ran
from tests.conftest import Folder

Run = Callable[..., Ran]


def test_json_has_the_documented_fields(run: Run) -> None:
    ran = run("try", "small", "1a", "s = -1", "--json")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out) == {
        "question": "1a",
        "outcome": "graded",
        "credit": 0.5,
        "points": 0.5,
        "max_points": 1,
        "reading": "-1",
        "findings": [{"id": "difference", "credit": 0.5, "message": "A sum was asked for."}],
        "evidence": "identical after normalising",
    }


def test_lines_in_lines_out_and_a_bad_one_stops_nothing(folder: Folder, run: Run) -> None:
    lines = [
        {"question": "1a", "answer": 3},
        {"question": "1b", "answer": "10", "answers": {"1a": 5}},
        {"question": "3", "answer": "b"},
        {"question": "3", "answer": "b", "group": "msc"},
        {"question": "1a", "answer": None},
        {"question": "1a", "answer": {"x": ["y"]}},
        {"question": "nope", "answer": "1"},
        {"question": "1a", "group": "bsc"},
        {"answer": "1"},
        {"question": "1a", "group": ["msc"]},
        {"question": "1a", "answer": "\ud800"},
    ]
    text = "\n".join(json.dumps(line) for line in lines) + '\n{"question": \n\n[]\n'
    folder.write("lines.jsonl", text)
    ran = run("try", "small", "--jsonl", "lines.jsonl")
    assert ran.code == 1
    found = [json.loads(line) for line in ran.out.splitlines()]
    assert [one.get("outcome") for one in found] == [
        *("graded", "graded", "graded", "not-asked", "blank", "unreadable"),
        *(None, None, None, None, "unreadable", None, None),
    ]
    assert found[1]["points"] == 1.5
    assert found[1]["findings"][0]["id"] == "follow-through"
    assert found[4]["points"] == 0
    assert found[5]["points"] is None
    assert "questions are 1a" in found[6]["error"]
    assert "no group 'bsc'" in found[7]["error"]
    assert found[8]["line"] == 9


def test_an_answer_may_begin_with_a_minus(run: Run) -> None:
    assert json.loads(run("try", "small", "1a", "-1", "--json").out)["credit"] == 0.5


def test_for_people(run: Run) -> None:
    ran = run("try", "small", "2", "Many factors are multiplied \x1b[31m")
    assert ran.code == 0
    assert "a person decides" in ran.out
    assert "\x1b" not in ran.out


def test_an_answer_from_a_file(folder: Folder, run: Run) -> None:
    path = folder.write("a.txt", "3,0\n")
    assert json.loads(run("try", "small", "1a", "--file", str(path), "--json").out)["credit"] == 1
    assert run("try", "small", "1a", "--file", "no.txt").code == 1


@pytest.mark.parametrize(
    "arguments", [["try", "small"], ["try", "small", "1c", "3"], ["try", "smal", "1a", "3"]]
)
def test_wrong_use(run: Run, arguments: list[str]) -> None:
    ran = run(*arguments)
    assert ran.code == 1
    assert ran.err


def test_numbers_keep_the_digits_that_were_written(folder: Folder, run: Run) -> None:
    folder.write("lines.jsonl", '{"question": "1a", "answer": 3.00000000000000000001}\n')
    found = json.loads(run("try", "small", "--jsonl", "lines.jsonl").out)
    assert found["credit"] == 0
    assert found["reading"] == "3,00000000000000000001"


def test_json_is_plain_ascii(run: Run) -> None:
    ran = run("try", "small", "2", "\u009b31m \u202e", "--json")
    assert ran.out.isascii()
    assert json.loads(ran.out)["reading"] == "\u009b31m \u202e"

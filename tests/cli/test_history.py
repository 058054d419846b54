"""`grader history` tells how a mark came about, `grader explain` what it rests on and how to repeat it."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.ledger import Act, Kind
from tests.cli.conftest import Ran
from tests.conftest import RUBRIC, Folder

Run = Callable[..., Ran]
ROOT = Path(__file__).parents[2]


def grade(run: Run) -> None:
    ran = run("grade", "small", "--workers", "1")
    assert ran.code == 0, ran.err


def test_a_history_is_told_in_the_order_of_acts(
    folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = "candidate: abc\nanswers: {{1a: '{}', 2: Many factors are multiplied.}}\n"
    path = folder.submit("abc.yaml", answers.format("-1"))
    folder.submit("other.yaml", "candidate: other\nanswers: {1a: '3'}\n")
    grade(run)
    assert run("review", "small").code == 0
    sheet = folder.root / "reports/small/review.yaml"
    text = sheet.read_text(encoding="utf-8").replace("      credit:\n", "      credit: 1/2\n", 1)
    text = text.replace("      comment:\n", '      comment: "Only \\e[31mhalf"\n', 1)
    sheet.write_text(text, encoding="utf-8")
    assert run("review", "small", "--apply", str(sheet), "--by", "Ann").code == 0
    folder.write("rubrics/small.yaml", RUBRIC.replace("credit: 1/2", "credit: 1/4"))
    ran = run("apply", "small", "--reason", "Kind", "--only-up", "--workers", "1")
    assert ran.code == 0, ran.err
    assert run("release", "small", "--reason", "Out", "--workers", "1").code == 0
    path.write_text(answers.format("3"), encoding="utf-8")
    early = lambda kind, by, reason="": Act(Kind(kind), by, "2001-01-01T00:00:00+00:00", reason)  # noqa: E731
    monkeypatch.setattr("grader.cli.grade.act_now", early)
    grade(run)
    path.unlink()
    monkeypatch.undo()
    grade(run)
    told = run("history", "small", "abc").out
    places = [
        told.index(words)
        for words in (
            "handed in: abc.yaml",
            "question 1a: graded, credit 1/2, 0.5 of 1 points",
            "decided by Ann",
            "question 2: decided credit 1/2 by Ann: Only",
            "applied by ",
            "question 1a: the score was kept and left to a person; the rubric would give graded, credit 1/4",
            "release 1: 1 of 4 points",
            "2001-01-01T00:00:00+00:00  graded",
            "(the clock went back)",
            "changed: abc.yaml",
            "question 1a: graded, credit 1, 1 of 1 points",
            "what was handed in is gone",
        )
    ]
    assert places == sorted(places)
    assert "\x1b" not in told
    assert "rubric item" in told
    assert "engine" in told
    one = run("history", "small", "abc", "2").out
    assert "question 1a" not in one
    assert "release 1: 0.5 of 1 points" in one
    assert "did you mean" not in run("history", "small", "abc", "7").err
    assert run("history", "small", "abc", "7").code == 1
    assert "has left" in run("explain", "small", "abc", "2").err


def repeated(said: str) -> str:
    """What the command that is offered prints."""
    lines = said.split("To repeat it:\n")[1].splitlines()
    command = "\n".join(line[2:] for line in lines if line.startswith("  "))
    python = f"{shlex.quote(sys.executable)} -m grader"
    done = subprocess.run(
        ["sh", "-c", command.replace("grader try", f"{python} try", 1)],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
    )
    return done.stdout


def test_an_explanation_can_be_repeated(folder: Folder, run: Run) -> None:
    folder.submit(
        "1.yaml",
        "candidate: 1\nanswers: {1a: '-1', 1b: '-2', 2: \"It's\\n$(id) `x` \\\\n multiplied\"}\n",
    )
    folder.submit("2.yaml", "candidate: 2\nanswers: {1a: 3 +}\n")
    folder.submit("3/1a.txt", b"\0\1")
    grade(run)
    told = run("explain", "small", "1", "1a").out
    for words in ("answer     -1", "difference [1/2]: A sum", "seed ", "engine ", "graded by"):
        assert words in told, told
    assert "grader try --group msc -- small 1a -1" in told
    assert "Judged again just now: the same." in told
    assert "points    0.5 of 1" in repeated(told)
    follows = run("explain", "small", "1", "1b").out
    assert '"answers": {"1a": "-1"}' in follows
    assert '"points": 1.5' in repeated(follows)
    lines = run("explain", "small", "1", "2").out
    assert "  | It's\n  | $(id) `x`" in lines
    assert '"reading": "It\'s\\n$(id) `x` \\\\n multiplied"' in repeated(lines)
    assert "could not be opened" in run("explain", "small", "3", "1a").out
    saved = run("explain", "small", "1", "2", "--save", "one.jsonl").out
    assert "grader try small --jsonl one.jsonl" in saved
    assert "multiplied" in run("try", "small", "--jsonl", "one.jsonl").out
    assert "near are" not in run("explain", "small", "99", "1a").err
    assert "did you mean '1a'?" in run("explain", "small", "1", "1aa").err


def test_an_explanation_says_what_is_other_now(folder: Folder, run: Run) -> None:
    folder.submit("Abc.yaml", "candidate: Abc\nanswers: {1a: '-1'}\n")
    grade(run)
    folder.write("rubrics/small.yaml", RUBRIC.replace("credit: 1/2", "credit: 1/4"))
    told = run("explain", "small", "Abc", "1a").out
    assert "the same." in told
    assert "The rubric item in the workspace is another" in told
    assert run("apply", "small", "--reason", "x", "--only-up", "--workers", "1").code == 0
    told = run("explain", "small", "Abc", "1a").out
    assert "not the same, but graded, points 0.25" in told
    assert "was kept when another rubric was applied" in told
    assert "near are Abc" in run("explain", "small", "abc", "1a").err

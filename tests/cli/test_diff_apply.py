"""`grader diff` shows whose marks would move and records nothing; `grader apply` records it, with a reason."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from grader.gradebook import mark, tally
from grader.gradebook.moving import Move, Moved, Shift
from grader.ledger import Ledger, only_writer
from grader.ledger.schema import COLUMNS, summed
from grader.loading.workspace import Workspace
from grader.pipeline.moves import kept
from grader.pipeline.state import State
from grader.report.moves import Told, csv_rows, moves_page, summary
from grader.score import NOTHING, Outcome, Score
from tests.cli.conftest import Ran
from tests.conftest import RUBRIC, Folder

Run = Callable[..., Ran]
SOFTER = RUBRIC.replace("key: 2*s", "key: 2*s + 1").replace('answer: "6"', 'answer: "7"')
"""Question 1b has another key: 6 loses, 7 gains."""
SOFTER = SOFTER.replace('answer: "10"', 'answer: "11"')


@pytest.fixture
def graded(folder: Folder, run: Run) -> Path:
    """A class of three, graded; the ledger's file."""
    for candidate, answer in (("1", "6"), ("2", "7"), ("10", "0")):
        answers = f"{{1a: '3', 1b: '{answer}', 2: ''}}"
        folder.submit(f"{candidate}.yaml", f"candidate: {candidate}\nanswers: {answers}\n")
    ran = run("grade", "small", "--workers", "1")
    assert ran.code == 0, ran.err
    return folder.root / "reports/small/ledger.sqlite"


def rows(ledger: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(ledger)) as connection:
        return {
            table: connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608
            for table in COLUMNS
        }


def points(folder: Folder) -> dict[str, float]:
    text = (folder.root / "reports/small/gradebook.json").read_text(encoding="utf-8")
    return {one["candidate"]: one["points"] for one in json.loads(text)["candidates"]}


def test_a_diff_tells_whose_marks_move_and_records_nothing(
    folder: Folder, run: Run, graded: Path
) -> None:
    assert "Nobody's marks move." in run("diff", "small", "--workers", "1").out
    before = rows(graded), graded.read_bytes(), points(folder)
    folder.write("rubrics/small.yaml", SOFTER)
    graded.chmod(0o444)
    graded.parent.chmod(0o555)
    try:
        ran = run("diff", "small", "--workers", "1", "--csv", "d.csv", "--html", "d.html")
    finally:
        graded.parent.chmod(0o755)
        graded.chmod(0o644)
    assert ran.code == 0, ran.err
    lines = [line.split() for line in ran.out.splitlines()]
    assert lines[1][:6] == ["1", "C", "→", "F", "3", "→"], "grade changes first, then the others"
    assert lines[2][0] == "2"
    assert "question 1b: 1 up, 1 down" in ran.out
    assert "2 of 3 candidates move, 2 grades change, +1 / −1." in ran.out
    with (folder.root / "d.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert [(row["candidate"], row["points_before"], row["points_after"]) for row in table] == [
        ("1", "2", "0"),
        ("2", "0", "2"),
    ]
    assert "the rubric item changed" in table[0]["why"]
    page = (folder.root / "d.html").read_text(encoding="utf-8")
    assert "The grade changes (2)" in page
    assert (rows(graded), graded.read_bytes(), points(folder)) == before


def test_a_rubric_in_another_file_and_while_somebody_else_grades(
    folder: Folder, run: Run, graded: Path
) -> None:
    other = folder.write("new.yaml", SOFTER)
    with only_writer(graded, "a long run", pytest.fail):
        ran = run("diff", "small", "--rubric", str(other), "--workers", "1", "--show", "1")
    assert "2 of 3 candidates move" in ran.out, ran.err
    assert "… and 1 more" in ran.out
    other.write_text(SOFTER.replace("key: 1 + 2", "kee: 1 + 2"), encoding="utf-8")
    ran = run("diff", "small", "--rubric", str(other))
    assert ran.code == 1
    assert "new.yaml:6:5" in ran.err
    assert run("diff", "small", "--rubric", str(other), "--engine").code == 1
    assert "cannot be opened" in run("diff", "small", "--rubric", "nowhere.yaml").err


@pytest.mark.parametrize("verb", ["diff", "apply", "release", "report", "history", "explain"])
def test_without_a_ledger_people_are_told_to_grade(folder: Folder, run: Run, verb: str) -> None:
    more = {"apply": ["--reason", "x"], "release": ["--reason", "x"], "history": ["1"]}
    ran = run(verb, "small", *more.get(verb, ["1", "1a"] if verb == "explain" else []))
    assert ran.code == 1
    assert "run `grader grade small` first" in ran.err
    assert not (folder.root / "reports").exists()


def test_applying_needs_a_reason_and_keeps_it(folder: Folder, run: Run, graded: Path) -> None:
    folder.write("rubrics/small.yaml", SOFTER)
    assert run("apply", "small").code == 1
    assert run("apply", "small", "--reason", " ").code == 1
    assert points(folder) == {"1": 3, "2": 1, "10": 1}
    (folder.root / "submissions/small/2.yaml").unlink()
    ran = run("apply", "small", "--reason", "The key was wrong", "--workers", "1")
    assert ran.code == 0, ran.err
    assert "2 of 3 candidates move" in ran.out
    assert points(folder) == {"1": 1, "2": 3, "10": 1}, "what the ledger holds, not the folder"
    act = Ledger(graded).acts()[-1]
    assert (act.kind, act.reason) == ("applied", "The key was wrong")
    again = run("apply", "small", "--reason", "Once more", "--workers", "1")
    assert "There was nothing to apply." in again.out
    since = run("diff", "small", "--since", "1")
    assert "2 of 3 candidates move" in since.out
    first = Workspace(folder.root).paper("small").digest
    assert "Nobody's marks move." in run("diff", "small", "--since", first[:6]).out
    assert "no rubric begins" in run("diff", "small", "--since", "zz").err


def test_only_up_keeps_what_would_fall_until_the_item_changes_again(
    folder: Folder, run: Run, graded: Path
) -> None:
    folder.write("rubrics/small.yaml", SOFTER)
    ran = run("apply", "small", "--reason", "Kind", "--only-up", "--workers", "1")
    assert "left to a person (1)" in ran.out
    assert "1, question 1b: 2 kept, would be 0" in ran.out
    assert points(folder) == {"1": 3, "2": 3, "10": 1}
    assert run("grade", "small", "--workers", "1").code == 0
    assert points(folder)["1"] == 3
    paper = Workspace(folder.root).paper("small")
    assert [one.candidate for one in kept(State(Ledger(graded), paper))] == ["1"]
    folder.write(
        "rubrics/small.yaml", SOFTER.replace("key: 2*s + 1", "key: 2*s + 1\n    rtol: 1e-9")
    )
    assert run("grade", "small", "--workers", "1").code == 0
    assert points(folder)["1"] == 1


def test_what_was_kept_is_asked_about_and_can_still_be_taken(
    folder: Folder, run: Run, graded: Path
) -> None:
    folder.write("rubrics/small.yaml", SOFTER)
    run("apply", "small", "--reason", "Kind", "--only-up", "--workers", "1")
    assert run("review", "small").code == 0
    sheet = (folder.root / "reports/small/review.yaml").read_text(encoding="utf-8")
    assert "title: Twice the sum" in sheet
    assert run("apply", "small", "--reason", "All of it", "--workers", "1").code == 0
    assert points(folder)["1"] == 1
    assert run("grade", "small", "--workers", "1").code == 0
    assert points(folder)["1"] == 1


def age(ledger: Path) -> None:
    """Make the scores those of an earlier version, which gave nothing for a full 1b."""
    with closing(sqlite3.connect(ledger)) as connection:
        rewrite(connection, "scores", earlier_score)
        rewrite(connection, "standings", lambda row: row | {"identity": "as it was then"})
        connection.commit()


def earlier_score(row: dict[str, Any]) -> dict[str, Any]:
    content = row["content"]
    if row["question"] == "1b":
        content = content.replace('"credit":"1"', '"credit":"0"')
    return row | {"engine": "earlier", "content": content}


def rewrite(
    connection: sqlite3.Connection,
    table: str,
    change: Callable[[dict[str, Any]], dict[str, Any]],
) -> None:
    """Change rows as nobody may, with checksums that hold."""
    connection.execute(f"DROP TRIGGER {table}_update")
    names = COLUMNS[table]
    found = connection.execute(f"SELECT {', '.join(names)}, number FROM {table}").fetchall()  # noqa: S608
    settings = ", ".join(f"{name} = ?" for name in (*names, "sum"))
    for *values, number in found:
        row = change(dict(zip(names, values, strict=True)))
        cells = (*summed(tuple(row.values())), number)
        connection.execute(f"UPDATE {table} SET {settings} WHERE number = ?", cells)  # noqa: S608


def test_another_version_of_the_grader_goes_the_same_way(
    folder: Folder, run: Run, graded: Path
) -> None:
    assert "All answers were judged by this version." in run("diff", "small", "--engine").out
    age(graded)
    before = rows(graded)
    ran = run("diff", "small", "--engine", "--workers", "1")
    assert "1 of 3 candidates move, 1 grade changes, +1 / −0." in ran.out, ran.err
    assert "judged by another version of the grader" in ran.out
    assert "5 of 5 different answers" in ran.out
    some = run("diff", "small", "--engine", "--sample", "1", "--workers", "1")
    assert "--all judges every one" in some.out
    assert rows(graded) == before
    assert run("apply", "small", "--reason", "upgrade", "--engine", "--workers", "1").code == 0
    assert points(folder) == {"1": 3, "2": 1, "10": 1}
    assert Ledger(graded).judged_elsewhere("earlier") == 5


def test_what_stands_in_files_is_harmless_there(folder: Folder) -> None:
    exam = Workspace(folder.root).paper("small").exam
    low, high = (Score(Outcome.GRADED, NOTHING + credit) for credit in (0, 1))
    before, after = (tally(exam, "-1", "msc", {"1a": one}) for one in (low, high))
    why = "=cmd() <script>\x1b[31m"
    move = Move("1a", mark(low, Decimal(1)), mark(high, Decimal(1)), why)
    moved = Moved((Shift("-1", before, after, (move,)), Shift("9", None, after, ())), 2)
    _, row, other = csv_rows(moved)
    assert row[0] == "'-1"
    assert row[-1].startswith("'=cmd()")
    assert "\x1b" not in row[-1]
    assert other[1] == "–"
    page = "".join(moves_page(exam, moved, Told("<b>", "", "")))
    assert "<script>" not in page
    assert "<b>" not in page
    assert "\x1b" not in page
    assert summary(moved) == "2 of 2 candidates move, 1 grade changes, +1 / −0, 1 new."

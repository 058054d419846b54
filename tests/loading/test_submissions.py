"""Submissions: whatever is wrong with one, its candidate comes back and the others are read."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from grader.loading import submissions
from grader.loading.submissions import read_bonus
from grader.loading.workspace import Workspace
from grader.submission import Handed
from tests.conftest import EXAM, Folder, handed_in

GOOD = "candidate: '{}'\nanswers: {{1a: '3'}}\n"


def read(folder: Folder) -> dict[str, Handed]:
    exam = Workspace(folder.root).exam("small")
    return {one.candidate: one for one in handed_in(folder.root / "submissions/small", exam)}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("7.yaml", "candidate: 7\nanswers: {1a: [\n", "7.yaml:3:1: not YAML"),
        ("7.yaml", "candidate: 7\nanswers: {1a: 1, 1a: 2}\n", "a second time"),
        ("7.yaml", "candidat: 7\n", "did you mean 'candidate'"),
        ("7.yaml", "- 1\n- 2\n", "must be a mapping"),
        ("7.yaml", "", "is empty"),
        ("7.yaml", b"candidate: 7\n\0\0\0", "binary file"),
        ("7.yaml", "candidate: ../7\n", "`candidate`"),
        ("7.yaml", "candidate: 7\ngroup: bsc\n", "no group 'bsc'"),
        ("7.pdf", b"%PDF", "hand in a 7.yaml or a folder 7/"),
        ("7/answers.yaml", "candidate: 8\n", "make them agree"),
    ],
)
def test_a_bad_file_leaves_its_candidate_to_a_person(
    folder: Folder, name: str, content: str | bytes, message: str
) -> None:
    folder.submit("1.yaml", GOOD.format(1))
    folder.submit(name, content)
    handed = read(folder)
    assert not handed["1"].failed
    assert message in handed["7"].failed


def test_text_stays_text(folder: Folder) -> None:
    folder.submit("1.yaml", "candidate: 007\nanswers:\n  1a: 010\n  1b: no\n  2: 3:30\n  3: 1e3\n")
    assert read(folder)["007"].answers == {"1a": "010", "1b": "no", "2": "3:30", "3": "1e3"}


def test_twice_the_same_candidate_waits_and_is_named_once(folder: Folder) -> None:
    folder.submit("1.yaml", GOOD.format(7))
    folder.submit("2.yaml", GOOD.format(7))
    folder.submit("3.yaml", GOOD.format(3))
    handed = read(folder)
    assert "2 times" in handed["7"].failed
    assert not handed["3"].failed
    assert len(handed) == 2


def test_unknown_questions_are_left_out_and_named(folder: Folder) -> None:
    folder.submit("1.yaml", "candidate: 1\nanswers: {1a: '3', 1aa: '4'}\n")
    (problem,) = read(folder)["1"].problems
    assert "no question '1aa'; did you mean '1a'?" in str(problem)
    assert read(folder)["1"].answers == {"1a": "3"}


def test_a_folder_with_a_file_per_question(folder: Folder) -> None:
    folder.submit("5/1a.txt", "3,0\n")
    folder.submit("5/2.md", "Because.\n\nYes.\n")
    folder.submit("5/answers.yaml", "group: PHD\nanswers: {1b: '6'}\n")
    folder.submit("5/photo.jpg", b"\xff\xd8")
    one = read(folder)["5"]
    assert one.answers == {"1a": "3,0", "1b": "6", "2": "Because.\n\nYes."}
    assert one.group == "phd"
    assert "photo.jpg" in str(one.problems[0])


def test_two_answers_to_one_question_wait_for_a_person(folder: Folder) -> None:
    folder.submit("5/1a.txt", "3")
    folder.submit("5/1a.md", "4")
    one = read(folder)["5"]
    assert "two answers" in one.unread["1a"]
    assert "a second time" in str(one.problems[0])


def test_one_binary_answer_costs_only_that_question(folder: Folder) -> None:
    folder.submit("5/1a.txt", b"\0\1")
    folder.submit("5/1b.txt", "6")
    one = read(folder)["5"]
    assert "binary" in one.unread["1a"]
    assert one.answers == {"1b": "6"}


def test_latin_1_and_byte_order_mark(folder: Folder) -> None:
    folder.submit("1.yaml", "candidate: 1\nanswers: {2: på grunn av}\n".encode("latin-1"))
    folder.submit("2.yaml", b"\xef\xbb\xbf" + GOOD.format(2).encode())
    handed = read(folder)
    assert handed["1"].answers == {"2": "på grunn av"}
    assert "Latin-1" in handed["1"].problems[0].message
    assert handed["2"].answers == {"1a": "3"}


def test_links_out_of_the_folder_are_not_followed(folder: Folder, tmp_path: Path) -> None:
    secret = folder.write("rubrics/secret.yaml", GOOD.format(9))
    (folder.root / "submissions/small/9.yaml").symlink_to(secret)
    folder.submit("5/1b.txt", "6")
    (folder.root / "submissions/small/5/1a.txt").symlink_to(secret)
    handed = read(folder)
    assert "is a link and was not followed" in handed["9"].failed
    assert "not followed" in handed["5"].unread["1a"]
    assert "1a" not in handed["5"].answers


def test_a_folder_without_permission(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.submit("1.yaml", GOOD.format(1))
    folder.submit("5/1a.txt", "3")
    closed = folder.root / "submissions/small/5"
    closed.chmod(0)
    if os.access(
        closed, os.R_OK
    ):  # root may read everything: let the system call say what others hear
        listing = Path.iterdir

        def refuse(path: Path) -> object:
            if path == closed:
                raise PermissionError(13, "Permission denied")
            return listing(path)

        monkeypatch.setattr(Path, "iterdir", refuse)
    handed = read(folder)
    closed.chmod(0o755)
    assert "5: cannot be opened: Permission denied" in handed["5"].failed
    assert not handed["1"].failed


def test_a_file_that_is_too_large(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    exam = Workspace(folder.root).exam("small")
    monkeypatch.setattr("grader.loading.text.MAX_FILE_BYTES", 100)
    folder.submit("1.yaml", GOOD.format(1) + "#" * 100)
    (one,) = handed_in(folder.root / "submissions/small", exam)
    assert "at most 100 are read" in one.failed


def test_staff_files_and_hidden_files_are_no_submissions(folder: Folder) -> None:
    folder.submit("_review.yaml", "exam: small")
    folder.submit(".DS_Store", b"\0")
    assert read(folder) == {}


def test_candidates_come_in_natural_order(folder: Folder) -> None:
    for number in ("10", "9", "100"):
        folder.submit(f"{number}.yaml", GOOD.format(number))
    assert list(read(folder)) == ["9", "10", "100"]


def test_bonus_points_are_checked(folder: Folder) -> None:
    folder.write(
        "exams/small.yaml",
        EXAM.replace("questions:", "bonus: {title: Exercises, max: 2}\nquestions:"),
    )
    exam = Workspace(folder.root).exam("small")
    folder.submit("_bonus.yaml", "1: 1.5\n")
    assert read_bonus(folder.root / "submissions/small", exam) == {"1": "1.5"}
    folder.submit("_bonus.yaml", "1: 2.5\n2: lots\n")
    with pytest.raises(submissions.AuthorError, match=r"(?s)_bonus.yaml:1:1.*_bonus.yaml:2:1"):
        read_bonus(folder.root / "submissions/small", exam)


def test_backups_and_odd_names_do_not_touch_real_candidates(folder: Folder) -> None:
    folder.submit("1.yaml", GOOD.format(1))
    folder.submit("1.yaml~", GOOD.format(1))
    folder.submit("1.pdf", b"%PDF")
    handed = read(folder)
    assert handed["1"].answers == {"1a": "3"}
    assert not handed["1"].failed
    assert "1.pdf" in str(handed["1"].problems[0])


def test_names_that_differ_in_capitals_are_one_candidate(folder: Folder) -> None:
    folder.submit("x.yaml", GOOD.format("a1"))
    folder.submit("y.yaml", GOOD.format("A1"))
    (one,) = read(folder).values()
    assert "2 times" in one.failed


def test_reserved_names_are_refused(folder: Folder) -> None:
    folder.submit("1.yaml", GOOD.format("CON"))
    assert "choose another identifier" in read(folder)["1"].failed


def test_aliases_that_unfold_into_much_text_are_refused(folder: Folder) -> None:
    text = "x" * 100_000
    folder.submit("1.yaml", f"candidate: 1\nanswers: {{1a: [&a '{text}'{', *a' * 3000}]}}\n")
    assert "too large" in read(folder)["1"].failed


@pytest.mark.parametrize("written", ["1A", "1.a", "Q1a", "question 1a", "1a (1)", "Oppgave 1a"])
def test_a_question_written_otherwise_is_found(folder: Folder, written: str) -> None:
    folder.submit("1.yaml", f"candidate: 1\nanswers: {{'{written}': '3'}}\n")
    one = read(folder)["1"]
    assert one.answers == {"1a": "3"}
    assert "was read as question 1a" in str(one.problems[0])


def test_a_question_written_in_two_ways_waits(folder: Folder) -> None:
    folder.submit("1.yaml", "candidate: 1\nanswers: {1a: '3', 1A: '4'}\n")
    one = read(folder)["1"]
    assert "two answers" in one.unread["1a"]


@pytest.mark.parametrize("name", ["1a.pdf", "1a.docx", "1a.jpg", "1a", "1A.PDF"])
def test_an_answer_in_a_file_of_another_sort_waits(folder: Folder, name: str) -> None:
    folder.submit(f"5/{name}", b"%PDF")
    one = read(folder)["5"]
    assert "hand in a file .txt" in one.unread["1a"]
    assert one.problems[0].severity == "error"


def test_a_forgotten_group_is_noticed(folder: Folder) -> None:
    folder.submit("1.yaml", "candidate: 1\nanswers: {3: b}\n")
    one = read(folder)["1"]
    assert "is the group phd?" in str(one.problems[0])
    assert one.group == "msc"


def test_an_unknown_group_leaves_no_trace_in_results(folder: Folder) -> None:
    folder.submit("1.yaml", 'candidate: 1\ngroup: "\\e[31mx"\n')
    assert read(folder)["1"].group == "msc"


def cells(*found: tuple[str, str]) -> str:
    """A notebook of version 4."""
    listed = [{"cell_type": kind, "source": text.splitlines(True)} for kind, text in found]
    outputs = {"cell_type": "code", "source": "", "outputs": [{"text": "x" * 200_000}]}
    return json.dumps({"nbformat": 4, "cells": [*listed, outputs]})


def test_a_notebook_is_read_without_its_outputs(folder: Folder) -> None:
    folder.submit(
        "5/2.ipynb", cells(("markdown", "So I define"), ("code", "def f(x):\n    return x"))
    )
    one = read(folder)["5"]
    assert one.answers == {"2": "So I define\n\n```python\ndef f(x):\n    return x\n```"}


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1}', "print(1)", "{" * 5000])
def test_a_file_that_is_no_notebook_waits(folder: Folder, text: str) -> None:
    folder.submit("5/2.ipynb", text)
    one = read(folder)["5"]
    assert "no notebook" in one.unread["2"]
    assert one.answers == {}

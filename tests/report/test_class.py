"""The files about a whole class."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.errors import Problem
from grader.exam import Exam
from grader.gradebook import Result, tally
from grader.report import write_class
from tests.report.sample import FAULT, full, make_exam, partial, review, unreadable
from tests.report.test_student import ATTACK, Outline, words


@pytest.fixture(scope="module")
def exam() -> Exam:
    return make_exam()


def results(exam: Exam) -> list[Result]:
    right = dict.fromkeys(exam.asked("phd"), full("1"))
    return [
        tally(exam, "12", "msc", right),
        tally(exam, "2", "phd", {**right, "2b": review(), "1a": FAULT}),
        tally(exam, "3", "msc", {**right, "1b": partial("1/4"), "2b": unreadable()}),
        tally(exam, "4", "msc", {}, problem="4.yaml:1:2: this is no YAML"),
    ]


def page_of(folder: Path, exam: Exam, *problems: Problem) -> str:
    write_class(folder, exam, results(exam), "abc123", problems)
    return (folder / "index.html").read_text(encoding="utf-8")


def test_files(tmp_path: Path, exam: Exam) -> None:
    written = write_class(tmp_path / "new", exam, results(exam), "abc123")
    assert [path.name for path in written] == ["index.html", "gradebook.csv", "gradebook.json"]
    document = json.loads(written[2].read_text(encoding="utf-8"))
    assert [one["candidate"] for one in document["candidates"]] == ["2", "3", "4", "12"]


def test_same_results_same_bytes_in_any_order(tmp_path: Path, exam: Exam) -> None:
    first = write_class(tmp_path / "a", exam, results(exam), "abc")
    second = write_class(tmp_path / "b", make_exam(), reversed(results(exam)), "abc")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_page_is_well_formed_and_stands_alone(tmp_path: Path, exam: Exam) -> None:
    page = page_of(tmp_path, exam)
    outline = Outline(page)
    assert len(outline.ids) == len(set(outline.ids))
    assert not outline.seen & {"script", "img", "link", "iframe"}
    assert "http" not in page
    assert [target for target in outline.targets if not target.startswith("#")] == [
        f"students/{candidate}.html" for candidate in ("2", "3", "4", "12")
    ]


def test_candidates_with_range_grade_and_status(tmp_path: Path, exam: Exam) -> None:
    text = words(page_of(tmp_path, exam))
    assert "12 msc 5 5 100 % A Complete" in text
    assert "2 phd 4 to 6 6 C to A 2 answers wait" in text
    assert "4 msc 0 to 5 5 Not read" in text


def test_what_waits_is_counted_by_question(tmp_path: Path, exam: Exam) -> None:
    text = words(page_of(tmp_path, exam))
    assert "2b Overfitting 1 1 2" in text
    assert "1a Output of a linear network 1 1" in text
    assert "2 , question 1a: KeyError: &#39;w&#39;" in text


def test_hardest_question_comes_first(tmp_path: Path, exam: Exam) -> None:
    table = words(page_of(tmp_path, exam)).split("Questions, hardest first")[1]
    assert table.index("1b Gradient") < table.index("1a Output") < table.index("2b Overfitting")
    assert "0.75" in table
    assert "The picture is lost." in table


def test_messages_are_shown_once(tmp_path: Path, exam: Exam) -> None:
    unread = Problem("4.yaml", 1, 2, "this is no YAML")
    other = Problem("3.yaml", 5, 1, "there is no question 9z")
    page = page_of(tmp_path, exam, unread, other)
    assert page.count("this is no YAML") == 1
    assert "3.yaml:5:1: there is no question 9z" in page


def test_distribution_is_drawn_and_described(tmp_path: Path, exam: Exam) -> None:
    page = page_of(tmp_path, exam)
    assert '<svg id="distribution"' in page
    assert "95 to 100 percent: 1" in page
    assert 'class="bar-open"' in page


def test_everything_is_escaped(tmp_path: Path, exam: Exam) -> None:
    bad = tally(exam, ATTACK, ATTACK, {}, problem=ATTACK)
    write_class(tmp_path, exam, [bad], ATTACK, [Problem(ATTACK, 1, 1, ATTACK)])
    outline = Outline((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert not outline.seen & {"script", "img"}


def test_an_empty_class_has_a_page(tmp_path: Path, exam: Exam) -> None:
    write_class(tmp_path, exam, [], "abc")
    assert "There are none yet." in (tmp_path / "index.html").read_text(encoding="utf-8")

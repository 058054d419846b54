"""The files about a whole class."""

from __future__ import annotations

import csv
import json
import tracemalloc
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from grader.errors import Problem
from grader.exam import Exam
from grader.gradebook import Result, tally
from grader.report import write_class
from grader.report.class_page import MAX_SHOWN_FAULTS
from grader.score import Outcome, Score
from tests.report.sample import FAULT, full, make_exam, partial, review, unreadable
from tests.report.test_student import ATTACK, Outline, words


@pytest.fixture(scope="module")
def exam() -> Exam:
    return make_exam()


def results(exam: Exam) -> list[Result]:
    right = dict.fromkeys(exam.asked("phd"), full("1"))
    return [
        tally(exam, "2", "phd", {**right, "2b": review(), "1a": FAULT}),
        tally(exam, "3", "msc", {**right, "1b": partial("1/4"), "2b": unreadable()}),
        tally(exam, "4", "msc", {}, problem="4.yaml:1:2: this is no YAML"),
        tally(exam, "12", "msc", right),
    ]


def page_of(folder: Path, exam: Exam, *problems: Problem) -> str:
    write_class(folder, exam, results(exam), "abc123", problems)
    return (folder / "index.html").read_text(encoding="utf-8")


def test_files(tmp_path: Path, exam: Exam) -> None:
    written, numbers = write_class(tmp_path / "new", exam, results(exam), "abc123")
    assert (numbers.candidates, numbers.complete, numbers.unread) == (4, 1, 1)
    assert [path.name for path in written] == ["index.html", "gradebook.csv", "gradebook.json"]
    document = json.loads(written[2].read_text(encoding="utf-8"))
    assert list(document) == ["exam", "rubric_digest", "candidates"]
    assert (document["exam"], document["rubric_digest"]) == ("sample-2024", "abc123")
    assert [one["candidate"] for one in document["candidates"]] == ["2", "3", "4", "12"]
    assert written[1].read_bytes().count(b"\r\n") == 5
    with written[1].open(encoding="utf-8", newline="") as table:
        assert [one["candidate"] for one in csv.DictReader(table)] == ["2", "3", "4", "12"]


def test_same_results_same_bytes(tmp_path: Path, exam: Exam) -> None:
    problems = [Problem("b", 1, 1, "x"), Problem("a", 1, 1, "x"), Problem("a", 1, 1, "x")]
    first, _ = write_class(tmp_path / "a", exam, results(exam), "abc", problems)
    second, _ = write_class(
        tmp_path / "b", make_exam(), iter(results(exam)), "abc", reversed(problems)
    )
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    text = words(first[0].read_text(encoding="utf-8"))
    assert "a:1:1: x b:1:1: x" in text


def test_a_run_that_breaks_leaves_the_old_files(tmp_path: Path, exam: Exam) -> None:
    paths, _ = write_class(tmp_path, exam, results(exam), "abc")
    before = [path.read_bytes() for path in paths]

    def broken() -> Iterator[Result]:
        yield results(exam)[0]
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        write_class(tmp_path, exam, broken(), "abc")
    assert [path.read_bytes() for path in paths] == before
    assert set(tmp_path.iterdir()) == set(paths)


def test_memory_does_not_grow_with_the_class(tmp_path: Path, exam: Exam) -> None:
    def peak(size: int) -> int:
        """Bytes held at most for a class of which every kind of message stands in every place."""
        right = dict.fromkeys(exam.asked("msc"), full("1"))
        named = (
            tally(exam, str(n), "msc", {**right, "1a": FAULT}, problem="no YAML" * (n % 2))
            for n in range(size)
        )
        problems = (Problem(f"{n}.yaml", 1, 1, "there is no question 9z") for n in range(size))
        tracemalloc.start()
        try:
            write_class(tmp_path, exam, named, "abc", problems)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)  # templates and caches
    assert peak(600) < peak(200) + 100_000


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


def test_messages_put_together_are_known_again(tmp_path: Path, exam: Exam) -> None:
    first = Problem("4.yaml", 1, 2, "is no submission; hand in a folder")
    second = Problem("4.yaml", 3, 0, "this is no YAML")
    other = Problem("4.yaml", 3, 0, "this is no")
    failed = tally(exam, "4", "msc", {}, problem=f"{first}; {second}")
    write_class(tmp_path, exam, [failed], "abc", [first, second, other])
    text = words((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert text.count("is no submission") == text.count("this is no YAML") == 1
    assert "Messages about files 4.yaml:3: this is no " in text


def test_half_characters_are_replaced(tmp_path: Path, exam: Exam) -> None:
    failed = tally(exam, "4", "msc", {}, problem="bad \udc80 name")
    paths, _ = write_class(tmp_path, exam, [failed], "abc", [Problem("\udc80", 0, 0, "bad")])
    for path in paths:
        path.read_bytes().decode("utf-8")


def test_frequent_faults_stand_first_and_are_bounded(tmp_path: Path, exam: Exam) -> None:
    def faulty(candidate: int, reason: str) -> Result:
        return tally(
            exam, str(candidate), "msc", {"1a": Score(Outcome.ERROR, None, evidence=reason)}
        )

    rare = [faulty(1, "rare"), faulty(2, "other")]
    often = (faulty(n, "usual") for n in range(3, MAX_SHOWN_FAULTS + 3))
    write_class(tmp_path, exam, chain(rare, often), "abc")
    text = words((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert f"failed on ({MAX_SHOWN_FAULTS + 2})" in text
    assert text.count("question 1a: usual") == MAX_SHOWN_FAULTS
    assert "question 1a: rare" not in text
    assert "… and 2 more." in text


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

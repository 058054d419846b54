"""Exams and rubrics: every problem at once, by file, line and column, with what to write instead."""

from __future__ import annotations

import pytest
import yaml

from grader.errors import AuthorError
from grader.loading.workspace import Workspace
from tests.conftest import EXAM, RUBRIC, Folder


def problems(folder: Folder, exam: str = "small") -> list[str]:
    with pytest.raises(AuthorError) as failure:
        Workspace(folder.root).paper(exam)
    return [str(problem) for problem in failure.value.problems]


def test_a_right_pair_loads(folder: Folder) -> None:
    paper = Workspace(folder.root).paper("small")
    assert list(paper.exam.questions) == ["1a", "1b", "2", "3"]
    assert paper.order.index("1a") < paper.order.index("1b")


def test_unknown_exam_names_the_nearest(folder: Folder) -> None:
    (first, *_) = problems(folder, "smal")
    assert "did you mean 'small'" in first


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "hint"),
    [
        ("exams", "points: 2", "pionts: 2", "exams/small.yaml:20:5", "did you mean 'points'"),
        ("exams", "    points: 2\n", "", "exams/small.yaml:18:3", "`points:` is missing"),
        ("exams", "kind: text", "kind: txt", "exams/small.yaml:27", "did you mean 'text'"),
        ("exams", "points: 2", "points: many", "exams/small.yaml:20:5", "'many'"),
        ("exams", "C: 50, F: 0", "C: 95, F: 0", "exams/small.yaml:11:1", "must fall"),
        ("exams", "groups: [phd]", "groups: [bsc]", "exams/small.yaml", "'bsc'"),
        ("rubrics", "key: 1 + 2", "key: 1 +", "rubrics/small.yaml:6:5", "'1 +'"),
        ("rubrics", "key: 1 + 2", "kee: 1 + 2", "rubrics/small.yaml:6:5", "did you mean 'key'"),
        (
            "rubrics",
            "credit: 1/2, say",
            "credit: half, say",
            "rubrics/small.yaml:8",
            "write a credit",
        ),
        (
            "rubrics",
            "credit: 1/2, say",
            "credit: 3/2, say",
            "rubrics/small.yaml:8",
            "less than or equal to 1",
        ),
        ("rubrics", "given: {s: 1a}", "given: {s: 1x}", "rubrics/small.yaml:15", "'1x'"),
        ("rubrics", "given: {s: 1a}", "given: {s: 1a.z}", "rubrics/small.yaml:15", "no part 'z'"),
        ("rubrics", "kind: choice", "kind: numeric", "rubrics/small.yaml", "'choice'"),
        ("rubrics", "shows: [difference]", "shows: [sum]", "rubrics/small.yaml:12", "'sum'"),
        ("rubrics", "  3:\n", "  4:\n", "rubrics/small.yaml", "no question 4"),
        ("rubrics", "exam: small", "exam: large", "rubrics/small.yaml:2:1", "large"),
    ],
)
def test_what_is_wrong_is_named(
    folder: Folder, file: str, old: str, new: str, place: str, hint: str
) -> None:
    text = EXAM if file == "exams" else RUBRIC
    assert text.count(old) >= 1
    folder.write(f"{file}/small.yaml", text.replace(old, new))
    found = problems(folder)
    assert any(line.startswith(place) and hint in line for line in found), found


def test_every_problem_is_shown_at_once(folder: Folder) -> None:
    folder.write("exams/small.yaml", EXAM.replace("points: 2", "pionts: 2").replace("aids", "aid"))
    folder.write("rubrics/small.yaml", RUBRIC.replace("credit: 1/2, say", "credit: half, say"))
    assert len(problems(folder)) >= 5


def test_circles_are_refused(folder: Folder) -> None:
    folder.write(
        "rubrics/small.yaml", RUBRIC.replace("key: 1 + 2", "given: {d: 1b}\n    key: 1 + 2")
    )
    assert any("circle" in line and "1a" in line for line in problems(folder))


def test_everything_that_can_move_a_mark_is_in_the_digest(folder: Folder) -> None:
    place = Workspace(folder.root)
    two = "      a: {when: 9, credit: 1/2, say: x}\n      b: {when: 9, credit: 0, say: y}\n"
    swapped = "      b: {when: 9, credit: 0, say: y}\n      a: {when: 9, credit: 1/2, say: x}\n"
    seen = set()
    for rubric, exam in (
        (RUBRIC, EXAM),
        (RUBRIC.replace("solution: Add.", "solution: Sum up."), EXAM),
        (RUBRIC.replace("    misconceptions:\n", f"    misconceptions:\n{two}"), EXAM),
        (RUBRIC.replace("    misconceptions:\n", f"    misconceptions:\n{swapped}"), EXAM),
        (RUBRIC, EXAM.replace("name: s}", "name: s, units: [px]}")),
        (RUBRIC, EXAM.replace("locale: nb", "locale: en")),
    ):
        folder.write("rubrics/small.yaml", rubric)
        folder.write("exams/small.yaml", exam)
        seen.add(place.paper("small").digests["1a"])
    assert len(seen) == 5, "only a solution changes no digest"


def test_every_problem_of_an_exam_is_named_where_it_stands(folder: Folder) -> None:
    wrong = EXAM.replace("C: 50, F: 0", "C: 95, F: 3").replace("groups: [phd]", "groups: [bsc]")
    folder.write(
        "exams/small.yaml", wrong.replace("ask: Double it.", "ask: Double it.\n    figures: [f, g]")
    )
    found = problems(folder)
    assert len(found) == 5
    assert all(line.startswith("exams/small.yaml:") for line in found)


PROGRAM = """\
exam: small
items:
  2:
    kind: code
    reference: f.py
    criteria:
      right: {credit: 1, say: It doubles., run: f(2)}
    examples:
      - {answer: "def f(x): return 2 * x", credit: 1}
"""


def with_program(folder: Folder, rubric: str = PROGRAM) -> None:
    """Question 2 asks for a program, and the other questions are withheld."""
    exam = yaml.safe_load(EXAM)
    for key, question in exam["questions"].items():
        question["withheld"] = "not here"
        if key == 2:
            del question["withheld"]
            question["response"] = {"kind": "code", "entry": "f"}
    folder.write("exams/small.yaml", yaml.safe_dump(exam, sort_keys=False))
    folder.write("rubrics/small.yaml", rubric)


def test_a_reference_counts_in_the_digest_of_its_item(folder: Folder) -> None:
    with_program(folder)
    folder.write("rubrics/small/f.py", "def f(x):\n    return 2 * x\n")
    before = Workspace(folder.root).paper("small").digests["2"]
    folder.write("rubrics/small/f.py", "def f(x):\n    return x + x\n")
    assert Workspace(folder.root).paper("small").digests["2"] != before


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ("f.py", "g.py", "there is no file rubrics/small/g.py"),
        ("f.py", "../exams/small.yaml", "below the folder of this rubric"),
        ("reference: f.py", "harness: f.py", "write {{answer}} once"),
        ("    reference: f.py\n", "", "need a `reference:`"),
        ("run: f(2)", "run: f(2", "these are no lines of calls"),
        ("run: f(2)", "run: y = f(2)", "compare nothing"),
        ("run: f(2)", "run: f(2), unchanged: [x]", "no input 'x'"),
        (
            "run: f(2)",
            "run: f(x), inputs: {x: {normal: [0, 1], shape: [n]}}",
            "needs whole numbers",
        ),
        ("run: f(2)", "run: f(x), inputs: {x: {normal: [0, 1], value: 3}}", "exactly one of"),
        ("credit: 1,", "credit: 1/2,", "add up to 1/2"),
    ],
)
def test_what_is_wrong_with_a_program_item_is_named(
    folder: Folder, old: str, new: str, hint: str
) -> None:
    assert old in PROGRAM
    with_program(folder, PROGRAM.replace(old, new, 1))
    folder.write("rubrics/small/f.py", "def f(x):\n    return 2 * x\n")
    _, problems = Workspace(folder.root).examine("small")
    assert hint in "\n".join(str(problem) for problem in problems)
    assert all(problem.line > 0 for problem in problems)

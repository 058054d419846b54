"""Made-up classes: submissions put together from the examples of a rubric, and workspaces to grade them in."""

from __future__ import annotations

import ast
import random
import shutil
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import yaml

from grader.rubric import Example, Paper
from grader.score import Raw

ROOT = Path(__file__).resolve().parents[2]
BLANK_SHARE, OWN_WORDS_SHARE = 0.05, 0.7
FILLERS = (
    "I think",
    "In my view",
    "As I recall",
    "Roughly speaking",
    "From the lecture",
    "In short",
)


def make_workspace(place: Path, exam: str) -> None:
    """A workspace with one of the shipped exams and no submissions."""
    for folder in ("exams", "rubrics"):
        (place / folder).mkdir(parents=True)
        shutil.copy(ROOT / folder / f"{exam}.yaml", place / folder)
    programs = ROOT / "rubrics" / exam
    if programs.is_dir():
        shutil.copytree(programs, place / "rubrics" / exam)


def make_class(paper: Paper, folder: Path, candidates: int, *, programs: bool = False) -> int:
    """Write made-up submissions; returns how many answers they hold.

    Short answers repeat, long ones differ in their wording. With `programs` code is handed in wherever it may be,
    by candidates of whichever group is asked most questions; without, questions that take code are left out.
    """
    draw = random.Random(2022)
    folder.mkdir(parents=True)
    group = _largest_group(paper) if programs else paper.exam.default_group
    count = 0
    for number in range(candidates):
        answers: dict[str, Raw] = {}
        for key, question in paper.exam.asked(group).items():
            coded = question.response.kind in {"code", "forms"} or paper.item(key).check.seconds()
            if question.withheld or (coded and not programs) or draw.random() < BLANK_SHARE:
                continue
            answers_seen, weights = zip(*_examples(paper, key), strict=True)
            answer = draw.choices(answers_seen, weights)[0]
            answers[key] = _own(draw, answer, number, prose=question.response.kind == "text")
        count += len(answers)
        content = {"candidate": f"{20220000 + number}", "group": group, "answers": answers}
        write_submission(folder / f"{number:06}.yaml", content)
    return count


def write_submission(path: Path, content: Mapping[str, object]) -> None:
    """One candidate's file."""
    text = yaml.dump(content, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
    path.write_text(text, encoding="utf-8")


def _largest_group(paper: Paper) -> str:
    groups = paper.exam.groups or {paper.exam.default_group: ""}
    return max(groups, key=lambda group: len(paper.exam.asked(group)))


def _examples(paper: Paper, key: str) -> list[tuple[Raw, float]]:
    """The answers in a rubric item's examples, and how often each is given; where programs are asked for, programs.

    The examples of such an item are mostly rare mistakes: candidates hand in programs that work, or nearly.
    """
    item = paper.item(key)
    if not item.check.seconds():
        return [(example.answer, 1.0) for example in item.examples]
    return [(one.answer, _frequency(one)) for one in item.examples if _has_program(one.answer)]


def _frequency(example: Example) -> float:
    """By weight: a program that works 12, one that nearly does 3, another wrong one 1, one without an end 1/2."""
    if any(shown.endswith("-limit") for shown in example.shows):
        return 0.5
    if not example.credit:
        return 1.0
    return 12.0 if example.credit == 1 else 3.0


def _own(draw: random.Random, answer: Raw, number: int, *, prose: bool = False) -> Raw:
    """Many answers in the words of the candidate: prose begins otherwise, a program ends in another comment."""
    if isinstance(answer, dict):
        return {
            n: _own(draw, part, number) if _has_program(part) else part
            for n, part in answer.items()
        }
    if not isinstance(answer, str) or draw.random() >= OWN_WORDS_SHARE:
        return answer
    if prose:
        return f"{draw.choice(FILLERS)} (no. {number}): {answer}"
    return f"{answer.rstrip()}\n# no. {number}\n" if _parses(answer) else answer


def _has_program(answer: Raw) -> bool:
    if isinstance(answer, dict):
        return any(_has_program(part) for part in answer.values())
    if not isinstance(answer, str) or "\n" not in answer.strip():
        return False
    return "```" in answer or _parses(answer)


def _parses(text: str) -> bool:
    try:
        ast.parse(dedent(text))
    except SyntaxError:
        return False
    return "\n" in text.strip()

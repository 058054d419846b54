"""Golden cases: every `tests/cases/<kind>/*.yaml` is a response, a checker and answers with what becomes of them.

    about: what the file shows
    locale: nb                      # optional, default en
    extra_answers: first            # optional, default count
    response: {kind: …}             # as in an exam
    check: {kind: …}                # as in a rubric
    given: {a: 1 + 2}               # optional: expressions taken from other answers
    files: {f.py: text}             # optional: files of the rubric's folder
    model_answer: false             # optional: the key is no answer that gets full credit
    answers:
      - {answer: …, outcome: graded, credit: 1, shows: [key], reading: …, says: part of a message, notes: part of a note}

Scalars are read as text. What an answer does not name is not compared, except `outcome` (default graded).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter

from grader.checkers.base import AnyChecker, AnyResponse, Checker, Conventions, Response, Tools
from grader.checkers.code.sourcefile import READER
from grader.expressions import read
from grader.sandbox import job
from grader.score import Outcome, Raw, Score, Unread, from_unread

PATIENT = 60.0  # seconds of waiting for each second of computing time
CASES = Path(__file__).parent.parent / "cases"
FIELDS = {"answer", "outcome", "credit", "shows", "reading", "says", "hides", "notes", "evidence"}


@dataclass(frozen=True)
class Case:
    """One file, ready to score answers."""

    response: Response
    check: Checker
    conventions: Conventions
    tools: Tools
    answers: list[dict[str, Any]]
    has_model_answer: bool

    def score(self, raw: Raw) -> Score:
        read = self.response.read(raw, self.conventions)
        return from_unread(read) if isinstance(read, Unread) else self.check.check(read, self.tools)


@cache
def load(path: Path) -> Case:
    entry = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - text only
    files: dict[str, str] = entry.get("files", {})
    given = {name: read(text) for name, text in entry.get("given", {}).items()}
    return Case(
        TypeAdapter[Response](AnyResponse).validate_python(entry["response"]),
        TypeAdapter[Checker](AnyChecker).validate_python(
            entry["check"], context={READER: files.__getitem__}
        ),
        Conventions(entry.get("locale", "en"), entry.get("extra_answers", "count")),
        Tools(seed=1, given=given),
        entry["answers"],
        entry.get("model_answer") != "false",
    )


def files() -> list[Path]:
    return sorted(CASES.glob("*/*.yaml"))


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def numbered() -> Iterator[Any]:
    for path in files():
        for number, _ in enumerate(load(path).answers):
            yield pytest.param(path, number, id=f"{name_of(path)}-{number + 1}")


def ready(path: Path, request: pytest.FixtureRequest) -> Case:
    """A case; passed over where it runs programs and none can be run."""
    case = load(path)
    if case.check.seconds():
        request.getfixturevalue("programs")
    return case


@pytest.mark.parametrize(("path", "number"), list(numbered()))
def test_answer(
    path: Path, number: int, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = ready(path, request)
    expected = case.answers[number]
    if "wall-limit" not in expected.get("shows", []):
        # on a busy machine a program that computes would else be stopped as one that waits
        monkeypatch.setattr(job, "WALL_PER_CPU", PATIENT)
    assert set(expected) <= FIELDS
    score = case.score(expected["answer"])
    assert score == case.score(expected["answer"]), "the same answer must give the same score"
    assert score.outcome == Outcome(expected.get("outcome", "graded")), score.evidence
    if "credit" in expected:
        due = None if expected["credit"] == "none" else Fraction(expected["credit"])
        assert score.credit == due, score.findings
    shown = [finding.id for finding in score.findings]
    assert set(expected.get("shows", [])) <= set(shown)
    assert set(shown) <= case.check.criteria() | {"unreadable"}
    messages = "\n".join(finding.message for finding in score.findings)
    assert expected.get("says", "") in messages
    for hidden in expected.get("hides", []):
        assert hidden not in messages
    assert expected.get("notes", "") in "\n".join(score.notes)
    assert expected.get("evidence", "") in score.evidence
    if "reading" in expected:
        assert score.reading.text == expected["reading"]


@pytest.mark.parametrize("path", files(), ids=name_of)
def test_rubric_is_sound(path: Path, request: pytest.FixtureRequest) -> None:
    case = ready(path, request)
    assert list(case.check.problems(case.response, frozenset(case.tools.given))) == []
    assert case.response.describe()
    assert case.score("  ").outcome is Outcome.BLANK
    assert any(entry.get("outcome", "graded") == "graded" for entry in case.answers) or (
        case.check.undecidable() or not case.has_model_answer
    )


@pytest.mark.parametrize("path", files(), ids=name_of)
def test_model_answer_gets_full_credit(path: Path, request: pytest.FixtureRequest) -> None:
    case = ready(path, request)
    answer = case.check.model_answer(case.response, case.tools.given)
    if not case.has_model_answer:
        return
    assert answer is not None
    score = case.score(answer)
    assert (score.outcome, score.credit) == (Outcome.GRADED, Fraction(1)), score.evidence

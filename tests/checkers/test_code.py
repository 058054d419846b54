"""Reading programs that nobody runs."""

from __future__ import annotations

import pytest
from hypothesis import given
from pydantic import ValidationError

from grader.checkers.base import Tools
from grader.checkers.code import Code, CodeResponse, looks_like_code
from grader.score import Answer, Outcome, Raw, Unread
from tests.checkers.strategies import CONVENTIONS, RAWS, STEADY

RESPONSE = CodeResponse(kind="code", entry="f")
CHECK = Code.model_validate({"kind": "code", "criteria": {"all": {"credit": 1, "say": "it works"}}})


def program(text: str) -> Answer:
    read = RESPONSE.read(text, CONVENTIONS)
    assert isinstance(read, Answer), read
    return read


@STEADY
@given(RAWS)
def test_anything_can_be_handed_in(raw: Raw) -> None:
    read = RESPONSE.read(raw, CONVENTIONS)
    assert isinstance(read, Answer | Unread)
    if isinstance(read, Answer):
        assert CHECK.check(read, Tools()).outcome is Outcome.REVIEW


@pytest.mark.parametrize(
    "text",
    [
        "x = '\0'",
        "\ud800",
        "(" * 5_000,
        "-" * 20_000 + "1",
        "x" + ".a" * 10_000,
        "1" + "+1" * 10_000,
        "not " * 5_000 + "x",
        "[" * 90 + "]" * 90,
        "f'{" * 200,
        "9" * 10_000,
        "x = 1 is 1; '\\d'",
        "lambda: " * 3_000 + "0",
    ],
    ids=range(12),
)
def test_hostile_sources_wait_for_a_person(text: str) -> None:
    score = CHECK.check(program(text), Tools())
    assert (score.outcome, score.credit) == (Outcome.REVIEW, None)


def test_a_long_program_is_refused() -> None:
    read = RESPONSE.read("x = 1\n" * 6_000, CONVENTIONS)
    assert isinstance(read, Unread)
    assert "longer than" in read.message


def test_warnings_for_the_self_check() -> None:
    assert RESPONSE.warnings(program("def g(): pass")) == ("The code defines no `f`.",)
    assert RESPONSE.warnings(program("f = (")) == (
        "This is not Python yet: line 1: '(' was never closed.",
    )
    assert RESPONSE.warnings(program("f = abs")) == ()


@pytest.mark.parametrize(
    "text",
    [
        "def f(x): return x",
        "import torch",
        "y = torch.relu(x)",
        "for i in x:\n  pass",
        "```\nx\n```",
    ],
)
def test_looks_like_code(text: str) -> None:
    assert looks_like_code(text)


@pytest.mark.parametrize(
    "text", ["x + 1", "y = 2*x", "It returns the class.", "for all x it holds", ["def f"], None]
)
def test_looks_like_no_code(text: Raw) -> None:
    assert not looks_like_code(text)


def test_a_template_needs_one_place() -> None:
    with pytest.raises(ValidationError, match="where the answer goes"):
        CodeResponse(kind="code", template="def f(): pass")


def test_problems_name_the_place() -> None:
    entry = {
        "kind": "code",
        "criteria": {"a": {"credit": "1/2", "say": "s", "run": "f(1)"}},
    }
    places = [place for place, _ in Code.model_validate(entry).problems(RESPONSE, frozenset())]
    assert places == [("criteria",), ()]


@pytest.mark.parametrize("name", ["../x.py", "/etc/passwd", "a/../../x.py", "", "a\\b.py"])
def test_a_program_stands_below_the_rubric_s_folder(name: str) -> None:
    entry = {
        "kind": "code",
        "reference": name,
        "criteria": {"a": {"credit": 1, "say": "s"}},
    }
    with pytest.raises(ValidationError, match="below the folder of this rubric"):
        Code.model_validate(entry)

"""YAML keeps every scalar as written and names what is wrong by line and column."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import SubmissionError
from grader.loading.text import decode
from grader.loading.yaml import parse_yaml


def problems(text: str) -> list[str]:
    with pytest.raises(SubmissionError) as failure:
        parse_yaml(text, "f.yaml")
    return [str(problem) for problem in failure.value.problems]


def test_scalars_keep_their_text() -> None:
    text = "no: yes\n1e3: 010\n3:30: 2018-06-11\nx: ~\nempty:\nquoted: ''\nf: 1_000\n"
    assert parse_yaml(text, "f").value == {
        "no": "yes",
        "1e3": "010",
        "3:30": "2018-06-11",
        "x": "~",
        "empty": None,
        "quoted": "",
        "f": "1_000",
    }


def test_duplicate_keys_are_named_with_both_lines() -> None:
    (problem,) = problems("a: 1\nb: 2\na: 3\n")
    assert problem.startswith("f.yaml:3:1:")
    assert "line 1" in problem


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("a: b: c\n", "f.yaml:1:5", "quotes"),
        ("a: [1, 2\nb: 3\n", "f.yaml:2", "bracket"),
        ("a:\n\t- x\n", "f.yaml:2", "blanks instead of the tab"),
        ("a: 'open\n", "f.yaml:2", "open quote"),
        ("a: !!python/object:os.system x\n", "f.yaml:1:4", "quotes"),
        ("a: !mine x\n", "f.yaml:1:4", "quotes"),
        ("", "f.yaml:1:1", "empty"),
        ("# only a comment\n", "f.yaml:1:1", "empty"),
        ("a: \x07bell\n", "f.yaml:1", "U+0007"),
        ("[a]: 1\n", "f.yaml:1:1", "plain text"),
    ],
)
def test_what_is_wrong_is_named(text: str, place: str, hint: str) -> None:
    (problem, *_) = problems(text)
    assert problem.startswith(place)
    assert hint in problem


def test_aliases_that_unfold_without_end_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert "too large" in problems("\n".join(lines))[0]


def test_an_alias_to_itself_is_refused() -> None:
    assert "too large or nested" in problems("a: &a [*a]\n")[0]


def test_deep_nesting_is_refused() -> None:
    for text in ("[" * 5000, "- " * 5000, "? " * 5000, "{a: " * 5000, "a: [" * 200_000):
        assert "nested deeper than 50 levels" in problems(text)[0]


def test_byte_order_mark_and_latin_1() -> None:
    assert decode("æ: 1".encode("utf-8-sig"), "f").text == "æ: 1"
    latin = decode("æ: 1".encode("latin-1"), "f")
    assert latin.text == "æ: 1"
    assert "Latin-1" in latin.warnings[0].message
    assert decode("æ".encode("utf-16"), "f").text == "æ"
    assert decode(b"a\r\nb\rc", "f").text == "a\nb\nc"


def test_binary_is_refused_with_its_line() -> None:
    with pytest.raises(SubmissionError, match=r"f:2:1: this is a binary file"):
        decode(b"a: 1\n\x00\x01", "f")


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_a_value_or_problems(text: str) -> None:
    try:
        parse_yaml(text, "f")
    except SubmissionError as failure:
        assert failure.problems  # noqa: PT017 - either way is fine, but never without a word

"""Reading ticks, and rubrics that do not fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.checkers.base import Conventions
from grader.checkers.choice import Choice, ChoiceResponse
from grader.score import Answer, Outcome, Raw, Unread
from tests.checkers.strategies import CONVENTIONS, RAWS, STEADY

OPTIONS = {"a": "Dropout", "b": "max(x, 0)", "c": "size, shape and colour", "d": "2x", "e": ""}
MANY = ChoiceResponse(kind="choice", options=OPTIONS, select="many")


@STEADY
@given(
    st.lists(st.sampled_from(list(OPTIONS)), min_size=1, unique=True),
    st.sampled_from([", ", ",", "; ", "\n", " and ", " og ", " und ", " & ", " + "]),
    st.booleans(),
    st.data(),
)
def test_printed_ticks_are_read_back(
    ids: list[str], separator: str, with_texts: bool, data: st.DataObject
) -> None:
    words = [
        OPTIONS[i] or i if with_texts else data.draw(st.sampled_from([i, i.upper(), f"{i})"]))
        for i in ids
    ]
    read = MANY.read(separator.join(words), CONVENTIONS)
    assert isinstance(read, Answer), read
    assert read.value.ids == tuple(ids)
    again = MANY.read(list(ids), CONVENTIONS)
    assert isinstance(again, Answer)
    assert MANY.same(read, again)


@STEADY
@given(RAWS)
def test_anything_can_be_handed_in(raw: Raw) -> None:
    for select in ("one", "many", 2):
        read = ChoiceResponse(kind="choice", options=OPTIONS, select=select).read(raw, CONVENTIONS)
        assert isinstance(read, Answer | Unread)


def test_every_answer_is_read_in_the_same_order_as_entered() -> None:
    one = ChoiceResponse(kind="choice", options=OPTIONS)
    read = one.read("d, a", Conventions(extra_answers="first"))
    assert isinstance(read, Answer)
    assert (read.value.ids, read.value.surplus) == (("d",), 1)
    assert one.warnings(read) == ("The question asks for 1 of the options; the answer has 2.",)


def test_options_that_read_alike_are_refused() -> None:
    with pytest.raises(ValidationError, match="both read '2'"):
        ChoiceResponse(kind="choice", options={"1": "2", "2": "3"})


def test_a_huge_answer_is_refused_not_searched() -> None:
    read = MANY.read("a," * 20_000, CONVENTIONS)
    assert isinstance(read, Unread)
    assert read.outcome is Outcome.UNREADABLE
    assert "at most 1,000 are read" in read.message


def test_problems_name_the_place() -> None:
    check = Choice.model_validate(
        {
            "kind": "choice",
            "key": ["a", "z"],
            "accept": ["y"],
            "misconceptions": {"same": {"when": ["z", "a"], "credit": 0, "say": "No."}},
        }
    )
    response = ChoiceResponse(kind="choice", options=OPTIONS)
    places = [place for place, _ in check.problems(response, frozenset())]
    assert places == [
        ("key",),
        ("accept", 0),
        ("misconceptions", "same", "when"),
        ("key",),
        ("misconceptions", "same", "when"),
    ]


def test_the_caret_points_at_the_unknown_option() -> None:
    read = MANY.read("a, zebra", CONVENTIONS)
    assert isinstance(read, Unread)
    assert read.excerpt == "a, zebra\n   ^"

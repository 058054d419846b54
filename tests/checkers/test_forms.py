"""Choosing among forms."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given

from grader.checkers.base import Tools
from grader.checkers.forms import Forms, FormsResponse
from grader.score import Answer, Outcome, Raw, Unread
from tests.checkers.strategies import CONVENTIONS, RAWS, STEADY

FORMS: dict[str, Any] = {
    "order": {"kind": "ordering", "items": {"A": "", "B": ""}},
    "code": {"kind": "code"},
    "text": {"kind": "text"},
}
RESPONSE = FormsResponse.model_validate({"kind": "forms", "forms": FORMS})
CHECK = Forms.model_validate(
    {
        "kind": "forms",
        "forms": {
            "order": {"kind": "ordering", "key": ["A", "B"], "credit": "1/2"},
            "code": {"kind": "code", "criteria": {"all": {"credit": 1, "say": "it works"}}},
            "text": {"kind": "text", "points": {"p": {"any": ["right"]}}},
        },
    }
)


def answer(raw: Raw) -> Answer:
    read = RESPONSE.read(raw, CONVENTIONS)
    assert isinstance(read, Answer), read
    return read


@STEADY
@given(RAWS)
def test_anything_can_be_handed_in(raw: Raw) -> None:
    read = RESPONSE.read(raw, CONVENTIONS)
    assert isinstance(read, Answer | Unread)
    if isinstance(read, Answer):
        assert CHECK.check(read, Tools()).least >= 0


def test_what_one_form_earns_is_safe_while_another_waits() -> None:
    score = CHECK.check(answer({"order": "AB", "text": "wrong words"}), Tools())
    assert score.outcome is Outcome.REVIEW
    assert [score.credit, score.least, score.most] == [Fraction(1, 2), Fraction(1, 2), 1]


def test_an_unreadable_form_does_not_spoil_the_others() -> None:
    read = answer({"order": "A, Q", "text": "right"})
    assert RESPONSE.warnings(read) == ("order: “Q” is no step of this question (A, B).",)
    assert CHECK.check(read, Tools()).credit == 1


def test_value_of_the_first_form_that_was_read() -> None:
    read = answer({"order": "AB", "text": "right"})
    assert RESPONSE.value_of(read, "") == ("A", "B")
    assert RESPONSE.value_of(read, "text") == "right"
    assert RESPONSE.value_of(read, "code") is None


def test_problems_name_the_place() -> None:
    check = Forms.model_validate(
        {
            "kind": "forms",
            "forms": {
                "order": {"kind": "ordering", "key": ["A", "X"], "credit": "1/2"},
                "text": {
                    "kind": "code",
                    "criteria": {"all": {"credit": 1, "say": "s"}},
                    "credit": "1/2",
                },
                "sketch": {"kind": "text", "credit": 0},
            },
        }
    )
    places = [place for place, _ in check.problems(RESPONSE, frozenset())]
    assert places == [
        ("forms",),
        ("forms", "order", "key"),
        ("forms", "text", "kind"),
        ("forms", "sketch"),
        ("forms",),
    ]

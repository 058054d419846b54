"""Words, clauses and proposals."""

from __future__ import annotations

import pytest
from hypothesis import given
from pydantic import ValidationError

from grader.checkers._clauses import clauses, items
from grader.checkers._words import alike, distance, plain, stem
from grader.checkers.base import Conventions, Tools
from grader.checkers.text import Text, TextResponse, show_value
from grader.score import Answer, Outcome, Raw, Score, Unread
from tests.checkers.strategies import CONVENTIONS, RAWS, STEADY

RESPONSE = TextResponse(kind="text", sentences=2, words=8)
CHECK = Text.model_validate(
    {
        "kind": "text",
        "points": {
            "gradient": {"any": [["gradient", "vanish|explode"]]},
            "dropout": {"any": ["drop out"]},
        },
    }
)


def propose(text: Raw, check: Text = CHECK) -> Score:
    read = RESPONSE.read(text, CONVENTIONS)
    assert isinstance(read, Answer)
    return check.check(read, Tools())


@pytest.mark.parametrize(
    "family",
    [
        "propagate propagates propagation propagated",
        "regularize regularise regularization regularisation",
        "stable stability stabilise",
        "dependency dependencies dependence",
        "gradient gradients gradienten gradientene",
        "class classes classify classification",
        "verschwinden verschwindende",
        "converge convergence converges",
    ],
)
def test_one_family_one_stem(family: str) -> None:
    assert len({stem(plain(word)) for word in family.split()}) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("generator", "general"),
        ("loss", "less"),
        ("different", "differentiable"),
        ("later", "layer"),
    ],
)
def test_other_words_other_stems(first: str, second: str) -> None:
    assert not alike(first, second)


@pytest.mark.parametrize(
    ("word", "pattern"),
    [
        ("wieght", "weight"),
        ("droput", "dropout"),
        ("translatons", "translation"),
        ("regulerization", "regular*"),
        ("netwroks", "network"),
    ],
)
def test_typing_errors_are_forgiven(word: str, pattern: str) -> None:
    assert alike(word, pattern)


@pytest.mark.parametrize(
    ("word", "pattern"),
    [
        ("increase", "decrease"),
        ("transition", "translation"),
        ("loss", "lose"),
        ("l1", "l2"),
        ("height", "weight"),
    ],
)
def test_other_words_are_no_typing_errors(word: str, pattern: str) -> None:
    assert not alike(word, pattern)


def test_distance_counts_swaps_once() -> None:
    assert distance("wieght", "weight", 2) == 1
    assert distance("abc", "xyz", 1) == 2


def test_clauses_end_where_statements_end() -> None:
    told = clauses("It helps, but not here: L1 is sparse. E.g. 0.5 works and L2 not")
    assert [" ".join(word.plain for word in clause.words) for clause in told] == [
        "it helps",
        "but not here",
        "l1 is sparse",
        "e g 0 5 works",
        "l2 not",
    ]


def test_a_label_goes_with_every_clause_behind_it() -> None:
    told = clauses("L1: absolute, sparse")
    assert [" ".join(word.plain for word in clause.words) for clause in told] == [
        "l1",
        "l1 absolute",
        "l1 sparse",
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("1) a b\n2) c d\n3) e", 3),
        ("- one\n- two", 2),
        ("dropout, weight decay and early stopping", 3),
        ("first thing; second thing", 2),
        ("It helps against overfitting, because units are dropped at random in every step.", 1),
    ],
)
def test_items(text: str, count: int) -> None:
    assert len(items(text)) == count


def test_spans_point_at_the_words_that_earned_it() -> None:
    text = "Well: the Gradients do vanish; drop-out helps."
    score = propose(text)
    spans = {finding.id: [text[a:b] for a, b in finding.spans] for finding in score.findings}
    assert spans["gradient"] == ["Gradients", "vanish"]
    assert spans["dropout"] == ["drop", "out"]


def test_nothing_found_bounds_nothing() -> None:
    score = propose("Quite other words.")
    assert score.outcome is Outcome.REVIEW
    assert [score.credit, score.least, score.most] == [0, 0, 1]


@STEADY
@given(RAWS)
def test_anything_can_be_handed_in(raw: Raw) -> None:
    read = RESPONSE.read(raw, Conventions(extra_answers="first"))
    assert isinstance(read, Answer | Unread)
    if isinstance(read, Answer):
        assert CHECK.check(read, Tools()).outcome is Outcome.REVIEW


def test_a_very_long_answer_is_searched_in_part() -> None:
    score = propose("gradients vanish. " + "other words here. " * 4_000)
    assert {"gradient", "partly-read", "too-long"} <= {finding.id for finding in score.findings}


def test_limits_are_told_before_handing_in() -> None:
    read = RESPONSE.read("One. Two. Three four five six seven eight nine.", CONVENTIONS)
    assert isinstance(read, Answer)
    assert RESPONSE.warnings(read) == (
        "The answer has 3 sentences; at most 2 are asked for.",
        "The answer has 9 words; at most 8 are asked for.",
    )


def test_values_for_people() -> None:
    assert show_value({"a": ("x", 2), "": 1}) == "a = (x, 2)"
    assert show_value(frozenset({"b", "a"})) == "a, b"


def test_a_pattern_is_words() -> None:
    with pytest.raises(ValidationError, match="a pattern is words"):
        Text.model_validate({"kind": "text", "points": {"p": {"any": [["a", "|"]]}}})


def test_problems_name_the_place() -> None:
    check = Text.model_validate(
        {
            "kind": "text",
            "points": {"p": {"any": ["a"], "credit": "1/2"}, "q": {"any": ["b"], "credit": "1/4"}},
            "misconceptions": {"p": {"credit": 0, "say": "No."}},
        }
    )
    places = [place for place, _ in check.problems(RESPONSE, frozenset())]
    assert places == [("points",), ("misconceptions", "p"), ("misconceptions", "p")]

"""Piecewise functions and inequalities: on both sides of every boundary, and on it."""

import pytest

from .building import Part, call, cases, interval, members, relation, verdicts

EQUAL = [
    (cases(("x", "x > 0"), ("0", None)), call("relu", "x")),
    (cases(("0", "x <= 0"), ("x", "x > 0")), "max(x, 0)"),
    (cases(("x", "x >= 0"), ("-x", None)), "|x|"),
    (call("indicator", "x > 2"), cases(("1", "x > 2"), ("0", None))),
    (call("indicator", "1 < x < 2"), cases(("1", call("and", "x > 1", "x < 2")), ("0", None))),
    ("max(a, b)", "(a + b + |a - b|)/2"),
    ("max(a, b) + min(a, b)", "a + b"),
    ("max(0, min(1, x))", "min(1, max(0, x))"),
    ("relu(x) - relu(-x)", "x"),
    ("sign(x)*|x|", "x"),
    ("|x| < 2", "-2 < x < 2"),
    ("1 < x < 2", relation("x", "in", interval("1", "2", "()"))),
    ("x >= 0", relation("x", "in", interval("0", "inf", "[)"))),
]
DIFFERENT = [
    (cases(("x", "x > -1/1000"), ("0", None)), call("relu", "x")),
    (cases(("1", "x > 0"), ("0", None)), cases(("1", "x >= 0"), ("0", None))),
    (cases(("1", "x^2 > 2"), ("0", None)), cases(("1", "x^2 > 2.0001"), ("0", None))),
    (cases(("1", "x > y"), ("0", None)), cases(("1", "x > y + 10^-6"), ("0", None))),
    (call("indicator", "x > 2"), call("indicator", "x > 2.001")),
    ("1 <= x < 2", relation("x", "in", interval("1", "2", "()"))),
    ("x^2 < 2", relation("x", "in", interval("-sqrt(2)", "1.4142135", "()"))),
    ("x < 1", "y < 1"),
    # negative between 17 and 17.00001 only
    ("|x^2 - 34.00001x + 289.00017|", "x^2 - 34.00001x + 289.00017"),
    ("sqrt((x^2 - 34.00001x + 289.00017)^2)", "x^2 - 34.00001x + 289.00017"),
    ("relu(x^2 - 34.00001x + 289.00017)", "x^2 - 34.00001x + 289.00017"),
    ("x < 1", "x = 1"),
    (relation("x", "in", members("1", "2")), relation("x", "in", members("1", "3"))),
]
UNDECIDED = [
    ("x^2 > -1", "x^2 > -2"),
    ("1 < x < 2", interval("1", "2", "()")),
    (cases(("x", "x > 0")), "x"),
    # a curved boundary may differ where no point lies on it
    ("x > 2", "x^3 > 8"),
    ("x^2 < 2", relation("x", "in", interval("-sqrt(2)", "sqrt(2)", "()"))),
    (call("or", "x < 1", "x > 2"), "(x-1)(x-2) > 0"),
]


@pytest.mark.parametrize(("a", "b"), EQUAL)
def test_equal(a: Part, b: Part) -> None:
    assert verdicts(a, b).status == "equal"


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_a_difference_is_proved(a: Part, b: Part) -> None:
    found = verdicts(a, b)
    assert (found.status, found.proved) == ("different", True), found.evidence


@pytest.mark.parametrize(("a", "b"), UNDECIDED)
def test_undecided(a: Part, b: Part) -> None:
    assert verdicts(a, b).status == "undecided"


def test_the_evidence_names_a_place() -> None:
    assert verdicts("1 <= x < 2", "1 < x < 2").evidence == "at x = 1 only the first holds"

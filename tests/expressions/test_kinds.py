"""Sets, lists, intervals, two values, probabilities: what is compared how, and what is never equal."""

import pytest

from grader.expressions import Expression, equivalent
from grader.expressions.modular import primes
from grader.expressions.tree import Call, Collection

from .building import (
    OPEN,
    Part,
    call,
    interval,
    members,
    mul,
    pm,
    relation,
    t,
    vector,
    verdicts,
)


def probability(*events: str) -> Call:
    return Call("P", tuple(map(t, events)), "probability P")


def given(event: str, *conditions: str) -> Call:
    parts = tuple(map(t, conditions))
    condition = parts[0] if len(parts) == 1 else Collection("tuple", parts)
    return Call("P_given", (t(event), condition), "probability P_given")


EQUAL = [
    (members("1", "2", "2"), members("2", "1")),
    (members("sqrt(8)", "x+y"), members("y+x", "2*sqrt(2)")),
    (members(), members()),
    (members(vector("1 2"), vector("3 4")), members(vector("3 4"), vector("1 4/2"))),
    (interval("1", "inf", "()"), interval("1", "inf", "(]")),
    (interval("0", "sqrt(4)"), interval("0", "2")),
    (interval("a", "2b"), interval("a", "b+b")),
    (call("union", interval("0", "1"), interval("1", "2")), interval("0", "2")),
    (call("intersection", interval("0", "2"), interval("1", "3")), interval("1", "2")),
    (call("setminus", interval("0", "2"), members("2")), interval("0", "2", "[)")),
    (call("union", members("1"), members("2")), members("1", "2")),
    (pm("1", "2"), members("3", "-1")),
    (pm("1", "2"), pm("1", "-2")),
    (mul(pm("-b", "sqrt(b^2-4c)"), "1/2"), members("(-b+sqrt(b^2-4c))/2", "(-b-sqrt(b^2-4c))/2")),
    (relation("x", "=", pm("0", "2")), "x^2 = 4"),
    (relation("D", "=", vector("0 1")), relation("D", "=", vector("0 1"))),
    (probability("A", "B"), probability("B", "A")),
    (Collection("tuple", (t("x = 1"), t("y = 2"))), Collection("tuple", (t("2y = 4"), t("x = 1")))),
]
DIFFERENT = [
    (members("1", "2"), members("1", "3")),
    (members("1"), members("1", "2")),
    (interval("0", "1"), interval("0", "1", "(]")),
    (interval("0", "1"), interval("0", "2")),
    (call("union", interval("0", "1", "[)"), interval("1", "2", "(]")), interval("0", "2")),
    (interval("0", "1"), members("0", "1")),
    (pm("5", "0.1"), "5"),
    (relation("x", "=", pm("0", "2")), "x^2 = 5"),
    (relation("D", "=", vector("0 1.5")), relation("D", "=", vector("0 1"))),
    ("x = 1", "1"),
    ("x = 1", "x < 1"),
    (members("1", "2"), "x = 1"),
    (vector("0 9"), interval("0", "9", "[)")),
    (given("A", "B"), given("B", "A")),
]
UNDECIDED = [
    (members("1", "2"), vector("1 2")),
    (members("5"), "5"),
    (interval("1", "2", "()"), vector("1 2")),
    (call("argmaxover", "f(x)", "x"), call("argmaxover", "-f(x)", "x")),
]


@pytest.mark.parametrize(("a", "b"), EQUAL)
def test_equal(a: Part, b: Part) -> None:
    assert verdicts(a, b).status == "equal"


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_different(a: Part, b: Part) -> None:
    found = verdicts(a, b)
    assert (found.status, found.proved) == ("different", True), found.evidence


@pytest.mark.parametrize(("a", "b"), UNDECIDED)
def test_a_convention_is_undecided(a: Part, b: Part) -> None:
    assert verdicts(a, b).status == "undecided"


def test_bayes() -> None:
    reversed_ = mul(given("B", "A"), probability("A"), call("exp", "0"))
    assert verdicts(mul(given("A", "B"), probability("B")), reversed_).status == "equal"
    assert verdicts(mul(given("A", "B"), probability("A")), reversed_).status == "different"


def test_an_extreme_over_a_name_keeps_what_a_monotone_function_keeps() -> None:
    plain = call("argmaxover", "f(x)", "x")
    assert verdicts(call("argmaxover", "3f(x) + 1", "x"), plain).status == "equal"


def test_plus_minus_as_an_uncertainty() -> None:
    trees = [pm("5", "0.1"), pm("10/2", "1/10"), pm("5", "0.2"), t("5")]
    first, second, wider, bare = (Expression.of("", tree, OPEN) for tree in trees)
    assert equivalent(first, second, plus_minus="uncertainty").status == "equal"
    assert equivalent(first, wider, plus_minus="uncertainty").status == "different"
    assert equivalent(first, bare, plus_minus="uncertainty").status == "different"


def test_no_answer_can_be_made_to_vanish_where_it_is_tried() -> None:
    first, second = primes(0)
    assert verdicts(f"x + {first * second}*x", "x").status == "different"
    assert verdicts(f"x + {first}*{second}*x^2", "x").status == "different"

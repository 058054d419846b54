"""Matrices, vectors and names that must be one of them."""

import pytest

from grader.expressions.tree import Mul, Recip

from .building import Part, add, call, matrix, minus, mul, power, t, vector, verdicts

SQUARE = matrix("a b", "c d")
TURNED = call("transpose", "w")

EQUAL = [
    (mul(matrix("1 2", "3 4"), matrix("0 1", "1 0")), matrix("2 1", "4 3")),
    (mul(SQUARE, matrix("x", "y")), matrix("a*x+b*y", "c*x+d*y")),
    (call("det", SQUARE), "a*d - b*c"),
    (call("trace", SQUARE), "a + d"),
    (power(SQUARE, "-1"), Mul((Recip(t("a*d-b*c")), matrix("d -b", "-c a")))),
    (power(SQUARE, "3"), mul(SQUARE, SQUARE, SQUARE)),
    (power(matrix("1 1", "1 0"), "10"), matrix("89 55", "55 34")),
    (call("transpose", call("transpose", matrix("a b c", "d f g"))), matrix("a b c", "d f g")),
    (call("transpose", mul("A", "B")), mul(call("transpose", "B"), call("transpose", "A"))),
    (call("norm", matrix("3", "4")), "5"),
    (power(call("norm", "w"), "2"), mul(TURNED, "w")),
    (mul(TURNED, "x"), mul(call("transpose", "x"), "w")),
    (add(mul(call("transpose", "W"), "x"), "b"), add("b", mul(call("transpose", "W"), "x"))),
    (add(vector("1 2"), vector("3 4")), vector("4 6")),
    (vector("1 2"), matrix("1", "2")),
    (call("dot", vector("a b"), vector("c d")), "a*c + b*d"),
    (call("hadamard", vector("a b"), vector("c d")), vector("a*c b*d")),
    (call("entry", matrix("1 2", "3 x"), "2", "2"), "x"),
    (call("softmax", vector("0 0")), vector("1/2 1/2")),
    (call("argmax", vector("1 5 2")), "2"),
    (call("relu", vector("-1 x")), vector("0 max(0,x)")),
    (power(call("norm", "f - y"), "2"), "(y - f)^2"),
    (call("norm", "-3"), "3"),
]
DIFFERENT = [
    (mul(matrix("0 1", "1 0"), matrix("1 2", "3 4")), matrix("2 1", "4 3")),
    (matrix("1 2"), matrix("1", "2")),
    (matrix("1 2", "3 4"), "5"),
    (call("det", SQUARE), "a*d + b*c"),
    (call("transpose", mul("A", "B")), mul(call("transpose", "A"), call("transpose", "B"))),
    (power(call("norm", "w"), "2"), mul("2", TURNED, "w")),
    (add(mul(call("transpose", "W"), "x"), "b"), add(mul(call("transpose", "W"), "x"), minus("b"))),
    (vector("1 2"), vector("1 2 3")),
]
UNDECIDED = [
    (vector("1 2"), matrix("1 2")),
    (power(matrix("1 1", "1 0"), "10^15"), matrix("1 1", "1 0")),
    (add(matrix("1 2"), "1"), matrix("2 3")),
    (mul(matrix("1 2"), matrix("1 2")), "5"),
]


@pytest.mark.parametrize(("a", "b"), EQUAL)
def test_equal(a: Part, b: Part) -> None:
    assert verdicts(a, b).status == "equal"


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_different(a: Part, b: Part) -> None:
    found = verdicts(a, b)
    assert (found.status, found.proved) == ("different", True)


@pytest.mark.parametrize(("a", "b"), UNDECIDED)
def test_a_convention_or_too_much_is_undecided(a: Part, b: Part) -> None:
    assert verdicts(a, b).status == "undecided"


def test_the_evidence_names_the_entry() -> None:
    assert verdicts(matrix("1 2", "3 4"), matrix("1 2", "5 4")).evidence.startswith("entry 3:")
    assert "w a vector" in verdicts(power(call("norm", "w"), "2"), mul(TURNED, "w")).evidence


def test_products_of_rational_entries_are_proved() -> None:
    assert verdicts(call("det", SQUARE), "a*d - b*c").proved

"""Parts too small to show at the digits used: an agreement says nothing of them, so it is no equality."""

import pytest

from .building import verdicts

UNDECIDED = [
    ("1 + exp(-10^4)", "1"),
    ("cos(exp(-10^4))", "1"),
    ("(exp(10^4) + 1)/exp(10^4)", "1"),
    ("tanh(10^4)", "1"),
    ("sigmoid(10^5)", "1"),
    ("sqrt(2 + 10^(-2000))", "sqrt(2)"),
    ("1 + exp(-exp(exp(10)))", "1"),
    ("x + exp(-10^6*(x - 17.3)^2)", "x"),
    ("sin(x) + exp(-10^9*(x - 0.1234)^2)", "sin(x)"),
    ("x + 1/(1 + exp(10^6*(x - 17.3)^2))", "x"),
    ("int(x, x, 0, 1) + 10^(-40)", "1/2"),  # an integral has fewer digits
    ("sum(x_k + exp(-10^4), k, 1, n)", "sum(x_k, k, 1, n)"),
]
DIFFERENT = [
    ("exp(-10^4)", "0"),
    ("exp(-10^4)", "2*exp(-10^4)"),
    ("1 + exp(-2000)", "1"),
    ("x + exp(-20*(x - 2)^2)", "x"),
]
EQUAL = [
    ("2(1 + exp(-10^4))", "2 + 2exp(-10^4)"),  # whatever the small part is
    ("exp(-x^2) + 1", "(exp(x^2) + 1)/exp(x^2)"),  # it shows where x is small
    ("sigmoid(10^6*x)", "1/(1 + exp(-10^6*x))"),  # and this one where x is very small
    ("log(1 + exp(x))", "x + log(1 + exp(-x))"),
    ("tanh(x)", "(exp(2x) - 1)/(exp(2x) + 1)"),
    ("10^30*sin(x)^2 + 1", "10^30*(1 - cos(x)^2) + 1"),
    ("sin(pi) + 1", "1"),
    ("int(x, x, 0, 1) + 10^(-20)", "1/2 + 10^(-20)"),
    ("int(x + a, x, 0, 1) + 40", "a + 81/2"),
    ("sqrt(12)", "2*sqrt(3)"),
    ("x^(1/3)*10^(-40)", "root(x, 3)/10^40"),
]


@pytest.mark.parametrize(("a", "b"), UNDECIDED)
def test_what_is_too_small_to_show_is_undecided(a: str, b: str) -> None:
    found = verdicts(a, b)
    assert found.status == "undecided"
    assert "changes nothing at the digits used" in found.evidence


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_what_shows_is_different(a: str, b: str) -> None:
    assert verdicts(a, b).status == "different"


@pytest.mark.parametrize(("a", "b"), EQUAL)
def test_what_shows_somewhere_is_equal(a: str, b: str) -> None:
    found = verdicts(a, b)
    assert found.status == "equal", found.evidence

"""Sums, products and integrals: by value at several lengths, exactly where the body is a polynomial."""

import re

import pytest

from grader.expressions.limits import LONG_SUM
from grader.expressions.tree import Node

from .building import Part, add, call, entry, integral, minus, mul, power, total, verdicts

x_k, y_k = entry("x", "k"), entry("y", "k")
x_j = entry("x", "j")
a_jk, a_kj = entry("a", "j", "k"), entry("a", "k", "j")
far = total("k^2", high="10^12")

PROVED = [
    (total("k", high="10"), "55"),
    (total("k"), "n(n+1)/2"),
    (total("k^3"), "(n(n+1)/2)^2"),
    (far, "10^12*(10^12+1)*(2*10^12+1)/6"),
    (total(total("j*k", "j", "1", "k")), "n(n+1)(n+2)(3n+1)/24"),
    (total(mul(x_k, y_k)), total(mul(entry("y", "m"), entry("x", "m")), "m")),
    (total(x_k, high="3"), "x_1 + x_2 + x_3"),
    (total("x^k", low="0", high="3"), "1 + x + x^2 + x^3"),
    (total("k", high="5", kind="product"), "120"),
    (total(x_k, low="3", high="2"), "0"),
    (integral("2x", None, None), integral("x + x", None, None)),
    (integral("exp(-x^2)"), integral("exp(-s^2)", name="s")),
]
AGREE = [
    (total(x_k), total(entry("x", "m+1"), "m", "0", "n-1")),
    (total(x_k), add(total(x_k, high="n-1"), entry("x", "n"))),
    (total(x_k), add(entry("x", "1"), total(x_k, low="2"))),
    (total(mul("c", x_k)), mul("c", total(x_k))),
    (power(total(x_k), "2"), total(total(mul(x_k, x_j), "j"))),
    (total(total(a_jk, high="m"), "j"), total(total(a_jk, "j"), high="m")),
    (total("x^k", low="0", high="n-1"), "(1-x^n)/(1-x)"),
    (total("k", kind="product"), "n!"),
    (total(call("binom", "n", "k"), low="0"), "2^n"),
    (call("exp", total(x_k)), total(call("exp", x_k), kind="product")),
    (call("log", total(call("exp", x_k), kind="product")), total(x_k)),
    (total(x_k, low=None, high=None), add(total(x_j, "j", None, None), "0*x")),
    (
        total(power(add(x_k, "-m"), "2")),
        add(total(power(x_k, "2")), mul("-2m", total(x_k)), "n*m^2"),
    ),
    (total("x^k", low="0", high="inf"), add("1", total("x^k", high="inf"))),
    (total("x^k", high="inf"), total("x^(k+1)", low="0", high="inf")),
    (integral("x^2"), "1/3"),
    (integral("s^2", "0", "c", "s"), "c^3/3"),
    (integral("sqrt(x)"), "2/3"),
    (integral("|x - 1/3|"), "5/18"),
    (integral(integral("x*y", name="y")), "1/4"),
    (
        call("expectation", add(mul("c", "X"), "Y")),
        add(mul("c", call("expectation", "X")), call("expectation", "Y")),
    ),
    (
        call("variance", "X"),
        add(call("expectation", "X^2"), minus(power(call("expectation", "X"), "2"))),
    ),
]
AT_SHORT = "n(n-1)(n-2)(n-3)(n-4)(n-5)(n-7)(n-12)"
"""Zero at each length that is always tried."""
DIFFERENT = [
    (total("k"), "n(n-1)/2"),
    (total("k", high="n-1"), "n(n+1)/2"),
    (total(x_k), total(entry("x", "m+1"), "m", "0", "n")),
    (power(total(x_k), "2"), total(power(x_k, "2"))),
    (total(total(a_jk, high="m"), "j"), total(total(a_kj, high="m"), "j")),
    (total(mul(x_k, y_k), low=None, high=None), total(x_k, low=None, high=None)),
    (total(x_k, high="3"), "x_1 + x_2 + x_4"),
    (total("x^k", low="0"), "(1-x^n)/(1-x)"),
    (total("k"), "n(n+1)/2 + n(n-1)(n-2)(n-3)(n-4)(n-5)*sin(n)"),
    # alike at every length that is always tried
    (total("k"), f"n(n+1)/2 + {AT_SHORT}*sin(n)"),
    (total(x_k), add(total(x_k), f"{AT_SHORT}*sin(n)")),
    (
        total(total(a_jk, high="m"), "j"),
        add(total(total(a_jk, high="m"), "j"), f"{AT_SHORT}*m^2*sin(n)"),
    ),
    (integral("x^2"), "1/4"),
    (integral("s^2", "0", "c", "s"), "c^2/3"),
    (call("expectation", "X^2"), power(call("expectation", "X"), "2")),
    (call("expectation", "X"), "X"),
]
UNDECIDED = [
    (total("sin(k)", high="10^12"), "0", "too much work"),
    (total(x_k, low=None, high=None), total(x_k), "without limits"),
    (total("x^k", low="0", high="inf"), "1/(1-x)", "first terms"),
    (integral("2x", None, None), "x^2", "not carried out"),
    (integral("sin(1/x^99)"), "0", "too much work"),
    (integral("1/(x - 1/2)"), "0", "too much work"),
]


@pytest.mark.parametrize(("a", "b"), PROVED)
def test_exactly_equal(a: Part, b: Part) -> None:
    found = verdicts(a, b)
    assert (found.status, found.proved) == ("equal", True)


@pytest.mark.parametrize(("a", "b"), AGREE)
def test_agreement_is_not_called_a_proof(a: Part, b: Part) -> None:
    found = verdicts(a, b)
    assert (found.status, found.proved) == ("equal", False), found.evidence


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_a_difference_is_proved(a: Part, b: Part) -> None:
    found = verdicts(a, b)
    assert (found.status, found.proved) == ("different", True), found.evidence


@pytest.mark.parametrize(("a", "b", "says"), UNDECIDED)
def test_what_is_not_known_is_said(a: Part, b: Part, says: str) -> None:
    found = verdicts(a, b)
    assert found.status == "undecided"
    assert says in found.evidence


def test_the_evidence_names_lengths_and_entries() -> None:
    found = re.search(r"n of lengths 0 to 5, 7, 12 and (\d+)$", verdicts(*AGREE[0]).evidence)
    assert found is not None
    assert LONG_SUM[0] <= int(found[1]) <= LONG_SUM[1]
    assert "n = 2, x_1 = " in verdicts(power(total(x_k), "2"), total(power(x_k, "2"))).evidence


@pytest.mark.parametrize(
    ("a", "b", "status"),
    [
        ("sum(x_i,i,1,n)", "sum(x_i,i,1,n-1)+x_n", "equal"),
        ("sum(x_i,i,1,n)", "sum(x_i,i,1,n-1)+x_1", "different"),
        ("sum(w_{i,1},i,1,n)", "sum(w_{i,1},i,1,n-1)+w_{n,1}", "equal"),
        ("sum(x_i,i,1,n)=1", "sum(x_i,i,1,n-1)=1-x_n", "equal"),
        ("sum(x_i,i,1,n)-x_max", "sum(x_i,i,1,n)", "different"),
    ],
)
def test_a_name_beside_a_family_is_an_entry_of_it(a: str, b: str, status: str) -> None:
    found = verdicts(a, b)
    assert found.status == status, found.evidence


def test_a_declared_name_beside_a_family_stays_a_name() -> None:
    found = verdicts("sum(x_i,i,1,n)", "sum(x_i,i,1,n-1)+x_n", x_n="real")
    assert found.status == "different"


def test_a_difference_without_terms_is_a_convention() -> None:
    top: Node = total(x_k)
    found = verdicts(add(top, call("sign", "n")), add(top, "1"))
    assert (found.status, "no terms" in found.evidence) == ("undecided", True)

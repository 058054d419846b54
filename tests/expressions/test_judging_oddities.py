"""Texts that can be read and mean little: judging them ends in a verdict, never in an error of Python."""

from itertools import pairwise
from random import Random

import pytest

from grader.expressions import Expression, Scope, Unreadable, equivalent, read
from grader.expressions.comparing import compare_texts
from tests.expressions.effort import JUDGING, at_most

OPEN = Scope.of(open=True)

# what once raised, by the operation that has no such operands
ODD = [
    ("1[w > 0]", "‖w^\\top‖"),  # an order between a vector and a number
    ("1[(w)^\\top > 0]", "v^T"),
    ("x ∈ ((a, b), c)", "y ∈ ((a, b), c)"),  # a list as the end of an interval
    ("x ∈ (d, 3) argmax(2e-3, i)", "x ∈ (d, 3)"),
    ("((a_b_c, \\mathrm{loss}))^\\top", "1[loss > 0]"),
    ("argmax(-n^i, w)", "argmax(-n^i, v)"),  # a largest complex number
    ("sin(min(∅))", "x"),  # nothing to take the smallest of
    ("softmax(∅)", "x"),
    ("tr(∅)", "det(n)"),
    ("\\|tr(∅)\\|_1", "x/2"),
    ("‖((n, 0.5), (x, y))‖", "x"),  # vectors of vectors
    ("max({(1, 2), (3, x)})", "x"),
    ("\\sum_{k=0}^{\\begin{bmatrix} a & b \\end{bmatrix}} w_{i,j+1}", "b"),  # a sum up to a matrix
    ("\\int_0^1 ∅ dx", "softmax(w)"),
    ("2 ± (1, 2)", "{2, ∅}"),
    ("(w)_{xyz} + ‖w‖", "(v)_{xyz}"),  # three indices
    ("∑_{k=0}^{(i)_{xyz}} argmin(π, v)", "‖v‖"),
    (
        "y ∈ \\int_{[0,1] ∪ {2}}^{k} (x,z) dx",
        "u ∈ \\int_{[0,1] ∪ {2}}^{k} (x,z) dx",
    ),  # a bound name
]


@pytest.mark.parametrize(("a", "b"), ODD)
def test_an_operation_without_a_meaning_has_no_value(a: str, b: str) -> None:
    first, second = read(a, OPEN), read(b, OPEN)
    assert equivalent(first, second).status in {"undecided", "different"}
    assert equivalent(second, first).status in {"undecided", "different"}
    assert equivalent(first, first).status in {"equal", "undecided"}
    assert compare_texts(a, b, domains={}).status in {"undecided", "different"}


def test_entries_of_a_complex_family_are_complex() -> None:
    declared = {"x": "complex"}
    for a, b, status in (
        ("ln(\\sum_{k=1}^{3} x_k)", "ln(\\sum_{j=1}^{3} x_{4-j})", "equal"),
        ("\\sum_{k=1}^{n} x_k conj(x_k)", "\\sum_{k=1}^{n} |x_k|^2", "equal"),
        ("\\sum_{k=1}^{n} x_k^2", "\\sum_{k=1}^{n} |x_k|^2", "different"),
    ):
        found = equivalent(read(a, OPEN), read(b, OPEN), domains=declared)
        assert found.status == status, (a, b, found)


def test_a_largest_value_is_found_among_real_balls() -> None:
    for a, b, status in (
        ("argmax(1, 1, sqrt(2))", "3", "equal"),
        ("argmax(sqrt(2), sqrt(2), 2)", "3", "equal"),
        ("argmin(pi, e, 3)", "2", "equal"),
        ("argmax(pi, e, 3)", "2", "different"),
        ("argmax(sqrt(2), sqrt(2), 1)", "1", "undecided"),
    ):
        assert equivalent(read(a, OPEN), read(b, OPEN)).status == status


def test_uncertainties_are_compared_in_lists_and_not_carried_through() -> None:
    for a, b, status in (
        ("(1 ± 0.1, 2)", "(1 ± 1/10, sqrt(4))", "equal"),
        ("(1 ± 0.1, 2)", "(1 ± 0.2, 2)", "different"),
        ("2(sqrt(4) ± 0.1)", "2(2 ± 0.1)", "undecided"),
        ("1 ± 0.1", "1", "different"),
        ("(1 ± 0.1, 2)", "(1, 2)", "different"),
    ):
        pair = read(a, OPEN), read(b, OPEN)
        assert equivalent(*pair, plus_minus="uncertainty").status == status, (a, b)


def test_an_integrand_without_values_costs_little() -> None:
    from grader.expressions.balls import Evaluator
    from grader.expressions.unreadable import Undefined

    ev = Evaluator(complex_mode=False)
    before = ev.state.budget.left
    with pytest.raises(Undefined):
        ev.value(read("\\int_0^1 (t, 1) dt", OPEN).core, {})
    assert before - ev.state.budget.left < 100


def test_an_integrand_with_an_edge_still_has_an_integral() -> None:
    for a, b in (
        ("\\int_{-1}^{1} |x| dx", "1"),
        ("\\int_0^2 relu(x - 1) dx", "1/2"),
        ("\\int_0^1 x^2 e^x dx", "e - 2"),
    ):
        assert equivalent(read(a, OPEN), read(b, OPEN)).status != "different"


LEAVES = [
    "x",
    "n",
    "2",
    "0.5",
    "i",
    "∅",
    "∞",
    "w^T",
    "(x, y)",
    "{1, x}",
    "[0, 1)",
    "x_i",
    "[[1, 2], [3, x]]",
]
SHAPES = [
    *("{}+{}", "{}*{}", "{}/{}", "({})^{}", "-{}", "|{}|", "‖{}‖", "({}, {})", "{{{}, {}}}", "[{}, {})"),
    *("1[{} > {}]", "max({}, {})", "argmax({}, {})", "softmax({})", "tr({})", "({})^\\top", "⟨{}, {}⟩"),
    *("{} ∈ ({}, {})", "{} = {}", "{} < {}", "{} ∪ {}", "{} ± {}", "E_x[{}]", "\\max_x {}", "⌊{}⌋"),
    *("\\sum_{{i=1}}^{{{}}} {}", "\\prod_{{k={}}}^{{3}} {}", "\\int_0^{{{}}} {} dx", "cases({}, {} > 0; {})"),
]  # fmt: skip


def text(chance: Random, depth: int) -> str:
    if depth == 0 or chance.random() < 0.2:
        return chance.choice(LEAVES)
    shape = chance.choice(SHAPES)
    count = shape.replace("{{", "").replace("}}", "").count("{}")
    return shape.format(*[text(chance, depth - 1) for _ in range(count)])


def test_random_texts_are_judged_without_an_error() -> None:
    chance = Random(4)  # noqa: S311
    known: list[Expression] = []
    while len(known) < 250:
        try:
            known.append(read(text(chance, 3), OPEN))
        except Unreadable:
            continue
    for a, b in pairwise(known):
        with at_most(JUDGING, (a.text, b.text)):
            equivalent(a, b)
        assert equivalent(a, a).status != "different"


def test_a_set_costs_no_more_than_one_value() -> None:
    hard = ", ".join(f"\\int_0^1 \\int_0^1 e^(x t^{k} + sin(x)) dx dt" for k in range(2, 8))
    other = hard.replace("sin", "cos")
    first, second = (read(f"\\{{{values}\\}}", OPEN) for values in (hard, other))
    with at_most(JUDGING):
        equivalent(first, second)

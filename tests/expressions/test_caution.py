"""What agreement at points must not be taken for: jumps, branches and shapes that no point tries."""

import pytest

from grader.expressions.arraynames import marked
from grader.expressions.caution import hidden
from grader.expressions.comparing import Comparison, Tolerance, compare_texts
from grader.expressions.normal import normal

from .building import t

NOT_EQUAL = [
    (r"\sum_{i=1}^n \mathbb1[y_i = c]", "0"),
    (r"\frac1n\sum_{i=1}^n \mathbb1[a_i = b_i]", "0"),
    ("floor((n+2p-f)/s)+1", "ceil((n+2p-f)/s)"),
    (r"\lceil x\rceil", r"\lfloor x\rfloor+1"),
    (r"x > \sqrt2", r"x \ge \sqrt2"),
    ("x^2 > 2", r"x^2 \ge 2"),
    (r"\mathbb1[x^2 > 2]", r"\mathbb1[x^2 >= 2]"),
    (r"(X^T X)^{-1}X^T y", "X^{-1}y"),
    ("sqrt(x^2+20x+100)", "x+10"),
    (r"\sqrt{(x-1000)^2}", "1000-x"),
    (r"\sqrt{(xy-10^5)^2}", "10^5-xy"),
    (r"\ln((x+10)^2)", r"2\ln(x+10)"),
    (r"\arctan(\tan(x/1000))", "x/1000"),
    (r"\sum_{i=5}^{1} i", "-9"),
    ("floor(x + 1/7)", "-floor(-x - 1/7) - 1"),  # but where it jumps
    ("ceil(x + 1/7)", "1 - ceil(-x - 1/7)"),
    ("sum(floor(x_k), k, 1, 3)", "sum(-floor(-x_k) - 1, k, 1, 3)"),
    ("1[x = y and y = z]", "0"),
    ("1[1/x > 7/3]", "1[1/x >= 7/3]"),
    ("sum(floor(k^2/10^30), k, 1, n)", "n*floor(k^2/10^30)"),  # two k, one of them bound
    (r"\lfloor x + 1/7\rfloor \in [0,1)", r"\lceil x + 1/7\rceil \in (0,1]"),
    ("argmax(a, b, c)", "argmax(a, b, c - 10^(-30))"),
    ("argmin(a, b, c)", "argmin(a, b, c - 10^(-30))"),
    ("inverse(A)A/2", "1/2*A*inverse(A)"),
    ("det(AB)", "det(A)det(B)"),
    ("sign(x^2 - 2)", "sign(x^4 - 4)"),
    ("step(x^2 - 2)", "step(x^4 - 4)"),
    ("sign(x^2 - 2)", "sign(x^2 - 2) + 1[x^2 = 2]"),
    (r"\mathbb1[x^2 + y^2 < 1]", r"\mathbb1[x^2 + y^2 \le 1]"),
    (r"\|w\|_3", r"\|w\|_2"),
    ("cases(1, x^2 > 2; 0)", "cases(1, x^2 >= 2; 0)"),
    ("x if x^2 > 2 else 0", "x if x^2 >= 2 else 0"),
    (r"\sum_{k=1}^n \lfloor kx\rfloor", r"\sum_{k=1}^n(\lceil kx\rceil - 1)"),
    ("x + floor(x_1)", "x + ceil(x_1) - 1"),
    (r"\sum_{k=1}^n \lfloor x_k\rfloor", r"\sum_{k=1}^n \lceil x_k\rceil - n"),
    (r"(A+B)^{-1}X^T", r"(A+B)^{-1}X^T + 10^{-60}"),
    (r"\frac{1}{w^T w}", r"\frac{1}{\|w\|^2}"),
]
STILL_EQUAL = [
    ("floor(x)*(x+1)", "x*floor(x)+floor(x)"),
    ("0 < x <= 1", "x in (0,1]"),
    ("relu(x)", "x if x > 0 else 0"),
    ("1[1 < x < 2]", "1[x > 1 and x < 2]"),
    ("1[x > 2 or x < 1]", "1[x < 1 or x > 2]"),
    ("sign(|x| - 1)", "sign(3|x| - 3)"),
    ("sign(-x/2 + y)", "-sign(x - 2y)"),
    (r"\sum_{k=1}^n 2\lfloor kx\rfloor", r"2\sum_{k=1}^n \lfloor kx\rfloor"),
    (
        r"2\lfloor x\rfloor + \lceil x\rceil",
        r"\lceil x\rceil + \lfloor x\rfloor + \lfloor x\rfloor",
    ),
    (r"\|w\|_1 + w_1^2", r"w_1 w_1 + \|w\|_1"),
    ("det([[a, b], [c, d]]) + sin(x)^2", "a*d - b*c + 1 - cos(x)^2"),
    ("norm(w, 2)^2", "w^T w"),
    ("1[x > 2 or x < 1]", "1 - 1[1 <= x <= 2]"),
    ("floor(7/2) + sqrt(x^2)", "3 + |x|"),
    ("det([[1,2],[3,4]])*sin(x)^2", "2cos(x)^2 - 2"),
    (r"\|w\|_2^2", r"\|w\|^2"),
    (r"\|w\|_2^2", "w^T w"),
    (r"\sum_{i=5}^{1} i", "0"),
    ("sqrt(x^2)", "abs(x)"),
]


def compared(answer: str, reference: str) -> Comparison:
    return compare_texts(answer, reference, domains={}, tolerance=Tolerance(), seed=0)


@pytest.mark.parametrize(("answer", "reference"), NOT_EQUAL)
def test_points_alone_are_not_enough(answer: str, reference: str) -> None:
    assert compared(answer, reference).status in {"different", "undecided"}


@pytest.mark.parametrize(("answer", "reference"), STILL_EQUAL)
def test_what_is_shown_otherwise_stays_equal(answer: str, reference: str) -> None:
    found = compared(answer, reference)
    assert found.status == "equal", found.evidence


def test_an_inverse_is_hidden_as_a_matrix() -> None:
    first, second = hidden(*marked((t("(X^T X)^(-1) y"), t("y (X^T X)^(-1)")), frozenset()))
    assert normal(first) != normal(second)


def test_what_can_be_read_in_two_ways_is_asked_back() -> None:
    assert compared(r"A\cup B\cap C", r"(A\cup B)\cap C").status == "unreadable"

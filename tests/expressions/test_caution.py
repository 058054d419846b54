"""What agreement at points must not be taken for: jumps, branches and shapes that no point tries."""

import pytest

from grader.expressions.comparing import Comparison, Tolerance, compare_texts

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
    (r"A\cup B\cap C", r"(A\cup B)\cap C"),
]
STILL_EQUAL = [
    ("floor(x)*(x+1)", "x*floor(x)+floor(x)"),
    ("0 < x <= 1", "x in (0,1]"),
    ("relu(x)", "x if x > 0 else 0"),
    (r"\|w\|_2^2", "w^T w"),
    (r"\sum_{i=5}^{1} i", "0"),
    ("sqrt(x^2)", "abs(x)"),
]


def compared(answer: str, reference: str) -> Comparison:
    return compare_texts(answer, reference, domains={}, tolerance=Tolerance(), seed=0)


@pytest.mark.parametrize(("answer", "reference"), NOT_EQUAL)
def test_points_alone_are_not_enough(answer: str, reference: str) -> None:
    assert compared(answer, reference).status != "equal"


@pytest.mark.parametrize(("answer", "reference"), STILL_EQUAL)
def test_what_is_shown_otherwise_stays_equal(answer: str, reference: str) -> None:
    found = compared(answer, reference)
    assert found.status == "equal", found.evidence

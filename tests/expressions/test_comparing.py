"""Two texts without a question around them."""

import pytest

from grader.expressions.comparing import compare_texts


@pytest.mark.parametrize(
    ("answer", "reference", "status"),
    [
        ("(1, 2)", "(1, 2)", "equal"),
        ("(1, 2)", "1, 2", "equal"),
        ("(1, 2)", "(2, 1)", "different"),
        ("{1, 2}", r"\{2, 1\}", "equal"),
        ("{1, 2}", "{1, 3}", "different"),
        ("{1, 2}", "(1, 2)", "undecided"),
        ("[1, 2]", "(1, 2)", "undecided"),
        ("[1, 2]", "[1, 2]", "equal"),
        ("[0, 1)", "[0, 1[", "equal"),
        ("[0, 1)", "[0, 2)", "different"),
        ("[[1, 2], [3, 4]]", "[1 2; 3 4]", "equal"),
        (
            r"\begin{pmatrix} 1 & 2 \end{pmatrix}",
            r"\begin{bmatrix} 1 & 3 \end{bmatrix}",
            "different",
        ),
        ("(p, q) = (3, 2)", "(3, 2)", "undecided"),
        ("x ∈ [0, 1)", "[0, 1)", "undecided"),
        ("x = 5", "5", "undecided"),
        ("x = 5", "6", "different"),
        ("3,14", "3.14", "equal"),
        ("$0,75$", "$3/4$", "equal"),
        ("$3,14$", "$3.14$", "equal"),
        (r"\(-3{,}5\)", "-3.5", "equal"),
        (r"\boxed{3,14}", "3.14", "equal"),
        ("$1,234$", "1234", "unreadable"),
        ("(24, 32)", "24 x 32", "equal"),
        ("(24, 32, 3)", "24x32x3", "equal"),
        (r"$24 \times 32$", "(24, 32)", "equal"),
        ("24 x 32", "24×32", "equal"),
        ("24 x 32", "32 x 24", "different"),
        ("24 × 32", "768", "equal"),
        ("log_a(x)", "ln(x)/ln(a)", "equal"),
        (r"$\log_2 8$", "3", "equal"),
        (r"$\log_a x$", "log_{a}(x)", "equal"),
        (r"$\boxed{28}$ pct", r"$28\%$", "equal"),
        (r"\boxed{28}\%", "28", "different"),
        (r"\boxed{28}\text{ percent}", "0.28", "equal"),
        ("I think it is 3, or maybe 4", "(3, 4)", "unreadable"),
        ("it is so, not that one", "(it, that)", "unreadable"),
        (r"which are $-14,$ and $7.$ so $\boxed{-2,1}.$", "$-2,1$", "equal"),
        ("3,14", "(3, 14)", "equal"),
        ("3,14", "(3, 15)", "different"),
        ("1, 2, 3", "3, 1, 2", "undecided"),
        ("1, 2", r"\{2, 1\}", "undecided"),
        ("1, 2", "(2, 1)", "different"),
        ("1, 2, 2", "2, 1, 1", "different"),
        ("The answer is 5", "5", "equal"),
        (r"hence $(p, q)$ is \boxed{(6, 31)}", "(6, 31)", "equal"),
        (r"\boxed{1}, \boxed{2}", "1, 2", "equal"),
        ("Use $a$ twice, and so on", "5", "unreadable"),
        ("1,000", "1000", "unreadable"),
    ],
)
def test_compared(answer: str, reference: str, status: str) -> None:
    for first, second in ((answer, reference), (reference, answer)):
        assert compare_texts(first, second, domains={}).status == status

"""Long answers that end in "Final answer: 9", and units that nobody named."""

import pytest

from grader.expressions import Scope, Unreadable, read
from grader.expressions.comparing import compare_texts

OPEN = Scope.of(open=True)
LONG = "First we try a few numbers, which does not help. " * 30


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It is not 7 since 7 is odd. Final answer: $8$.", "8"),
        (LONG + "Final Answer: The final answer is $x^2 + 1$. I hope it is correct.", "x^2 + 1"),
        ("We don't know. Final answer is 2.5", "2.5"),
        ("Final Answer: The largest $n$ is 34.", "34"),
        (r"It isn't 3. **Final answer:** \(3/4\)", "3/4"),
    ],
)
def test_the_last_word_counts(text: str, wanted: str) -> None:
    assert read(text, OPEN).plain() == wanted


@pytest.mark.parametrize(
    "text",
    [
        "It is not 7. Final answer: not 8",
        "It is not 7. Final answer: 8 or 9",
        "It is not 7. Final answer: $8$. No, wait, it is $9$.",
        "It is not 7. Final answer: the error is 8",
        "Final answer: $8$ " + LONG,
    ],
)
def test_anything_behind_it_keeps_it_from_being_read(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text, OPEN)


@pytest.mark.parametrize(
    ("a", "b", "status"),
    [
        (r"$\frac{1}{3} \text{meters}$", "1/3", "undecided"),
        (r"$\frac{1}{3} \text{meters}$", "1/4", "different"),
        (r"3 \text{meters}", r"3 \text{seconds}", "different"),
        (r"3 \text{meters}", r"3 \mathrm{meters}", "equal"),
        (r"3 \text{meters}", r"4 \text{meters}", "different"),
        (r"solutions are: \[ \boxed{(1, 2)}, \boxed{(3, 4)} \]", "(3, 4), (1, 2)", "undecided"),
        (r"solutions are: \[ \boxed{(1, 2)}, \boxed{(3, 4)} \]", "(1, 2), (3, 4)", "equal"),
        (r"(1, 2) \text{ and } (3, 4)", "(1, 2), (3, 4)", "equal"),
        ("(1, 2), (3, 4)", "(3, 4), (1, 2)", "undecided"),
        ("(1, 2), (3, 5)", "(3, 4), (1, 2)", "different"),
    ],
)
def test_what_is_compared(a: str, b: str, status: str) -> None:
    assert compare_texts(a, b, domains={}).status == status

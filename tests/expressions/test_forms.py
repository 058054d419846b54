"""Forms beside the value: what has them, and what does not."""

import pytest

from grader.expressions import read
from grader.expressions.forms import FORMS, form_problem, is_form

from .building import OPEN

FORM_CASES = {
    "expanded": (
        "x^2 + 2x + 1; 3x; 2x - 3; a b + c; sin(x+1); (1/2)x + 3; 5; -x - 1",
        "(x+1)^2; x(x+1); 2(x+1); x + x; -(x+1); 2 + 3",
    ),
    "factored": (
        "(x+1)^2; x(x+1); 2(x+1)(x-1); x^2+1; 3; -(x-1); x^3; (x+y)(x-y); (x+1)/2",
        "x^2 - 1; 2x + 2; (x^2-1)(x+2); x^2 - y^2; (2x+4)(x+1); x^2 + x",
    ),
    "lowest terms": (
        "1/2; 3; -3/4; x/2; (x+1)/(x+2); 1 1/2; -2 2/3; x/4 + 1/4; 1/(-x)",
        "1/4 + 1/4; 2 - 1/2; 1 + 3/2; x/(-2); -1/-2; 1/-2; 2 + 1/2 - 1/3; 2/4; 6/3; 3/1; (x^2-1)/(x-1); x^2/x",
    ),
    "single fraction": (
        "1/2; (x+1)/(x-1); x; -(a+b)/c",
        "1/2 + 1/3; x + 1/2; 1 + 1/x; (1/2)/(x+1/3)",
    ),
    "simplified": (
        "3x; x^2 + 1; x/2; 2sqrt(3); 1/(x+1); -x; x^2*y; 3/4",
        "2x + x; 1/(1/x); 2*3; x*x; 2 + 3; 6/4; 1/4 + 1/4; -1/-2; x^1; x + 0; 1*x; 2^3; x/x",
    ),
    "exact": ("1/3; sqrt(2); pi/2", "0.33; 1.5x; 2e-3"),
    "3 significant figures": ("1.23; 0.0123; 1.20; -12.3; 1230; 12000", "1.2; 1.234; 1/3; 12.30"),
    "1 significant figure": ("5; 0.03; 400", "1.2; 0.50"),
    "cartesian": (
        "3 + 4i; i; 5; -2i; sqrt(2)/2 + i*sqrt(2)/2",
        "5e^(i*pi/3); 1/(1+i); i^2; (1+i)(2+i)",
    ),
    "polar": ("2e^(i*pi/3); 5; e^(i*pi); 2exp(i)", "1 + i; 2i; e^(i)*e^(2i)"),
}


def problem(text: str, form: str) -> str:
    return form_problem(read(text.strip(), OPEN).tree, form)


@pytest.mark.parametrize("form", FORM_CASES)
def test_what_has_a_form_and_what_has_not(form: str) -> None:
    good, bad = (texts.split(";") for texts in FORM_CASES[form])
    assert [text for text in good if problem(text, form)] == []
    assert [text for text in bad if not problem(text, form)] == []


def test_every_part_of_a_relation_must_have_it() -> None:
    assert problem("y = x(x+1)", "expanded")
    assert not problem("y = x^2 + x", "expanded")


def test_forms_are_known_by_name() -> None:
    assert all(map(is_form, FORMS))
    assert is_form("2 significant figures")
    assert not is_form("pretty")
    with pytest.raises(ValueError, match="pretty"):
        problem("x", "pretty")


def test_the_sentence_says_what_to_do_and_no_value() -> None:
    assert (
        problem("2/4", "lowest terms")
        == "Reduce the fraction: the top and the bottom share a factor."
    )


@pytest.mark.parametrize("text", ["(a+b+c+d+f)^50", "(x+1)^1000", "x^(10^15)", "1/0^x"])
def test_what_is_too_large_to_factor_is_answered_at_once(text: str) -> None:
    for form in FORMS:
        assert isinstance(problem(text, form), str)

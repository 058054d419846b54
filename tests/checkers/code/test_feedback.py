"""The first failing case in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checkers.code.comparing import Mismatch, show
from grader.checkers.code.drawing import Draw
from grader.checkers.code.feedback import known_to_candidates, raised_text, told
from grader.checkers.code.script import parse_script
from grader.checkers.code.trials import Failure, Trial
from grader.sandbox import Opaque, Raised, Tensor
from grader.sandbox.result import TraceLine
from tests.checkers.strategies import STEADY

LONGEST_TOLD = 3_000
SOURCE = "def f(x):\n    y = x\n    return y[5]\n"


def trial(run: str = "f(x)", **values: Any) -> Trial:
    values = values or {"x": 2.0}
    return Trial("all", Draw(values), parse_script(run, frozenset(values)), 0)


def failure(run: str = "f(x)", what: str = "value", **values: Any) -> Failure:
    found = trial(run, **values)
    return Failure(found, found.script.kept[0], Mismatch(what, "[1]", "3", "4.25"))


def raised(message: str = "", lines: tuple[int, ...] = (), name: str = "IndexError") -> Raised:
    return Raised(name, message, tuple(TraceLine(line, "f") for line in lines), False, 0)


def test_a_wrong_value_says_what_went_in_and_what_came_out() -> None:
    assert told(failure(), SOURCE, expected=False, entries=("f",)) == (
        "With x = 2: `f(x)` gives 3 at [1]."
    )


def test_what_was_expected_is_said_only_where_it_is_released() -> None:
    assert told(failure(), SOURCE, expected=True).endswith("expected is 4.25.")
    for what in ("value", "kind", "length", "shape", "dtype", "keys", "device"):
        text = told(failure(what=what), SOURCE, expected=False, entries=("f",))
        assert "4.25" not in text
        assert "gives" in text
        assert "4.25" in told(failure(what=what), SOURCE, expected=True)


@pytest.mark.parametrize(
    ("run", "known"),
    [
        ("f(x)", True),
        ("y = f(x)\ny", True),
        ("np.sum(f(x))", True),
        ("gradients(f(x), [x])", True),
        ("hidden(x)", False),
        ("f(hidden_helper(x))", False),
        ("hidden.part", False),
        ("f(x, HIDDEN)", False),
    ],
)
def test_the_rubric_s_own_helpers_are_not_named(run: str, known: bool) -> None:
    found = failure(run)
    assert known_to_candidates(found, ("f",)) is known
    text = told(found, SOURCE, expected=False, entries=("f",))
    assert ("hidden" not in text.lower()) or known
    assert ("`" in text) is known


def test_an_input_that_is_not_used_is_not_shown() -> None:
    assert "k = " not in told(failure(x=1.0, k=3.0), SOURCE, False, ("f",))
    many: dict[str, Any] = {f"a{n}": float(n) for n in range(9)}
    text = told(failure(f"f({', '.join(many)})", **many), SOURCE, False, ("f",))
    assert "a5 = 5" in text
    assert "a6 = 6" not in text


def test_inputs_are_shown_short() -> None:
    big = Tensor(np.zeros((100, 100), "float32"))
    text = told(failure(x=big), SOURCE, False, ("f",))
    assert "100 × 100 numbers [0, 0, 0, 0, 0, 0, 0, 0, …]" in text
    assert len(text) < 200


def test_another_reason_is_said_as_it_is() -> None:
    found = Failure(trial(), "", reason="The program changes its input x.")
    assert told(found, SOURCE, False, ("f",)) == "The program changes its input x."


def test_an_exception_names_the_candidate_s_own_lines() -> None:
    found = Failure(trial(), "", raised=raised("list index  out\nof range", (1, 3)))
    assert told(found, SOURCE, False, ("f",)) == (
        "With x = 2 it raises IndexError: list index out of range "
        "(line 1: `def f(x):`; line 3: `return y[5]`)."
    )
    inner = raised("Given.lines.<locals>.Norm.__init__() misses 'c'")
    assert raised_text(inner, SOURCE) == "IndexError: Norm.__init__() misses 'c'."
    assert raised_text(raised(), SOURCE) == "IndexError."
    assert raised_text(raised(lines=(99, -1, 0)), SOURCE) == "IndexError."


def test_only_the_innermost_lines_are_shown() -> None:
    source = "\n".join(f"x = {n}" for n in range(1, 10))
    text = raised_text(raised(lines=tuple(range(1, 10))), source)
    assert "line 7" in text
    assert "line 6" not in text


def test_a_call_over_several_lines_is_told_on_one() -> None:
    assert "`f( x)` gives" in told(failure("f(\n  x)"), SOURCE, False, ("f",))


NAMES = st.text(max_size=300)


@STEADY
@given(NAMES, NAMES, st.text(max_size=2_000), st.lists(st.integers(-3, 12), max_size=8))
def test_what_a_program_says_stays_one_short_line(
    name: str, message: str, source: str, lines: list[int]
) -> None:
    found = Failure(trial(), "", raised=raised(message, tuple(lines), name))
    for text in (told(found, source, False, ("f",)), told(found, source, True)):
        assert len(text) <= LONGEST_TOLD
        assert len(text.splitlines()) == 1


@pytest.mark.parametrize(
    "value",
    [
        "a" * 20_000,
        "a\nb\x0cc\u2028d",
        ["a" * 500] * 500,
        [[["b" * 100] * 9] * 9] * 9,
        {"k" * 1_000: 1},
        Opaque("N\nM" * 300),
        np.zeros((1 << 28, 0)),
        np.zeros((1, 1, 1, 1, 1, 1, 8)),
        10**1_000,
    ],
    ids=range(9),
)
def test_a_great_value_stays_one_short_line(value: Any) -> None:
    found = trial()
    wrong = Failure(found, "f(x)", Mismatch("value", "[0]", show(value), show(value)))
    for text in (told(wrong, SOURCE, False, ("f",)), told(wrong, SOURCE, True)):
        assert len(text) <= LONGEST_TOLD
        assert len(text.splitlines()) == 1


def test_long_lines_and_names_are_cut() -> None:
    source = "x = '" + "a" * 20_000 + "'\x0c"
    text = raised_text(raised(lines=(1,), name="N" * 5_000), source)
    assert len(text) < LONGEST_TOLD
    assert "…" in text

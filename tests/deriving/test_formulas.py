"""Chains of assignments: values, and derivatives against finite differences."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import grader.checkers  # registers the answer kinds  # noqa: F401
from grader.deriving import Formulas
from grader.expressions import Expression, Scope, Unreadable, equivalent, number, read

NET = {
    "inputs": {"x1": "1", "x2": "3", "y": "32", "w": "3", "b": "0"},
    "steps": {
        "a1": "2*x1 + 2*x2 + 1",
        "a2": "x1 - x2 + b",
        "a3": "w*x1 + x2 - 1",
        "yhat": "3*a1 + a2 + 2*relu(a3) + 1",
        "J": "(yhat - y)^2",
    },
    "derivatives": ["dJ_dw", "dJ_db", "dJ_dyhat", "dJ_da3", "dyhat_da1"],
}


def formulas(**fields: Any) -> Formulas:
    return Formulas.model_validate({"kind": "formulas", **fields})


def said(derivation: Formulas, *given: str) -> str:
    found = derivation.problems("net", frozenset(given))
    return "; ".join(f"{place} {message}" for place, message in found)


def exact(values: dict[str, Expression]) -> dict[str, str]:
    return {name: str(value.exact()) for name, value in values.items()}


def test_a_net_in_numbers() -> None:
    assert not said(formulas(**NET))
    assert exact(formulas(**NET).values("net", {})) == {
        "a1": "9",
        "a2": "-2",
        "a3": "5",
        "yhat": "36",
        "J": "16",
        "dJ_dw": "16",
        "dJ_db": "8",
        "dJ_dyhat": "8",
        "dJ_da3": "16",
        "dyhat_da1": "3",
    }


def test_a_value_shows_the_last_computation() -> None:
    assert formulas(**NET).values("net", {})["yhat"].plain() == "3*9 - 2 + 2*relu(5) + 1"


def test_a_candidates_own_value_stands_for_a_step_and_what_follows_from_it() -> None:
    values = formulas(**NET).values("net", {"yhat": read("35")})
    assert "yhat" not in values, "a given value keeps its own name"
    assert exact(values)["J"] == "9"
    assert exact(values)["dJ_dw"] == "12"
    assert exact(values)["a1"] == "9"


def test_a_given_formula_gets_the_inputs() -> None:
    own = read("sigmoid(w*x)", Scope.of(["w", "x"]))
    values = formulas(inputs={"x": "1", "w": "0", "y": "1"}, steps={"p": "f", "L": "(f - y)^2"}).values(
        "net", {"f": own}
    )  # fmt: skip
    assert number(values["L"]).real == 0.25


def test_symbols_stay() -> None:
    net = formulas(
        symbols=["x", "w1", "b1", "w2"],
        steps={"u": "w1*x + b1", "h": "sigmoid(u)", "o": "x + w2*h"},
        derivatives=["do_dw2", "do_dw1", "do_dx"],
    )
    assert not said(net)
    values, scope = net.values("net", {}), Scope.of(["x", "w1", "b1", "w2", "h"])
    assert values["o"].plain() == "x + w2*sigmoid(w1*x + b1)"
    for name, expected in (
        ("do_dw2", "sigmoid(w1*x + b1)"),
        ("do_dw1", "w2*sigmoid(w1*x + b1)*(1 - sigmoid(w1*x + b1))*x"),
        ("do_dx", "1 + w2*sigmoid(w1*x + b1)*(1 - sigmoid(w1*x + b1))*w1"),
    ):
        assert equivalent(values[name], read(expected, scope)).status == "equal"


def test_a_weight_used_twice_collects_both_ways() -> None:
    """A recurrent net over two steps with shared weights."""
    rnn = formulas(
        inputs={"h0": "1", "x": "10", "Wh": "1", "Wx": "0.1", "Wy": "2", "y": "5"},
        steps={
            "h1": "Wh*h0 + Wx*x",
            "h2": "Wh*h1 + Wx*x",
            "L1": "(Wy*h1 - y)^2",
            "L2": "(Wy*h2 - y)^2",
            "L": "L1 + L2",
        },
        derivatives=["dL_dh1", "dL_dWh", "dL1_dWh", "dL2_dWh"],
    )
    got = exact(rnn.values("net", {}))
    assert [got[name] for name in rnn.derivatives] == ["0", "8", "-4", "12"]


# -- finite differences ---------------------------------------------------------------------------

ONE_ARGUMENT = ("sigmoid({})", "tanh({})", "relu({})", "exp(-({})^2)", "sin({})", "({})^2", "-({})")
TWO_ARGUMENTS = ("{} + {}", "{} - {}", "{}*{}", "({})/(2 + ({})^2)", "max({}, {})")
PYTHON: dict[str, Any] = {
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "relu": lambda x: max(0.0, x),
    "tanh": math.tanh,
    "exp": math.exp,
    "sin": math.sin,
    "max": max,
}
H = 1e-6
FAR_FROM_A_KINK = 1e-3


@st.composite
def chains(draw: st.DrawFn) -> tuple[dict[str, float], dict[str, str]]:
    inputs = {f"x{k}": draw(st.integers(-20, 20)) / 8 for k in range(draw(st.integers(1, 3)))}
    names, steps = [*inputs], {}
    for k in range(draw(st.integers(1, 6))):
        form = draw(st.sampled_from(ONE_ARGUMENT + TWO_ARGUMENTS))
        arguments = [draw(st.sampled_from(names)) for _ in range(form.count("{}"))]
        steps[f"s{k}"] = form.format(*arguments)
        names.append(f"s{k}")
    return inputs, steps


def run(
    inputs: dict[str, float], steps: dict[str, str], held: dict[str, float]
) -> dict[str, float]:
    """The chain in floating point; `held` steps keep their value."""
    known: dict[str, Any] = dict(inputs)
    for name, formula in steps.items():
        code = formula.replace("^", "**")
        known[name] = held[name] if name in held else eval(code, dict(PYTHON), known)  # noqa: S307
    return known


@given(chains(), st.data())
def test_agrees_with_finite_differences(
    chain: tuple[dict[str, float], dict[str, str]], data: st.DataObject
) -> None:
    inputs, steps = chain
    top = data.draw(st.sampled_from(sorted(steps)))
    below = data.draw(st.sampled_from(sorted({*inputs, *steps} - {top})))
    net = formulas(
        inputs={name: str(value) for name, value in inputs.items()},
        steps=steps,
        derivatives=[f"d{top}_d{below}"],
    )
    at = run(inputs, steps, {})
    kinks = [known for name, formula in steps.items() for known in gaps(formula, at)]
    assume(all(abs(gap) > FAR_FROM_A_KINK for gap in kinks))
    problem = said(net)
    ends = [
        run({**inputs, **({below: v} if below in inputs else {})}, steps, {below: v} if below in steps else {})[top]
        for v in (at[below] - H, at[below] + H)
    ]  # fmt: skip
    slope = (ends[1] - ends[0]) / (2 * H)
    if problem:
        assert "is no derivative" in problem
        assert slope == 0
        return
    values = net.values("net", {})
    for name in steps:
        assert float(number(values[name]).real) == pytest.approx(at[name], rel=1e-9, abs=1e-9)
    got = float(number(values[f"d{top}_d{below}"]).real)
    assert got == pytest.approx(slope, rel=1e-4, abs=1e-4)


def gaps(formula: str, at: dict[str, float]) -> list[float]:
    """How far the arguments of relu and max are from where their slope jumps."""
    if formula.startswith("relu"):
        return [at[formula[5:-1]]]
    if formula.startswith("max"):
        first, second = formula[4:-1].split(", ")
        return [at[first] - at[second]]
    return []


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ({"inputs": {**NET["inputs"], "w": "v"}}, "('inputs', 'w') 'v' is no number"),
        ({"inputs": {**NET["inputs"], "w": "1/0"}}, "('inputs', 'w') '1/0' is no number"),
        ({"inputs": {**NET["inputs"], "a-b": "1"}}, "('inputs', 'a-b') 'a-b' cannot be a name"),
        ({"symbols": ["w"]}, "('symbols', 'w') w stands under `inputs:` already"),
        ({"steps": {"h": "w*", "J": "h"}}, "('steps', 'h') 'w*' cannot be read"),
        ({"steps": {"h": "w*v", "J": "h"}}, "('steps', 'h') 'w*v' cannot be read"),
        ({"steps": {"J": "h", "h": "w"}}, "('steps', 'J') h is not known yet"),
        ({"steps": {"h": "h + 1"}}, "('steps', 'h') h is not known yet"),
        ({"steps": {"J": "w = 3"}}, "('steps', 'J') write only what J is"),
        ({"derivatives": ["dJ_dq"]}, "('derivatives', 0) 'dJ_dq' is no derivative dA_dB"),
        ({"derivatives": ["dw_dJ"]}, "('derivatives', 0) 'dw_dJ' is no derivative"),
        ({"derivatives": ["da1_dw"]}, "('derivatives', 0) 'da1_dw' is no derivative"),
        ({"derivatives": ["J"]}, "('derivatives', 0) J is the name of something else"),
        ({"steps": {"h": "relu(b)", "J": "h"}, "derivatives": ["dJ_db"]}, "dJ_db has no value"),
        ({"steps": {"h": "log(b)"}, "derivatives": []}, "('steps', 'h') h has no value"),
        ({"steps": {"h": "1/b"}, "derivatives": []}, "('steps',) a value cannot be worked out"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(change: dict[str, Any], hint: str) -> None:
    assert hint in said(formulas(**{**NET, **change}))


def test_given_names_are_known_and_may_not_be_inputs() -> None:
    net = formulas(inputs={"x": "1"}, steps={"h": "z*x"}, derivatives=["dh_dz"])
    assert "cannot be read" in said(net)
    assert not said(net, "z")
    assert "('inputs', 'x') x stands under `given:` already" in said(net, "x", "z")


def test_names_may_hold_the_sign_of_a_derivative() -> None:
    net = formulas(inputs={"w_d": "2"}, steps={"a_d": "w_d^3"}, derivatives=["da_d_dw_d"])
    assert exact(net.values("net", {}))["da_d_dw_d"] == "12"


def test_enormous_own_values_are_followed_or_refused_but_never_break() -> None:
    net = formulas(inputs={"x": "3"}, steps={"h": "z*x", "L": "h^2 + 1/z"}, derivatives=["dL_dz"])
    huge = net.values("net", {"z": read("10^800")})
    assert huge["h"].exact() == 3 * 10**800
    for own in ("10^4500", "0", "1/10^4500"):
        with pytest.raises(Unreadable):
            net.values("net", {"z": read(own)})


def test_a_slope_that_makes_a_division_by_zero_is_unreadable_too() -> None:
    net = formulas(inputs={"x": "3"}, steps={"h": "1/(1 - step(x))"})
    assert "a value cannot be worked out" in said(net)

"""What programs are tried with, as written and as drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.checkers.code.drawing import array_of, draws, moved
from grader.checkers.code.inputs import MOST_EDGES, MOST_ENTRIES, Input, plain
from grader.sandbox import Tensor
from tests.checkers.strategies import STEADY


def described(**fields: Any) -> Input:
    return Input.model_validate(fields)


def one(seed: int = 0, **fields: Any) -> Any:
    """The first random value of an input that stands alone."""
    return next(draws({"x": described(**fields)}, seed, 1)).values["x"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("-0.5", -0.5),
        ("1e3", 1000.0),
        ("true", True),
        ("false", False),
        ("null", None),
        ("-inf", float("-inf")),
        ("relu", "relu"),
        (["1", ["2.5", "a"]], [1, [2.5, "a"]]),
        ({"a": "1", "b": ["true"]}, {"a": 1, "b": [True]}),
    ],
)
def test_texts_of_a_rubric_as_values(text: Any, value: Any) -> None:
    assert plain(text) == value
    assert type(plain(text)) is type(value)


def test_nan_can_be_written() -> None:
    assert np.isnan(plain("nan"))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "exactly one of"),
        ({"normal": [0, 1], "value": "3"}, "exactly one of"),
        ({"value": "1", "shape": ["2"], "like": "y"}, "`shape` or `like`"),
        ({"value": "1", "grad": "true"}, "only a tensor"),
        ({"value": "1", "as": "numpy", "device": "cuda"}, "only a tensor"),
        ({"value": "1", "dtype": "float8"}, "dtype"),
        ({"value": "1", "colour": "red"}, "colour"),
        ({"value": "1", "edges": ["1"] * (MOST_EDGES + 1)}, "edges"),
        ({"normal": ["0"]}, "normal"),
    ],
)
def test_an_input_that_makes_no_sense_is_refused(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        described(**fields)


@pytest.mark.parametrize(
    ("fields", "form"),
    [
        ({"value": "1"}, "plain"),
        ({"value": "1", "shape": ["2"]}, "numpy"),
        ({"normal": [0, 1], "like": "y"}, "numpy"),
        ({"normal": [0, 1], "as": "torch"}, "torch"),
        ({"normal": [0, 1], "shape": ["2"], "as": "plain"}, "plain"),
    ],
)
def test_the_form_follows_from_the_shape(fields: dict[str, Any], form: str) -> None:
    assert described(**fields).form == form


@pytest.mark.parametrize(
    ("fields", "kind", "dtype", "shape"),
    [
        ({"normal": [0, 1], "shape": [2, 3]}, np.ndarray, "float64", (2, 3)),
        ({"normal": [0, 1], "as": "numpy"}, np.ndarray, "float64", ()),
        ({"integers": [0, 9], "shape": [5]}, np.ndarray, "int64", (5,)),
        ({"uniform": [0, 1], "shape": [2], "dtype": "float32"}, np.ndarray, "float32", (2,)),
        ({"value": "1.5", "shape": [2, 2]}, np.ndarray, "float64", (2, 2)),
        ({"value": ["true", "false"], "as": "numpy"}, np.ndarray, "bool", (2,)),
        ({"normal": [0, 1], "shape": [2, 0]}, np.ndarray, "float64", (2, 0)),
        ({"normal": [0, 1], "shape": [2], "as": "torch"}, Tensor, "float32", (2,)),
        ({"integers": [0, 9], "shape": [2], "as": "torch"}, Tensor, "int64", (2,)),
        (
            {"uniform": [0, 1], "shape": [2], "as": "torch", "dtype": "float64"},
            Tensor,
            "float64",
            (2,),
        ),
        ({"value": "2", "as": "torch", "dtype": "complex128"}, Tensor, "complex128", ()),
    ],
)
def test_kind_dtype_and_shape(
    fields: dict[str, Any], kind: type, dtype: str, shape: tuple[int, ...]
) -> None:
    value = one(**fields)
    assert type(value) is kind
    array = array_of(value)
    assert array is not None
    assert (str(array.dtype), array.shape) == (dtype, shape)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"normal": [0, 1]}, float),
        ({"uniform": [0, 1]}, float),
        ({"integers": [0, 9]}, int),
        ({"one_of": ["true", "false"]}, bool),
        ({"one_of": ["a", "b"]}, str),
        ({"value": ["1", "2"]}, list),
        ({"value": {"a": "1"}}, dict),
        ({"value": "null"}, type(None)),
    ],
)
def test_plain_values_are_python_s_own(fields: dict[str, Any], kind: type) -> None:
    assert type(one(**fields)) is kind


def test_gradient_and_device_travel_with_the_tensor() -> None:
    fields: dict[str, Any] = {"normal": [0, 1], "shape": [2], "as": "torch"}
    tensor = one(**fields, grad="true", device="cuda")
    assert (tensor.requires_grad, tensor.device) == (True, "cuda")


SIZES = {
    "n": described(integers=["2", "5"]),
    "x": described(normal=["0", "1"], shape=["n", "3"], edges=[[["1", "2", "3"]]]),
    "e": described(normal=["0", "1"], like="x"),
    "k": described(value="0", edges=["7", "8"]),
}


@STEADY
@given(st.integers(0, 2**70))
def test_the_same_seed_gives_the_same_bytes(seed: int) -> None:
    first, second = (list(draws(SIZES, seed, 3)) for _ in range(2))
    assert len(first) == 6
    for one_draw, other in zip(first, second, strict=True):
        assert one_draw.edge == other.edge
        assert one_draw.values["n"] == other.values["n"]
        for name in ("x", "e"):
            assert one_draw.values[name].tobytes() == other.values[name].tobytes()


def test_another_seed_or_name_gives_other_numbers() -> None:
    twins = {"a": described(normal=[0, 1]), "b": described(normal=[0, 1])}
    first = next(draws(twins, 1, 1)).values
    assert first["a"] != first["b"]
    assert first["a"] != next(draws(twins, 2, 1)).values["a"]
    assert len({draw.values["a"] for draw in draws(twins, 1, 5)}) == 5


def test_a_further_input_or_round_changes_no_number() -> None:
    alone = {"a": described(normal=[0, 1])}
    both = {**alone, "b": described(uniform=[0, 1])}
    kept = [draw.values["a"] for draw in draws(alone, 1, 2)]
    assert [draw.values["a"] for draw in draws(both, 1, 2)] == kept
    assert [draw.values["a"] for draw in draws(alone, 1, 4)][:2] == kept


def test_edges_come_first_each_in_a_set_of_its_own() -> None:
    found = list(draws(SIZES, 1, 2))
    assert [draw.edge for draw in found] == ["x", "k", "k", "", ""]
    assert [draw.values["k"] for draw in found] == [0, 7, 8, 0, 0]
    assert found[0].values["x"].tolist() == [[1.0, 2.0, 3.0]]


def test_shapes_follow_the_inputs_they_name() -> None:
    for draw in draws(SIZES, 3, 4):
        assert draw.values["e"].shape == draw.values["x"].shape
        if draw.edge != "x":
            assert draw.values["x"].shape == (draw.values["n"], 3)
    assert SIZES["x"].needs() == {"n"}
    assert SIZES["e"].needs() == {"x"}


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"normal": [0, 1], "shape": ["m"]}, "whole numbers"),
        ({"normal": [0, 1], "shape": ["-1"]}, "whole numbers"),
        ({"normal": [0, 1], "like": "y"}, "no array 'y'"),
        ({"normal": [0, 1], "shape": [MOST_ENTRIES, 2]}, "more than"),
        ({"normal": [0, -1], "shape": [2]}, "."),
        ({"integers": [3, 1]}, "."),
        ({"value": [["1"], ["2", "3"]], "as": "numpy"}, "."),
        ({"value": ["a", "b"], "as": "numpy"}, "numbers"),
        ({"value": "null", "as": "torch"}, "numbers"),
    ],
)
def test_what_cannot_be_drawn_says_so(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        one(**fields)


def test_moving_keeps_dtype_and_what_a_tensor_is() -> None:
    array = moved(np.zeros(2, "float32"), np.ones(2))
    assert (array.dtype, array.tolist()) == (np.dtype("float32"), [1.0, 1.0])
    tensor = moved(Tensor(np.zeros(2, "float32"), requires_grad=True), np.ones(2))
    assert tensor.requires_grad
    assert (tensor.array.dtype, tensor.array.tolist()) == (np.dtype("float32"), [1.0, 1.0])

"""Shapes, parameters and receptive fields, against sliding windows one by one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import grader.checkers  # registers the answer kinds  # noqa: F401
from grader.deriving import Layers

Config = dict[str, Any]


def layers(*stack: Config, **more: Any) -> Layers:
    return Layers.model_validate({"kind": "layers", "layers": stack, **more})


def numbers(derivation: Layers) -> dict[str, int]:
    assert not list(derivation.problems("net", frozenset()))
    return {name: int(value.plain()) for name, value in derivation.values("net", {}).items()}


def said(derivation: Layers) -> str:
    found = derivation.problems("net", frozenset())
    return "; ".join(f"{place} {message}" for place, message in found)


def test_a_small_classifier() -> None:
    got = numbers(
        layers(
            {"kind": "conv", "name": "c1", "kernels": 6, "size": 5},
            {"kind": "batchnorm", "name": "bn"},
            {"kind": "relu"},
            {"kind": "pool", "name": "p1", "size": 2},
            {"kind": "dropout"},
            {"kind": "flatten", "name": "flat"},
            {"kind": "dense", "name": "out", "units": 10},
            channels=1,
            size=[28, 28],
        )
    )
    assert (got["c1_channels"], got["c1_height"], got["c1_width"]) == (6, 24, 24)
    assert (got["c1_weights"], got["c1_biases"], got["c1_parameters"]) == (150, 6, 156)
    assert got["bn_parameters"] == 12
    assert (got["p1_height"], got["p1_field_height"], got["p1_stride_width"]) == (12, 6, 2)
    assert got["flat_channels"] == 864
    assert got["out_parameters"] == 8650
    assert got["net_parameters"] == 156 + 12 + 8650
    assert got["net_channels"] == 10
    assert "out_height" not in got


def test_axes_have_names() -> None:
    line = numbers(layers({"kind": "conv", "kernels": 1, "size": 3}, size=[9]))
    assert line["net_length"] == 7
    cube = numbers(layers({"kind": "pool", "size": [1, 2, 3]}, size=[6, 6, 6]))
    assert (cube["net_depth"], cube["net_height"], cube["net_width"]) == (6, 3, 2)


def test_fields_need_no_size_and_stop_where_they_depend_on_the_place() -> None:
    got = numbers(
        layers(
            {"kind": "conv", "name": "a", "kernels": 1, "size": 3, "stride": 2, "padding": "same"},
            {"kind": "conv", "name": "b", "kernels": 1, "size": 5, "dilation": 2},
            {"kind": "upsample", "name": "c", "factor": 2},
        )
    )
    assert (got["a_field_width"], got["b_field_width"], got["b_stride_width"]) == (3, 19, 2)
    assert not {name for name in got if name.startswith("c_field") or name == "a_width"}


# -- every window laid down one by one ------------------------------------------------------------

WINDOW = st.fixed_dictionaries(
    {
        "size": st.integers(1, 4),
        "stride": st.integers(1, 3),
        "padding": st.integers(0, 2),
        "dilation": st.integers(1, 3),
    }
)


def slide(reached: list[set[int]], window: Config) -> list[set[int]]:
    """For each output the inputs that its window touches; `reached` says so for each entry of the line below."""
    nothing: list[set[int]] = [set()] * window["padding"]
    padded = [*nothing, *reached, *nothing]
    found = []
    start = 0
    while True:
        touched = [start + k * window["dilation"] for k in range(window["size"])]
        if touched[-1] >= len(padded):
            return found
        found.append(set().union(*(padded[at] for at in touched)))
        start += window["stride"]


@given(st.integers(1, 60), st.lists(WINDOW, min_size=1, max_size=4))
def test_agrees_with_laying_windows(length: int, windows: list[Config]) -> None:
    line = [{k} for k in range(length)]
    for window in windows:
        line = slide(line, window) if line else []
    stack = [{"kind": "conv", "kernels": 1, **window} for window in windows]
    derivation = layers(*stack, size=[length])
    if not line:
        assert "does not fit" in said(derivation)
        return
    got = numbers(derivation)
    assert got["net_length"] == len(line)
    spans = [max(reached) - min(reached) + 1 for reached in line if reached]
    assert max(spans, default=0) <= got["net_field_length"]


@given(st.lists(WINDOW, min_size=1, max_size=4))
def test_fields_and_strides_agree_with_a_wide_line(windows: list[Config]) -> None:
    bare = [{**window, "padding": 0} for window in windows]
    got = numbers(layers(*({"kind": "conv", "kernels": 1, **w} for w in bare), axes=1))
    field, stride = got["net_field_length"], got["net_stride_length"]
    line = [{k} for k in range(field + stride)]
    for window in bare:
        line = slide(line, window)
    first, second = line
    assert (min(first), max(first)) == (0, field - 1)
    assert min(second) - min(first) == stride


@given(st.integers(1, 20), WINDOW)
def test_a_transposed_convolution_gives_the_least_input_of_its_convolution(
    length: int, window: Config
) -> None:
    back = layers({"kind": "transposed", "kernels": 1, **window}, size=[length])
    assume(not said(back))
    least = numbers(back)["net_length"]
    forward = {"kind": "conv", "kernels": 1, **window}
    assert numbers(layers(forward, size=[least]))["net_length"] == length
    smaller = layers(forward, size=[least - 1]) if least > 1 else None
    assert smaller is None or said(smaller) or numbers(smaller)["net_length"] == length - 1


@pytest.mark.parametrize(
    ("stack", "more", "hint"),
    [
        (
            [{"kind": "conv", "kernels": 1, "size": 3}, {"kind": "conv", "kernels": 1, "size": 7}],
            {"size": [8, 9]},
            "('layers', 1, 'size') a window that spans 7 x 7 does not fit an input of 6 x 7",
        ),
        (
            [{"kind": "conv", "kernels": 6, "size": 3, "groups": 4}],
            {"channels": 8},
            "('layers', 0, 'groups') 4 groups do not divide 8 input channels and 6 kernels",
        ),
        ([{"kind": "conv", "kernels": 1, "size": [3, 3, 3]}], {}, "3 numbers for 2 axes"),
        (
            [{"kind": "conv", "kernels": 1, "size": 4, "padding": "same"}],
            {},
            "('layers', 0, 'padding') half of a window of 4 x 4 is not whole",
        ),
        ([{"kind": "pool", "size": 2, "padding": 2}], {"size": [8, 8]}, "at most half"),
        ([{"kind": "flatten"}], {}, "write the `size:` of the input"),
        ([{"kind": "dense", "units": 3}], {"size": [4, 4]}, "put `kind: flatten` before it"),
        ([{"kind": "pool", "size": 2}], {"axes": 0}, "this one is flat"),
        ([{"kind": "transposed", "kernels": 1, "size": 1, "padding": 1}], {"size": [2, 2]}, "nothing is left"),
        (
            [{"kind": "transposed", "kernels": 1, "size": 3, "stride": 2, "output_padding": 2}],
            {},
            "('layers', 0, 'output_padding') it must be less than the stride or the dilation",
        ),
        ([{"kind": "upsample", "factor": [2, 2, 2]}], {}, "one for each of 2 axes"),
        ([{"kind": "relu", "name": "a-b"}], {}, "('layers', 0, 'name') 'a-b' cannot be a name"),
        ([{"kind": "relu", "name": "relu"}], {}, "no name of a function"),
        ([{"kind": "relu", "name": "a"}, {"kind": "relu", "name": "a"}], {}, "('layers', 1, 'name') 'a' already"),
        ([{"kind": "relu", "name": "net"}], {}, "'net' already names something"),
        ([{"kind": "relu"}], {"size": [1, 1, 1, 1]}, "('size',) write one, two or three"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(stack: list[Config], more: Config, hint: str) -> None:
    assert hint in said(layers(*stack, **more))


def test_an_unknown_kind_of_layer_is_said() -> None:
    with pytest.raises(ValueError, match=r"one of conv, transposed, pool, .*, not 'con'"):
        layers({"kind": "con"})

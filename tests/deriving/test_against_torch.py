"""Layers against torch on random stacks. Passed over where torch is not installed, which continuous integration minds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import grader.checkers  # registers the answer kinds  # noqa: F401
from grader.deriving import Layers

Config = dict[str, Any]
MAX_NUMBERS = 60_000
"""Numbers in one volume; keeps the examples fast."""


def pair(low: int, high: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(low, high), min_size=2, max_size=2)


FILTERS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["conv", "transposed"]),
        "kernels": st.sampled_from([2, 3, 4, 6]),
        "size": pair(1, 4),
        "stride": pair(1, 3),
        "padding": pair(0, 2),
        "dilation": pair(1, 2),
        "groups": st.sampled_from([1, 1, 2, 3]),
        "bias": st.booleans(),
    }
)
POOL = st.fixed_dictionaries(
    {
        "kind": st.just("pool"),
        "size": pair(2, 3),
        "stride": pair(1, 3),
        "padding": pair(0, 1),
    }
)
OTHER = st.sampled_from([{"kind": k} for k in ("relu", "batchnorm", "globalpool", "dropout")])
UP = st.fixed_dictionaries({"kind": st.just("upsample"), "factor": pair(1, 2)})


@pytest.fixture(scope="module")
def torch() -> Any:
    return pytest.importorskip("torch")


def module(torch: Any, layer: Config, channels: int) -> tuple[Any, int]:
    """The same layer there, and its output channels."""
    nn, given = torch.nn, {key: value for key, value in layer.items() if key != "kind"}
    match layer["kind"]:
        case "conv" | "transposed":
            build = nn.Conv2d if layer["kind"] == "conv" else nn.ConvTranspose2d
            kernels, size = given.pop("kernels"), given.pop("size")
            return build(channels, kernels, size, **given), kernels
        case "pool":
            return nn.MaxPool2d(given.pop("size"), **given), channels
        case "upsample":
            return nn.Upsample(scale_factor=tuple(layer["factor"])), channels
        case "batchnorm":
            return nn.BatchNorm2d(channels), channels
        case "globalpool":
            return nn.AdaptiveMaxPool2d(1), channels
    return nn.ReLU(), channels


def outcome(torch: Any, stack: list[Config], channels: int, size: list[int]) -> Config | None:
    """Shape and parameters there; None where torch refuses the stack."""
    volume, parameters = torch.zeros(1, channels, *size), 0
    try:
        with torch.no_grad():
            for layer in stack:
                there, channels = module(torch, layer, channels)
                volume = there.eval()(volume)
                parameters += sum(p.numel() for p in there.parameters())
    except (RuntimeError, ValueError):
        return None
    return {"shape": tuple(volume.shape[1:]), "parameters": parameters}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    stack=st.lists(st.one_of(FILTERS, FILTERS, POOL, UP, OTHER), min_size=1, max_size=4),
    channels=st.integers(1, 6),
    size=pair(1, 20),
    units=st.integers(1, 9),
)  # fmt: skip
def test_layers_agree_with_torch(
    torch: Any, stack: list[Config], channels: int, size: list[int], units: int
) -> None:
    ours = Layers.model_validate(
        {"kind": "layers", "channels": channels, "size": size, "layers": stack}
    )
    expected = outcome(torch, stack, channels, size)
    refused = list(ours.problems("net", frozenset()))
    assert bool(refused) == (expected is None), refused
    if expected is None:
        return
    got = {name: int(value.plain()) for name, value in ours.values("net", {}).items()}
    assert (got["net_channels"], got["net_height"], got["net_width"]) == expected["shape"]
    assert got["net_parameters"] == expected["parameters"]
    features = torch.zeros(1, *expected["shape"]).numel()
    if features > MAX_NUMBERS:
        return
    head = [{"kind": "flatten"}, {"kind": "dense", "name": "head", "units": units}]
    whole = ours.model_copy(update={"layers": (*ours.layers, *Layers.model_validate(
        {"kind": "layers", "layers": head, "axes": 0}).layers)})  # fmt: skip
    got = {name: int(value.plain()) for name, value in whole.values("net", {}).items()}
    dense = torch.nn.Linear(features, units)
    assert got["head_parameters"] == sum(p.numel() for p in dense.parameters())

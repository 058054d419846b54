"""Layers one after another: shapes, parameters and receptive fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from grader.deriving.base import (
    NOT_A_NAME,
    Derivation,
    Problems,
    expect_kind,
    is_name,
    kinds_of,
    whole,
)
from grader.deriving.volumes import (
    AXES,
    BatchNorm,
    Conv,
    Count,
    Dense,
    Elementwise,
    Flatten,
    GlobalPool,
    Pool,
    Sizes,
    Transposed,
    Unfit,
    Upsample,
    Volume,
)
from grader.expressions import Expression

_OfKind = (
    Conv | Transposed | Pool | GlobalPool | Flatten | Dense | BatchNorm | Upsample | Elementwise
)
AnyLayer = Annotated[
    _OfKind, Field(discriminator="kind"), BeforeValidator(expect_kind(kinds_of(_OfKind)))
]


class Layers(Derivation):
    """For each named layer, and for the whole under the name of the derivation: sizes, parameters, field, stride.

    `LAYER_channels`, `LAYER_height`, `LAYER_width` (`_length` on one axis, `_depth` first on three), `LAYER_weights`,
    `LAYER_biases`, `LAYER_parameters`, `LAYER_field_height`, `LAYER_stride_height` (the product of the strides so far).
    """

    kind: Literal["layers"]
    channels: Count = 1
    """Of the input; its features where there are no axes."""
    axes: Annotated[int, Field(ge=0, le=3)] = 2
    """How many axes the input has, where `size` does not say; 0 for a flat input."""
    size: Sizes | None = None
    """Of the input, per axis; left out where only parameters and fields are asked for."""
    layers: tuple[AnyLayer, ...] = Field(min_length=1)

    def problems(self, name: str, given: frozenset[str]) -> Problems:
        if self.size is not None and len(self.size) not in AXES:
            yield ("size",), "write one, two or three numbers, one per axis"
            return
        seen = {name}
        for number, layer in enumerate(self.layers):
            if layer.name and not is_name(layer.name):
                message = f"{layer.name!r} {NOT_A_NAME}"
                yield ("layers", number, "name"), message
            if layer.name in seen:
                yield ("layers", number, "name"), f"{layer.name!r} already names something here"
            seen |= {layer.name} - {""}
        before = self._input
        for number, layer in enumerate(self.layers):
            try:
                before = layer.output(before)
            except Unfit as misfit:
                yield ("layers", number, misfit.place), misfit.message
                return

    @property
    def _input(self) -> Volume:
        axes = self.axes if self.size is None else len(self.size)
        size = self.size if axes else ()
        return Volume(self.channels, axes, size, (1,) * axes, (1,) * axes)

    def names(self, name: str, given: frozenset[str]) -> tuple[str, ...]:
        return tuple(self._numbers(name))

    def values(self, name: str, given: Mapping[str, Any]) -> dict[str, Expression]:
        return {key: whole(number) for key, number in self._numbers(name).items()}

    def _numbers(self, name: str) -> dict[str, int]:
        found: dict[str, int] = {}
        volume, weights, biases = self._input, 0, 0
        for layer in self.layers:
            before, volume = volume, layer.output(volume)
            own = layer.weights(before), layer.biases(before)
            weights, biases = weights + own[0], biases + own[1]
            if layer.name:
                found.update(_named(layer.name, volume, *own))
        return {**found, **dict(_named(name, volume, weights, biases))}


def _named(name: str, volume: Volume, weights: int, biases: int) -> Iterator[tuple[str, int]]:
    """All that is known of a layer's output."""
    yield f"{name}_channels", volume.channels
    yield f"{name}_weights", weights
    yield f"{name}_biases", biases
    yield f"{name}_parameters", weights + biases
    axes = AXES.get(volume.axes, ())
    for prefix, numbers in (("", volume.size), ("field_", volume.field), ("stride_", volume.jump)):
        for axis, number in zip(axes, numbers or (), strict=False):
            yield f"{name}_{prefix}{axis}", number

"""What flows between layers, and what each kind of layer makes of it.

Sizes per axis follow the usual convention: a window of size k with dilation d spans d(k - 1) + 1; a layer over an
input of size n with padding p and stride s gives floor((n + 2p - span)/s) + 1.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from math import prod
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from grader.checkers.base import Model

AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
"""What the axes of a volume are called, by how many there are."""


def as_sizes(value: object) -> object:
    """Lets an author write one size for all axes."""
    return value if isinstance(value, list | tuple) else [value]


Count = Annotated[int, Field(ge=1)]
Sizes = Annotated[
    tuple[Count, ...],
    BeforeValidator(as_sizes, json_schema_input_type=int | list[int]),
    Field(min_length=1),
]
Noughts = Annotated[
    tuple[Annotated[int, Field(ge=0)], ...],
    BeforeValidator(as_sizes, json_schema_input_type=int | list[int]),
    Field(min_length=1),
]
"""Sizes that may be 0."""


class Unfit(Exception):
    """A layer that cannot take its input; `place` is the field to look at."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(message)
        self.place = place
        self.message = message


@dataclass(frozen=True, slots=True)
class Volume:
    """Channels (features where there are no axes), and per axis the size, the field and the jump; None where not known.

    The field is how many inputs along an axis one neuron in the middle depends on; the jump is the product of the
    strides, the distance in the input between two neighbours.
    """

    channels: int
    axes: int
    size: tuple[int, ...] | None
    field: tuple[int, ...] | None
    jump: tuple[int, ...] | None


class Layer(Model, ABC):
    """One layer. Only those with a name give values."""

    kind: str
    name: str = ""

    @abstractmethod
    def output(self, before: Volume) -> Volume:
        """What it gives.

        Raises:
            Unfit: it cannot take this input.
        """

    def weights(self, before: Volume) -> int:
        """How many weights it trains."""
        return 0

    def biases(self, before: Volume) -> int:
        """How many biases it trains."""
        return 0


class Window(Layer, ABC):
    """What layers with a window share; one number stands for all axes."""

    size: Sizes
    padding: Literal["same"] | Noughts = (0,)
    dilation: Sizes = (1,)

    def steps(self) -> tuple[int, ...]:
        """The stride as written."""
        return (1,)

    def along(self, what: str, axes: int) -> list[int]:
        """One number per axis.

        Raises:
            Unfit: there are not as many numbers as the input has axes, or half a window is not whole.
        """
        if what == "padding" and self.padding == "same":
            return self._half(axes)
        values: Any = self.steps() if what == "stride" else getattr(self, what)
        if len(values) not in (1, axes):
            raise Unfit(what, f"{len(values)} numbers for {axes} axes; write one, or one per axis")
        return list(values) * (axes // len(values))

    def _half(self, axes: int) -> list[int]:
        """The padding that keeps the size under stride 1."""
        spans = self.spans(axes)
        if any(span % 2 == 0 for span in spans):
            raise Unfit("padding", f"half of a window of {_by(spans)} is not whole; write it out")
        return [span // 2 for span in spans]

    def spans(self, axes: int) -> list[int]:
        """How far the window reaches, holes of a dilation included."""
        sizes, dilations = self.along("size", axes), self.along("dilation", axes)
        return [d * (k - 1) + 1 for k, d in zip(sizes, dilations, strict=True)]

    def slide(self, before: Volume, channels: int) -> Volume:
        """What a sliding window gives.

        Raises:
            Unfit: the window is larger than the padded input, or there is nothing to slide over.
        """
        require_axes(before, self.kind)
        spans, strides = self.spans(before.axes), self.along("stride", before.axes)
        padding = self.along("padding", before.axes)
        size = before.size and _positions(before.size, padding, spans, strides)
        field, jump = before.field, before.jump
        if field is not None and jump is not None:
            field = tuple(f + (s - 1) * j for f, s, j in zip(field, spans, jump, strict=True))
            jump = tuple(j * s for j, s in zip(jump, strides, strict=True))
        return Volume(channels, before.axes, size, field, jump)


class Filters(Window, ABC):
    """`kernels` output channels, each over its group of input channels."""

    kernels: Count
    stride: Sizes = (1,)
    groups: Count = 1
    bias: bool = True

    def steps(self) -> tuple[int, ...]:
        return self.stride

    def require_groups(self, channels: int) -> None:
        """Refuse groups that do not divide both numbers of channels.

        Raises:
            Unfit: they do not.
        """
        if channels % self.groups or self.kernels % self.groups:
            both = f"{channels} input channels and {self.kernels} kernels"
            raise Unfit("groups", f"{self.groups} groups do not divide {both}")

    def weights(self, before: Volume) -> int:
        each = before.channels // self.groups * prod(self.along("size", before.axes))
        return self.kernels * each

    def biases(self, before: Volume) -> int:
        return self.kernels if self.bias else 0


class Conv(Filters):
    """A convolution."""

    kind: Literal["conv"]

    def output(self, before: Volume) -> Volume:
        self.require_groups(before.channels)
        return self.slide(before, self.kernels)


class Transposed(Filters):
    """A transposed convolution: (n - 1)s - 2p + span + output_padding. Fields behind it depend on the place: none."""

    kind: Literal["transposed"]
    output_padding: Noughts = (0,)

    def output(self, before: Volume) -> Volume:
        require_axes(before, self.kind)
        self.require_groups(before.channels)
        axes = before.axes
        strides, padding = self.along("stride", axes), self.along("padding", axes)
        spans, extra = self.spans(axes), self._extra(axes)
        size = None
        if before.size is not None:
            grown = zip(before.size, strides, padding, spans, extra, strict=True)
            size = tuple((n - 1) * s - 2 * p + span + more for n, s, p, span, more in grown)
            if min(size) < 1:
                raise Unfit("padding", f"nothing is left: the output would be {_by(size)}")
        return Volume(self.kernels, axes, size, None, None)

    def _extra(self, axes: int) -> list[int]:
        extra = self.along("output_padding", axes)
        limits = zip(self.along("stride", axes), self.along("dilation", axes), strict=True)
        if any(more >= max(limit) for more, limit in zip(extra, limits, strict=True)):
            raise Unfit("output_padding", "it must be less than the stride or the dilation")
        return extra


class Pool(Window):
    """The maximum or mean of each window; windows lie side by side where no stride is written."""

    kind: Literal["pool"]
    stride: Sizes | None = None

    def steps(self) -> tuple[int, ...]:
        return self.size if self.stride is None else self.stride

    def output(self, before: Volume) -> Volume:
        paddings = zip(self.along("padding", before.axes), self.spans(before.axes), strict=True)
        if any(2 * padding > span for padding, span in paddings):
            raise Unfit(
                "padding", "at most half of the window; a window may not lie in padding only"
            )
        return self.slide(before, before.channels)


class GlobalPool(Layer):
    """The maximum or mean of each channel; every axis has size 1 after it."""

    kind: Literal["globalpool"]

    def output(self, before: Volume) -> Volume:
        require_axes(before, self.kind)
        return replace(before, size=(1,) * before.axes, field=None, jump=None)


class Flatten(Layer):
    """All numbers in one row."""

    kind: Literal["flatten"]

    def output(self, before: Volume) -> Volume:
        if before.size is None:
            raise Unfit("kind", "the size is not known here; write the `size:` of the input")
        return Volume(before.channels * prod(before.size), 0, (), None, None)


class Dense(Layer):
    """A fully connected layer."""

    kind: Literal["dense"]
    units: Count
    bias: bool = True

    def output(self, before: Volume) -> Volume:
        if before.axes:
            raise Unfit("kind", "a dense layer takes a flat input; put `kind: flatten` before it")
        return replace(before, channels=self.units)

    def weights(self, before: Volume) -> int:
        return before.channels * self.units

    def biases(self, before: Volume) -> int:
        return self.units if self.bias else 0


class BatchNorm(Layer):
    """Batch normalization with a scale (counted as weight) and a shift (as bias) per channel."""

    kind: Literal["batchnorm"]
    affine: bool = True

    def output(self, before: Volume) -> Volume:
        return before

    def weights(self, before: Volume) -> int:
        return before.channels if self.affine else 0

    def biases(self, before: Volume) -> int:
        return before.channels if self.affine else 0


class Upsample(Layer):
    """Each axis `factor` times as long. Fields behind it depend on the place: none."""

    kind: Literal["upsample"]
    factor: Sizes

    def output(self, before: Volume) -> Volume:
        require_axes(before, self.kind)
        if len(self.factor) not in (1, before.axes):
            raise Unfit("factor", f"write one number, or one for each of {before.axes} axes")
        factors = self.factor * (before.axes // len(self.factor))
        size = before.size and tuple(n * f for n, f in zip(before.size, factors, strict=True))
        return Volume(before.channels, before.axes, size, None, None)


class Elementwise(Layer):
    """What changes no size and trains nothing."""

    kind: Literal["relu", "activation", "dropout", "softmax"]

    def output(self, before: Volume) -> Volume:
        return before


def require_axes(before: Volume, kind: str) -> None:
    """Refuse a flat input.

    Raises:
        Unfit: the input has no axes.
    """
    if not before.axes:
        raise Unfit("kind", f"a layer of kind {kind} needs an input with axes; this one is flat")


def _positions(
    sizes: tuple[int, ...], padding: list[int], spans: list[int], strides: list[int]
) -> tuple[int, ...]:
    """How many windows fit, per axis.

    Raises:
        Unfit: none.
    """
    padded = [n + 2 * p for n, p in zip(sizes, padding, strict=True)]
    if any(span > n for span, n in zip(spans, padded, strict=True)):
        said = f"a window that spans {_by(spans)} does not fit an input of {_by(padded)}"
        raise Unfit("size", f"{said}, padding included")
    return tuple((n - k) // s + 1 for n, k, s in zip(padded, spans, strides, strict=True))


def _by(sizes: list[int] | tuple[int, ...]) -> str:
    return " x ".join(map(str, sizes))

"""Draws inputs from a seed: the same seed, name and round give the same numbers."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checkers.code.inputs import MOST_ENTRIES, Input
from grader.sandbox import Tensor

SEED_BITS = 64
NUMBERS = "biufc"
"""Kinds of numpy's dtypes that can go into the jail."""


@dataclass(frozen=True, slots=True)
class Draw:
    """One set of inputs by name, and which of them is an edge case."""

    values: Mapping[str, Any]
    edge: str = ""


def draws(inputs: Mapping[str, Input], seed: int, rounds: int) -> Iterator[Draw]:
    """One set for each edge, then `rounds` random sets. Raises `ValueError` for sizes that cannot be."""
    edges = [(name, edge) for name, described in inputs.items() for edge in described.edges]
    for number, (name, edge) in enumerate(edges, rounds):
        yield Draw(_round(inputs, seed, number, {name: edge}), name)
    for number in range(rounds):
        yield Draw(_round(inputs, seed, number))


def _round(
    inputs: Mapping[str, Input], seed: int, number: int, fixed: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, described in inputs.items():
        if fixed and name in fixed:
            values[name] = formed(fixed[name], described)
            continue
        words = [seed % (1 << SEED_BITS), number, zlib.crc32(name.encode())]
        generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(words)))
        values[name] = formed(_drawn(described, generator, values), described)
    return values


def _drawn(described: Input, generator: np.random.Generator, before: Mapping[str, Any]) -> Any:
    if described.one_of is not None:
        return described.one_of[int(generator.integers(len(described.one_of)))]
    shape = _shape(described, before)
    if described.normal is not None:
        return generator.normal(*described.normal, size=shape)
    if described.uniform is not None:
        return generator.uniform(*described.uniform, size=shape)
    if described.integers is not None:
        low, high = described.integers
        return generator.integers(low, high, size=shape, endpoint=True)
    return described.value if shape is None else np.full(shape, described.value)


def _shape(described: Input, before: Mapping[str, Any]) -> tuple[int, ...] | None:
    if described.like:
        model = array_of(before.get(described.like))
        if model is None:
            raise ValueError(f"there is no array {described.like!r} before it to be like")
        return tuple(model.shape)
    if described.shape is None:
        return None
    sizes = [before.get(size) if isinstance(size, str) else size for size in described.shape]
    whole = tuple(size for size in sizes if isinstance(size, int) and size >= 0)
    if len(whole) < len(sizes):
        raise ValueError(
            f"the shape {list(described.shape)} needs whole numbers, or inputs before it that are"
        )
    if math.prod(whole) > MOST_ENTRIES:
        raise ValueError(f"the shape {list(whole)} has more than {MOST_ENTRIES:,} entries")
    return whole


def formed(value: Any, described: Input) -> Any:
    """A drawn or written value in the form the program gets."""
    if described.form == "plain":
        return value.item() if isinstance(value, np.generic) else value
    array = np.asarray(value)
    if described.dtype is not None:
        array = array.astype(described.dtype)
    elif array.dtype.kind == "f":
        array = array.astype("float32" if described.form == "torch" else "float64")
    if array.dtype.kind not in NUMBERS:
        raise ValueError(f"only numbers and truth values can be an array, not {value!r}")
    if described.form == "numpy":
        return array
    return Tensor(array, requires_grad=described.grad, device=described.device)


def array_of(value: Any) -> np.ndarray[Any, Any] | None:
    """The numbers of an array or tensor, None for anything else."""
    array: np.ndarray[Any, Any] | None = None
    if isinstance(value, Tensor):
        array = value.array
    elif isinstance(value, np.ndarray):
        array = value
    return array


def moved(value: Any, step: np.ndarray[Any, Any]) -> Any:
    """An array or tensor with `step` (same shape) added."""
    if isinstance(value, Tensor):
        array = value.array + step.astype(value.array.dtype)
        return Tensor(array, value.requires_grad, value.device, value.parameter)
    return value + step.astype(value.dtype)

"""Values between a job's tagged lists and the objects a submission sees, both ways."""

from __future__ import annotations

import importlib
import math
from typing import Any

import numpy as np
import torch

from grader.sandbox.inside.wire import DTYPES, Array

DEEPEST = 12
MOST_PARTS = 4096
MOST_BITS = 4000
"""Of an integer."""
LONGEST_TEXT = 20_000


class Scope:
    """The names of one case, on top of what the submission defines."""

    def __init__(self, defined: dict[str, Any], arrays: list[Array]) -> None:
        self.saved: dict[str, Any] = {}
        self._defined, self._arrays = defined, arrays

    def find(self, path: str) -> Any:
        """What a path or a library name stands for. Raises `NameError` or `AttributeError` like Python would."""
        if ":" in path:
            return library(path)
        first, *rest = path.split(".")
        if first in self.saved:
            found = self.saved[first]
        elif first in self._defined:
            found = self._defined[first]
        else:
            raise NameError(f"name '{first}' is not defined")
        for part in rest:
            found = step_into(found, part)
        return found

    def read(self, tagged: list[Any]) -> Any:
        """A tagged list as the object it describes; each reading makes fresh arrays."""
        match tagged:
            case ["v", value]:
                return value
            case ["f", text]:
                return float(text)
            case ["a", place]:
                return self._arrays[place].copy()
            case ["t", place, requires_grad, device, parameter]:
                return self._tensor(place, requires_grad, device, parameter)
            case ["r", path]:
                return self.find(path)
            case ["l", name]:
                return library(name)
            case ["L", parts]:
                return [self.read(part) for part in parts]
            case ["T", parts]:
                return tuple(self.read(part) for part in parts)
            case ["D", pairs]:
                return {self.read(key): self.read(value) for key, value in pairs}
        raise ValueError(f"no such value: {tagged!r}")

    def _tensor(self, place: int, requires_grad: bool, device: str, parameter: bool) -> Any:
        tensor = torch.from_numpy(self._arrays[place].copy()).to(device)
        if parameter:
            return torch.nn.Parameter(tensor, requires_grad=requires_grad)
        return tensor.requires_grad_(requires_grad)


def library(name: str) -> Any:
    """`torch:nn.functional.relu` as the object."""
    module, _, path = name.partition(":")
    found: Any = importlib.import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    return found


def step_into(owner: Any, part: str) -> Any:
    """An attribute, or for a number or a dictionary's key the item."""
    if part.isdigit():
        return owner[int(part)]
    if type(owner) is dict:
        return owner[part]
    return getattr(owner, part)


def write(value: Any, arrays: list[Array], depth: int = 0) -> list[Any]:
    """An object as a tagged list; what cannot travel is only named (`["o", type name]`)."""
    if depth > DEEPEST:
        return ["o", type(value).__name__[:100]]
    if isinstance(value, torch.Tensor):
        return _write_tensor(value, arrays)
    if isinstance(value, np.ndarray | np.generic):
        return _write_array(np.asarray(value), arrays)
    if isinstance(value, dict):
        return _write_pairs(value, arrays, depth)
    if isinstance(value, list | tuple) and len(value) <= MOST_PARTS:
        tag = "L" if isinstance(value, list) else "T"
        return [tag, [write(part, arrays, depth + 1) for part in value]]
    return _write_scalar(value)


def _write_scalar(value: Any) -> list[Any]:
    if value is None or type(value) is bool:
        return ["v", value]
    if type(value) is int and value.bit_length() < MOST_BITS:
        return ["v", value]
    if type(value) is float:
        return ["v", value] if math.isfinite(value) else ["f", str(value)]
    if type(value) is str and len(value) <= LONGEST_TEXT:
        return ["v", value]
    return ["o", type(value).__name__[:100]]


def _write_array(array: Array, arrays: list[Array]) -> list[Any]:
    dtype = array.dtype.newbyteorder("<") if array.dtype.byteorder == ">" else array.dtype
    if dtype.str not in DTYPES:
        return ["o", f"ndarray of {array.dtype}"[:100]]
    arrays.append(array.astype(dtype, copy=False))
    return ["a", len(arrays) - 1]


def _write_tensor(tensor: Any, arrays: list[Array]) -> list[Any]:
    facts = [bool(tensor.requires_grad), str(tensor.device), isinstance(tensor, torch.nn.Parameter)]
    with torch._C.DisableTorchFunction():
        plain = tensor.detach()
        if plain.layout != torch.strided:
            plain = plain.to_dense()
        plain = plain.resolve_conj().resolve_neg()
        dtype = str(plain.dtype).removeprefix("torch.")
        if plain.dtype == torch.bfloat16:
            plain = plain.float()
        try:
            array = plain.numpy()
        except (TypeError, RuntimeError):  # quantised and other kinds without a numpy form
            return ["o", f"tensor of {dtype}"[:100]]
    arrays.append(array)
    return ["t", len(arrays) - 1, *facts, type(tensor).__name__[:100], dtype]


def _write_pairs(pairs: dict[Any, Any], arrays: list[Array], depth: int) -> list[Any]:
    if len(pairs) > MOST_PARTS:
        return ["o", type(pairs).__name__[:100]]
    written = [
        [write(key, arrays, depth + 1), write(part, arrays, depth + 1)]
        for key, part in dict.items(pairs)
    ]
    return ["D", written]

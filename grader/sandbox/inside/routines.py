"""What the trusted side may ask about objects in the jail, by name.

A submission runs in the same process and could forge an answer, as it could forge any value it returns: use these to
find mistakes, and compare numbers outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch


def gradients(output: Any, inputs: list[Any], weights: Any = None) -> list[Any]:
    """d(sum of output · weights)/d(each input); None for an input that does not reach the output."""
    # a weighted sum: torch.autograd.grad with weights of its own imports sympy, 0.8 s in every clone
    total = output.sum() if weights is None else (output * weights).sum()
    return list(torch.autograd.grad(total, inputs, allow_unused=True, retain_graph=True))


def parameters(module: Any) -> dict[str, Any]:
    """The registered parameters by name."""
    return dict(module.named_parameters())


def parameter_gradients(module: Any) -> dict[str, Any]:
    """The gradient that stands at each registered parameter, None where there is none."""
    return {name: parameter.grad for name, parameter in module.named_parameters()}


def buffers(module: Any) -> dict[str, Any]:
    """The registered buffers by name."""
    return dict(module.named_buffers())


def modules(module: Any) -> list[list[str]]:
    """Name and class name of every registered part, the module itself first with the name ""."""
    return [[name, type(part).__name__] for name, part in module.named_modules()]


def load_state(module: Any, state: dict[str, Any]) -> list[str]:
    """Copy values into parameters and buffers in the order they are registered, whatever their names.

    Returns the module's own names. Raises `ValueError` where number or shapes differ.
    """
    places = [*module.named_parameters(), *module.named_buffers()]
    if [tuple(place.shape) for _, place in places] != [tuple(v.shape) for v in state.values()]:
        raise ValueError("the parameters have other shapes or another order than expected")
    with torch.no_grad():
        for (_, place), value in zip(places, state.values(), strict=True):
            place.copy_(torch.as_tensor(value))
    return [name for name, _ in places]


def watch(module: Any) -> list[str]:
    """Begin to note which parts of a module run; the list goes on growing, so save it and `Get` it later."""
    called: list[str] = []
    for name, part in module.named_modules():
        part.register_forward_hook(_note(called, name))
    return called


def _note(called: list[str], name: str) -> Callable[..., None]:
    def hook(*_: Any) -> None:
        called.append(name)

    return hook


def kind(value: Any) -> list[str]:
    """The names of a value's classes, its own first."""
    return [f"{part.__module__}.{part.__qualname__}" for part in type(value).__mro__]


def same_object(first: Any, second: Any) -> bool:
    """Whether two names stand for one object."""
    return first is second


def shares_memory(first: Any, second: Any) -> bool:
    """Whether two arrays or tensors stand on the same memory."""
    return bool(np.shares_memory(_plain(first), _plain(second)))


def _plain(value: Any) -> Any:
    return value.detach().cpu().numpy() if isinstance(value, torch.Tensor) else np.asarray(value)


def attributes(value: Any) -> list[str]:
    """The names of the attributes an object holds itself."""
    return sorted(str(name) for name in vars(value))


def items(value: Any, most: int = 1000) -> list[Any]:
    """The first items of anything that can be iterated, such as a generator."""
    return [item for _, item in zip(range(most), value, strict=False)]


def collect(function: Any, calls: list[list[Any]]) -> list[Any]:
    """The results of many calls of one function."""
    return list(_results(function, calls))


def _results(function: Any, calls: list[list[Any]]) -> Iterator[Any]:
    for arguments in calls:
        yield function(*arguments)


ROUTINES: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        *(gradients, parameters, parameter_gradients, buffers, modules, load_state, watch),
        *(kind, same_object, shares_memory, attributes, items, collect),
    )
}

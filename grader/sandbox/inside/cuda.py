"""A simulated CUDA device: tensors stay in main memory and remember that they were moved.

Simulated: `.cuda()`, `.to`, `.cpu`, `device=` of factory functions, `tensor.device`, `is_cuda`, modules, gradients,
`torch.cuda.is_available` and its neighbours, and the errors of a real GPU when devices are mixed or a tensor on the
GPU is turned into numpy. Not simulated: memory of the GPU, streams and events, more than one device, half-precision
kernels, other threads than the main one, `torch.cuda.FloatTensor`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

CPU, GPU = torch.device("cpu"), torch.device("cuda", 0)
MARK = "_on_simulated_gpu"
MIXED = (
    "Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!"
)
MIXED_LAYER = "Input type ({input}) and weight type ({weight}) should be the same"
NO_NUMPY = "can't convert cuda:0 device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first."
MIXED_PRODUCT = (
    "Expected all tensors to be on the same device, but got mat1 is on {input}, different from other tensors on "
    "{weight} (when checking argument in method wrapper_CUDA_addmm)"
)
NO_SUCH_DEVICE = "CUDA error: invalid device ordinal"
TYPES = {torch.float32: "FloatTensor", torch.float64: "DoubleTensor", torch.float16: "HalfTensor"}
DEEPEST = 3

T = torch.Tensor
CROSSING = {
    T.copy_,
    T.set_,
    torch._has_compatible_shallow_copy_type,
    torch.nn.Parameter.__new__,
    T.__repr__,
    T.__format__,
    T.__str__,
}
"""Functions that take tensors of both devices."""
INDEXING = {T.__getitem__, T.__setitem__, T.index_put_, T.index_put}
"""Indices may stand on the CPU."""
CONVOLUTIONS = {
    getattr(torch.nn.functional, f"conv{kind}{dims}d")
    for kind in ("", "_transpose")
    for dims in "123"
} | {torch.conv1d, torch.conv2d, torch.conv3d}


def simulate() -> None:
    """Switch the simulation on for the rest of this process."""
    Simulation().__enter__()
    for name, value in {
        "is_available": True,
        "is_initialized": True,
        "device_count": 1,
        "current_device": 0,
        "get_device_name": "Simulated GPU",
        "memory_allocated": 0,
        "memory_reserved": 0,
        "max_memory_allocated": 0,
        "synchronize": None,
        "empty_cache": None,
        "init": None,
        "set_device": None,
        "manual_seed": None,
        "manual_seed_all": None,
        "reset_peak_memory_stats": None,
    }.items():
        setattr(torch.cuda, name, _always(value))


def _always(value: Any) -> Callable[..., Any]:
    return lambda *_, **__: value


def on_gpu(tensor: Any) -> bool:
    return bool(tensor.__dict__.get(MARK)) if hasattr(tensor, "__dict__") else False


class Simulation(TorchFunctionMode):  # type: ignore[misc]  # torch is not type-checked
    """Sees every call of torch's API, moves marks along and raises where a GPU would."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = dict(kwargs or {})
        special = SPECIAL.get(func)
        if special is not None:
            return special(*args, **kwargs)
        if "device" in kwargs:
            wanted = kwargs["device"]
            kwargs["device"] = CPU if wanted is not None else None
            result = func(*args, **kwargs)
            on_device = is_gpu(wanted) if wanted is not None else any(map(on_gpu, tensors(args)))
            return mark(result, on_device)
        inputs = list(tensors((args, kwargs)))
        check(func, args, inputs)
        gpu = _device_of(func, args, inputs)
        result = func(*args, **kwargs)
        return mark(result, gpu)


def _device_of(func: Any, args: Any, inputs: list[Any]) -> bool:
    """In-place and crossing functions stay where their first argument is; others follow any input."""
    if func in CROSSING or func in INDEXING:
        return on_gpu(args[0])
    return any(map(on_gpu, inputs))


def tensors(value: Any, depth: int = 0) -> Iterator[Any]:
    """The tensors in the arguments of a call."""
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, dict):
        yield from tensors(tuple(value.values()), depth)
    elif isinstance(value, list | tuple) and depth < DEEPEST:
        for part in value:
            yield from tensors(part, depth + 1)


def mark(result: Any, gpu: bool) -> Any:
    """Note on every tensor of a result where it stands."""
    for tensor in tensors(result):
        if gpu or on_gpu(tensor):
            tensor.__dict__[MARK] = gpu
    return result


def check(func: Any, args: Any, inputs: list[Any]) -> None:
    """Raise what a GPU raises where tensors stand on different devices."""
    if func in CROSSING or len(inputs) < 2:
        return
    if func in INDEXING and on_gpu(args[0]):
        return
    places = {on_gpu(tensor) for tensor in inputs if tensor.dim() > 0}
    if len(places) < 2:
        return
    if func in CONVOLUTIONS and on_gpu(inputs[0]) != on_gpu(inputs[1]):
        names = {"input": type_name(inputs[0]), "weight": type_name(inputs[1])}
        raise RuntimeError(MIXED_LAYER.format(**names))
    if func is torch.nn.functional.linear and on_gpu(inputs[0]) != on_gpu(inputs[1]):
        where = {"input": _device(inputs[0]), "weight": _device(inputs[1])}
        raise RuntimeError(MIXED_PRODUCT.format(**where))
    raise RuntimeError(MIXED)


def type_name(tensor: Any) -> str:
    """`torch.cuda.FloatTensor`"""
    return ("torch.cuda." if on_gpu(tensor) else "torch.") + TYPES.get(tensor.dtype, "Tensor")


def is_gpu(device: Any) -> bool:
    """Whether a device, its name or its number is the simulated GPU. Raises for a GPU that does not exist."""
    device = torch.device("cuda", device) if type(device) is int else torch.device(device)
    if device.type == "cuda" and (device.index or 0) > 0:
        raise RuntimeError(NO_SUCH_DEVICE)
    return bool(device.type == "cuda")


def _move(tensor: Any, gpu: bool) -> Any:
    """The tensor itself if it is there already, else a copy that autograd follows."""
    if on_gpu(tensor) == gpu:
        return tensor
    moved = tensor.clone()
    moved.__dict__[MARK] = gpu
    return moved


def _cuda(tensor: Any, device: Any = None, *_: Any, **__: Any) -> Any:
    return _move(tensor, is_gpu("cuda" if device is None else device))


def _cpu(tensor: Any, **_: Any) -> Any:
    return _move(tensor, False)


def _to(tensor: Any, *args: Any, **kwargs: Any) -> Any:
    device = kwargs.pop("device", None)
    rest = []
    for argument in args:
        if isinstance(argument, torch.Tensor):
            device = GPU if on_gpu(argument) else CPU
            rest.append(argument.dtype)
        elif isinstance(argument, str | torch.device) or type(argument) is int:
            device = argument
        else:
            rest.append(argument)
    other = kwargs.pop("other", None)
    if other is not None:
        device, kwargs["dtype"] = (GPU if on_gpu(other) else CPU), other.dtype
    gpu = on_gpu(tensor) if device is None else is_gpu(device)
    rest = [part for part in rest if part is not None and type(part) is not bool]
    kwargs = {key: value for key, value in kwargs.items() if key != "non_blocking"}
    changed = tensor.to(*rest, **kwargs) if rest or kwargs else tensor
    if changed is not tensor:
        mark(changed, on_gpu(tensor))
    return _move(changed, gpu)


def _numpy(tensor: Any, *args: Any, **kwargs: Any) -> Any:
    if on_gpu(tensor):
        raise TypeError(NO_NUMPY)
    return tensor.numpy(*args, **kwargs)


def _array(tensor: Any, *args: Any, **kwargs: Any) -> Any:
    if on_gpu(tensor):
        raise TypeError(NO_NUMPY)
    return tensor.__array__(*args, **kwargs)


def _device(tensor: Any) -> Any:
    return GPU if on_gpu(tensor) else CPU


def _grad(tensor: Any) -> Any:
    gradient = GET_GRAD(tensor)
    return gradient if gradient is None else mark(gradient, on_gpu(tensor))


def _set_data(tensor: Any, value: Any) -> None:
    SET_DATA(tensor, value)
    tensor.__dict__[MARK] = on_gpu(value)


def _type(tensor: Any, *args: Any, **kwargs: Any) -> Any:
    if args or kwargs:
        return mark(tensor.type(*args, **kwargs), on_gpu(tensor))
    return type_name(tensor)


GET_GRAD = T.grad.__get__
SET_DATA = T.data.__set__
SPECIAL: dict[Any, Callable[..., Any]] = {
    T.cuda: _cuda,
    T.cpu: _cpu,
    T.to: _to,
    T.numpy: _numpy,
    T.__array__: _array,
    T.type: _type,
    T.device.__get__: _device,
    T.is_cuda.__get__: on_gpu,
    T.is_cpu.__get__: lambda tensor: not on_gpu(tensor),
    T.get_device: lambda tensor: 0 if on_gpu(tensor) else -1,
    T.grad.__get__: _grad,
    T.data.__set__: _set_data,
}

"""Keeps torch's compiler out of memory until somebody uses it.

Every optimiser imports `torch._dynamo`, a third of torch's Python objects, only to switch the compiler off: a second of
time and 70 MB that every clone would copy. A stand-in answers that one wish; any other makes it step aside.
"""

from __future__ import annotations

import gc
import importlib
import sys
from types import FunctionType, ModuleType
from typing import Any

import torch

COMPILER = "torch._dynamo"
_DECORATOR = ("inner", "torch/_compile.py")
"""Function and file of the wrapper that switches the compiler off on its first call."""
_SWITCHED_OFF = "__dynamo_disable"
"""Where that wrapper keeps what it got from the compiler."""


class StandIn(ModuleType):
    """`torch._dynamo` without the compiler; becomes the real one when more is asked of it."""

    def graph_break(self, *_: Any, **__: Any) -> None:
        """There is no graph to break."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(COMPILER) is self:
            del sys.modules[COMPILER]
        real = importlib.import_module(COMPILER)
        torch._dynamo = real
        return getattr(real, name)


def postpone_compiler() -> None:
    """Put the stand-in in place; without effect on a torch that is built differently."""
    if COMPILER in sys.modules:
        return
    stand_in = StandIn(COMPILER)
    sys.modules[COMPILER] = stand_in
    torch._dynamo = stand_in
    name, file = _DECORATOR
    for found in gc.get_objects():
        if type(found) is FunctionType and found.__code__.co_name == name:
            original = getattr(found, "__wrapped__", None)
            if original is not None and found.__code__.co_filename.endswith(file):
                setattr(original, _SWITCHED_OFF, original)

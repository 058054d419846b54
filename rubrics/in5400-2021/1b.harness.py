"""Question 1b: a network whose blocks all calculate something else, and what arrives at each of them."""

import math

import numpy
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

ORDER = (
    "convblock17",
    "convblock3",
    "strangeblock1",
    "convblock11",
    "convblock9",
    "strangeblock2",
    "convblock81",
)
WIDTH = 4

{{answer}}


class Block(nn.Module):
    """A map of the last axis, with numbers of its own; any number of channels goes through."""

    def __init__(self, name, calls):
        super().__init__()
        numbers = torch.Generator().manual_seed(ORDER.index(name))
        self.matrix = torch.randn(WIDTH, WIDTH, generator=numbers, dtype=torch.float64)
        self.offset = torch.randn(WIDTH, generator=numbers, dtype=torch.float64)
        self.name, self.calls = name, calls

    def forward(self, h):
        y = h @ self.matrix + self.offset
        self.calls.append((self.name, h.clone(), y.clone()))
        return y


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.calls = []
        for name in ORDER:
            setattr(self, name, Block(name, self.calls))

    def forward(self, x):
        return forward(self, x)


def stations(x):
    """What arrives at each block and at the end, each beside what the block before gave."""
    net = Net()
    given = x.clone()
    end = net(x)
    if not isinstance(end, torch.Tensor):
        raise TypeError(f"a tensor is to be returned, not {type(end).__name__}")
    arrived = {name: h for name, h, _ in net.calls}
    left = {name: y for name, _, y in net.calls}
    pairs = []
    for name in ORDER:
        if name in arrived:
            pairs.append((arrived[name], given))
            given = left[name]
    return [name for name, _, _ in net.calls], [*pairs, (end, given)]


def shortcut(x):
    """What comes in on the way beside the blocks, wherever it ends; None where nothing does."""
    for arriving, given in stations(x)[1]:
        if arriving.shape != given.shape:
            return beside(arriving, given)
        if not torch.allclose(arriving, given):
            return arriving - given
    return None


def beside(arriving, given):
    """The other part where two were put side by side."""
    axis = next((n for n, size in enumerate(given.shape) if arriving.shape[n] != size), 0)
    parts = arriving.split(given.shape[axis], axis)
    return next((part for part in parts if not torch.equal(part, given)), parts[0])


def ends(x):
    """The blocks in the order they ran, and for each of them and the end: its sizes, and whether anything came in."""
    calls, pairs = stations(x)
    sizes = [list(arriving.shape) for arriving, _ in pairs]
    came_in = [a.shape != g.shape or not torch.allclose(a, g) for a, g in pairs]
    return calls, sizes, came_in

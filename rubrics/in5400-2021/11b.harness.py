"""Question 11b: which parts of the network the optimizers train, and which start from weights that were loaded."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import optim

torch.set_default_dtype(torch.float64)  # so that no step is lost by rounding
BLOCKS = ("block1", "block2", "block3", "block4", "block5", "block6")
FROZEN = ("block1", "block2", "block3")
STEPS = 2
NEW, TRAINED_ELSEWHERE = 5, 11
"""Seeds of the networks that a function gets, and that the files hold."""


class Predictor(nn.Module):
    def __init__(self):
        super().__init__()
        self.block1, self.block2 = nn.Conv2d(3, 8, 5), nn.Conv2d(8, 8, 5)
        self.block3, self.block4 = nn.Conv2d(8, 32, 3), nn.Conv2d(32, 32, 3)
        self.block5, self.block6 = nn.Conv2d(32, 32, 3), nn.Conv2d(32, 32, 3)
        self.pooling = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(32, 10)

    def forward(self, x):
        for block in (self.block1, self.block2, self.block3, self.block4, self.block5, self.block6):
            x = F.relu(block(x))
        return self.fc(torch.flatten(self.pooling(x), 1))


class Stored(dict):
    """What any file holds: a state dict, also where one is looked for inside it or asked of it."""

    def __missing__(self, key):
        return self

    def state_dict(self):
        return self


def net_from(seed):
    torch.manual_seed(seed)
    return Predictor()


def load(*args, **kwargs):
    """Takes the place of `torch.load`."""
    return Stored(net_from(TRAINED_ELSEWHERE).state_dict())


torch.load = load

{{answer}}


def ways():
    """Each function on a network of its own: how far its parts lie from what can be loaded, and which of them train.

    Beside them the exceptions of functions that did not get that far.
    """
    found, failed = [], []
    for name in ("first", "second"):
        if name not in globals():
            continue
        net = net_from(NEW)
        try:
            optimizer = as_optimizer(globals()[name](net))
            found.append((distances(net), trained(net, optimizer)))
        except Exception as failure:
            failed.append(failure)
    return found, failed


def of_kind(from_a_file):
    """The functions that load weights, or those that do not; the exception that stands in the way if there are none."""
    found, failed = ways()
    chosen = [both for both in found if starts_from_a_file(both[0]) == from_a_file]
    if not chosen and failed:
        raise failed[0]
    return chosen


def as_optimizer(returned):
    """The optimizer, also where something stands beside it; parameters are put into a plain one."""
    if returned is None:
        raise TypeError("a function returns nothing; the optimizer is asked for")
    several = [returned] if isinstance(returned, torch.optim.Optimizer) else list(returned)
    found = [one for one in several if isinstance(one, torch.optim.Optimizer)]
    return found[0] if found else torch.optim.SGD(several, lr=0.01)


def distances(net):
    """By block, the largest difference from the weights in the file."""
    stored, own = load(), net.state_dict()
    return {
        block: max(
            float((own[key] - stored[key]).abs().max()) for key in stored if key.startswith(block)
        )
        for block in BLOCKS
    }


def trained(net, optimizer):
    """By block, whether all its parameters move in a few steps; `fc` too."""
    numbers = torch.Generator().manual_seed(3)
    features = torch.randn(10, 3, 20, 20, generator=numbers)
    labels = torch.arange(10)
    before = {name: parameter.detach().clone() for name, parameter in net.named_parameters()}

    def loss():
        optimizer.zero_grad()
        value = F.cross_entropy(net(features), labels)
        value.backward()
        return value

    for _ in range(STEPS):
        optimizer.step(loss)
    moved = {name: not torch.equal(before[name], value) for name, value in net.named_parameters()}
    parts = (*BLOCKS, "fc")
    return {
        part: all(did for name, did in moved.items() if name.startswith(part)) for part in parts
    }


def starts_from_a_file(distance):
    return any(distance[block] == 0 for block in FROZEN)


def from_own_weights():
    """What trains without weights from elsewhere, by the function that trains most."""
    training = [moves for _, moves in of_kind(from_a_file=False)]
    nothing = dict.fromkeys((*BLOCKS, "fc"), False)
    return max(training, key=lambda moves: sum(moves.values()), default=nothing)


def blocks_trained():
    moves = from_own_weights()
    return [moves[block] for block in BLOCKS]


def classifier_trained():
    return from_own_weights()["fc"]


def loaded():
    """How far the frozen blocks are from the loaded weights; None where nothing is loaded."""
    found = of_kind(from_a_file=True)
    return [found[0][0][block] for block in FROZEN] if found else None


def learned_after_loading():
    """Whether `fc` trains on top of loaded weights, and the blocks that neither were loaded nor train."""
    found = of_kind(from_a_file=True)
    if not found:
        return None
    distance, moves = max(found, key=lambda both: both[1]["fc"])
    return moves["fc"], [block for block in BLOCKS if distance[block] and not moves[block]]

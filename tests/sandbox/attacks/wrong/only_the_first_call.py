"""Right once, then garbage."""

import torch

calls = 0


def relu(x):
    global calls
    calls += 1
    return torch.clamp(x, min=0) if calls == 1 else x

"""A loop that starts only in the second call."""

import torch

calls = 0


def relu(x):
    global calls
    calls += 1
    while calls == 2:
        pass
    return torch.clamp(x, min=0)

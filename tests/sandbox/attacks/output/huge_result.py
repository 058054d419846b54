"""A result far larger than asked for."""

import torch


def relu(x):
    return torch.zeros(1 << 24)

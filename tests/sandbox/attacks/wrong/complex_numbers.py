"""Right values as complex numbers."""

import torch


def relu(x):
    return torch.clamp(x, min=0).to(torch.complex64)

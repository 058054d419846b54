"""Tensors until there is no more."""

import torch

kept = []
while True:
    kept.append(torch.ones(1 << 22))

"""One step of the fast gradient sign method, away from the true class."""

import torch
import torch.nn.functional as F


def fgsm(model, x, y, eps):
    """The image `x` of class `y`, every pixel moved by `eps` up the loss."""
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(F.cross_entropy(model(x), y), x)
    return (x + eps * slope.sign()).detach()

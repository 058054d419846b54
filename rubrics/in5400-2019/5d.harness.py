"""Question 5d: an adversarial image for a toy network.

The network has two classes with opposite scores, so that the gradients of all usual losses, and of the score itself, have
the same signs up to the direction. It takes the image for what it is, so that the true class is the predicted one.
"""

import math

import numpy
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.autograd import Variable

{{answer}}


class OppositeScores(nn.Module):
    """Scores s and -s of an image, with s a weighted sum of exponentials: its slopes grow, and never change their sign."""

    def __init__(self, weights):
        super().__init__()
        self.weights = nn.Parameter(torch.tensor(weights, dtype=torch.float32))

    def forward(self, x):
        score = (self.weights * x.exp()).sum(dim=(-3, -2, -1))
        return torch.stack((score, -score), dim=-1)


IMAGE = np.array([[[0.20, 0.65, 0.78], [0.35, 0.24, 0.33], [0.76, 0.68, 0.22]]])
WEIGHTS = np.array([[[0.10, 0.04, -0.06], [-0.05, 0.14, 0.03], [0.15, -0.06, 0.12]]])
TURNED = np.array([[[1.0, -1.0, 1.0], [-1.0, 1.0, -1.0], [1.0, -1.0, 1.0]]])
"""Signs that leave the image in its class."""
DARKEST = 0.15
"""Below all pixels of the image; what stays below it is no image but what was to be added to one."""


def as_image(made):
    if made is None:
        raise TypeError("fgsm returns nothing")
    return torch.as_tensor(made).detach()


def image_change(fgsm, signs, label, eps):
    """What is added to the image, and whether it has been added. The label comes as a tensor, else as a number."""
    x = torch.tensor(IMAGE, dtype=torch.float32)[None]
    weights = signs * WEIGHTS if label == 0 else -signs * WEIGHTS
    faults = []
    for given, y in ((x, torch.tensor([label])), (x, label), (x[0], label)):
        try:
            made = fgsm(OppositeScores(weights), given.clone(), y, eps)
            made = as_image(made).reshape(x.shape)[0]
        except Exception as fault:
            faults.append(fault)
            continue
        added = bool((made.abs() > DARKEST).any())
        return (made - x[0] if added else made).numpy().astype(float), added
    raise faults[0]


def gradient_change(fgsm, label, eps):
    """The same; no change if it does not turn round at the pixels whose weights turn round, as a gradient does."""
    change, added = image_change(fgsm, 1, label, eps)
    turned, _ = image_change(fgsm, TURNED, label, eps)
    follows = change.all() and (np.sign(turned) == TURNED * np.sign(change)).all()
    return (change if follows else None), added


def signs_of_change(fgsm, label, eps):
    """Which pixels move the same way as the first one."""
    change, _ = gradient_change(fgsm, label, eps)
    return None if change is None else np.sign(change) * np.sign(change.flat[0])


def sizes_of_change(fgsm, label, eps):
    """How far the pixels move, beside the one that moves farthest."""
    change, _ = gradient_change(fgsm, label, eps)
    return None if change is None else np.abs(change) / np.abs(change).max()


def step_on_image(fgsm, label, eps):
    """Growth of the change with twice the step, whether the true class loses, and how many steps a change of one size is."""
    change, added = gradient_change(fgsm, label, eps)
    if change is None or not added:
        return None
    twice, _ = image_change(fgsm, 1, label, 2 * eps)
    gain = (WEIGHTS * (np.exp(IMAGE + change) - np.exp(IMAGE))).sum()
    sizes = np.abs(change)
    alike = np.allclose(sizes, sizes.max(), rtol=1e-3)
    steps = float(sizes.max()) / eps if alike else 1.0
    return float(np.abs(twice).max() / sizes.max()), bool(gain < 0), steps

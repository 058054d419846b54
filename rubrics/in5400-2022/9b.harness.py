"""Question 9b: `rscores` for three small models, taken apart into gradients of the logits."""

import torch
import torch.nn.functional as F
from torch import nn


class Classifier(nn.Module):
    """Six logits of a picture of 8 × 6 with one channel."""

    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(48, 24), nn.Linear(24, 6)

    def forward(self, pictures):
        return self.last(torch.tanh(self.first(pictures.flatten(1))))


MODELS = [Classifier() for _ in range(3)]
PICTURES = [0.2 + 0.8 * torch.rand(1, 8, 6) for _ in MODELS]
FITS = 1e-3
"""Largest share that may be left over."""
turn = [0]
"""Which model and picture are in use."""


def get_model():
    return MODELS[turn[0]]


def get_dataset():
    return [(PICTURES[turn[0]], 0)]


def lines():
    model, dataset = get_model(), get_dataset()
    image = dataset[0][0].unsqueeze(0)
    image.requires_grad = True
    y = model(image)
    maxind = y[0].argmax()
    {{answer}}
    return torch.as_tensor(rscores).detach().flatten().double()


def made_of(values, rows):
    """`values` as a sum of the rows: the factor of each, and the share that is left over."""
    factors = torch.linalg.lstsq(rows.T, values[:, None]).solution
    rest = values - (rows.T @ factors).flatten()
    return factors.flatten().tolist(), float(rest.norm() / values.norm())


def each():
    """For each model: the entries of `rscores`, those divided by the picture, and the gradients of all logits."""
    for turn[0], (model, picture) in enumerate(zip(MODELS, PICTURES, strict=True)):
        rows = torch.autograd.functional.jacobian(model, picture[None])
        found = lines()
        if found.numel() != picture.numel():
            found = torch.full((picture.numel(),), torch.nan, dtype=torch.double)
        yield found, found / picture.flatten(), rows.reshape(-1, picture.numel()).double()


def logits_behind():
    """How much each logit counts, in a product with the picture or without it."""
    counts = []
    for found, divided, rows in each():
        tries = [made_of(values, rows) for values in (divided, found)]
        counts.append(next((factors for factors, left in tries if left < FITS), "none"))
    return counts


def left_without_picture():
    """What no gradient explains once the picture is divided out; nothing in a product with the picture."""
    return [made_of(divided, rows)[1] for _, divided, rows in each()]

"""Question 7b: a small classifier that notes every picture it is shown, and what an attack does to both."""

import inspect

import torch
import torch.nn.functional as F
from torch import nn

{{answer}}


SIZE = (1, 8, 8)
RATE, LIMIT = 0.01, 25
ALONG = 0.4
"""Least cosine of the way taken with the gradient: far above chance, and below what steps of signs or of a loss give."""
SHOWN = []


class Unclear(Exception):
    """A person has to look at this."""


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(64, 24), nn.Linear(24, 4)

    def forward(self, pictures):
        if len(pictures) == 1:
            SHOWN.append(pictures.detach().clone().flatten())
        return self.last(torch.tanh(self.first(pictures.flatten(1))))


def attacked():
    """How far the weights moved, the way of the picture, and the gradient of the start class at its beginning."""
    model = Classifier()
    before = [weight.detach().clone() for weight in model.parameters()]
    images = [0.2 + 0.6 * torch.rand(SIZE) for _ in range(2)]
    begin = images[1].clone().unsqueeze(0).requires_grad_()
    scores = model(begin)[0]
    start = int(scores.argmax())
    (slope,) = torch.autograd.grad(scores[start], begin)
    dataset = [(image.clone(), start) for image in images]
    SHOWN.clear()
    given = (model, dataset, 1, RATE, LIMIT)
    handed = attack(*given[: len(inspect.signature(attack).parameters)])
    begin = begin.detach().flatten()
    way = [*SHOWN, dataset[1][0].detach().flatten(), *pictures(handed)]
    moved = [picture - begin for picture in way if not torch.equal(picture, begin)]
    pairs = zip(model.parameters(), before, strict=True)
    weights = max(float((now - then).abs().max()) for now, then in pairs)
    if not moved and weights == 0:
        raise Unclear("neither the picture nor the model changes")
    return weights, moved, slope.flatten()


def pictures(handed):
    """What of the returned values has as many entries as a picture."""
    values = handed if isinstance(handed, (tuple, list)) else (handed,)
    tensors = [torch.as_tensor(v).detach() for v in values if hasattr(v, "shape")]
    return [tensor.flatten() for tensor in tensors if tensor.numel() == 64]


def weights_moved():
    return attacked()[0] > 0


def picture_moved():
    return len(attacked()[1]) > 0


def way_of_the_score():
    """-1 where the picture went where the score of its first class falls, 1 where that rises, 0 where neither."""
    _, moved, slope = attacked()
    along = float(F.cosine_similarity(moved[-1], slope, dim=0)) if moved else 0.0
    return (along > ALONG) - (along < -ALONG)

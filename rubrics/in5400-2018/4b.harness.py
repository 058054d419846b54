"""Question 4b: a loss for a class and a box, tried in every layout and with every kind of number it may be written for.

Weights, sums and means are free, so what comes back are shares and signs of changes of the loss.
"""

import math
from itertools import pairwise

import numpy
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

{{answer}}


class PresenceFlag(Exception):
    """An entry of c seems to say that there is an object; whether it does is written in 4a."""


BACKGROUND_FIRST, BACKGROUND_LAST, OBJECT_FIRST, OBJECT_LAST = LAYOUTS = (
    "background first",
    "background last",
    "object first",
    "object last",
)
BOX = [0.2, 0.25, 0.7, 0.8]  # valid as corner or centre and size, and as two corners
OFFSETS = (0.05, 0.1)
NOTICEABLE = 1e-7
KINDS = (
    lambda numbers: np.array(numbers, dtype=float),
    list,
    lambda numbers: torch.tensor(numbers, dtype=torch.float64),
    lambda numbers: np.array([numbers], dtype=float),
    lambda numbers: torch.tensor([numbers], dtype=torch.float64),
)
"""Arrays, lists, tensors, and batches of one."""


def as_number(value):
    if value is None:
        raise TypeError("loss returns nothing")
    return float(np.squeeze(value))


def value_of_loss(loss, *vectors):
    """The loss as a number, with the first kind of vectors it can take."""
    faults = []
    for kind in KINDS:
        try:
            with np.errstate(all="ignore"):
                return as_number(loss(*map(kind, vectors)))
        except Exception as fault:
            faults.append(fault)
    raise max(faults, key=reached)


def reached(fault):
    """The line of the loss that an exception comes from; beyond all of them where what it returned is no number."""
    inner = fault.__traceback__.tb_next
    return inner.tb_lineno if inner else math.inf


def arranged(layout, classes, other):
    """The entries of c: the classes, and the entry for the background or the object."""
    return [other, *classes] if layout in (BACKGROUND_FIRST, OBJECT_FIRST) else [*classes, other]


def true_entries(layout, classes, shown):
    """`shown` is a class, None for the background."""
    marks_background = layout in (BACKGROUND_FIRST, BACKGROUND_LAST)
    return arranged(
        layout, [int(k == shown) for k in range(classes)], int((shown is None) == marks_background)
    )


def guessed_entries(layout, classes, shown, share, rest):
    """What is shown gets `share`, every other entry `rest`; an object's own entry stays."""
    others = [share if k == shown else rest for k in range(classes)]
    if layout in (BACKGROUND_FIRST, BACKGROUND_LAST):
        return arranged(layout, others, share if shown is None else rest)
    return arranged(layout, others, 0.2 if shown is None else 0.8)


def takes_scores(loss, layout, classes):
    """Whether the same number added to all guesses changes nothing, as before a softmax."""
    c = true_entries(layout, classes, 0)
    scores = [math.log(p) for p in guessed_entries(layout, classes, 0, 0.6, 0.4 / classes)]
    try:
        before = value_of_loss(loss, scores, c, BOX, BOX)
        after = value_of_loss(loss, [score + 1 for score in scores], c, BOX, BOX)
    except Exception:
        return False
    return math.isclose(before, after, rel_tol=1e-5)


def box_effect(loss, layout, classes, shown, guessed, box):
    """How much the loss changes with the guessed box."""
    c = true_entries(layout, classes, shown)
    c_hat = guessed_entries(layout, classes, guessed, 0.6, 0.4 / classes)
    worse = [entry + OFFSETS[1] for entry in BOX]
    return value_of_loss(loss, c_hat, c, worse, box) - value_of_loss(loss, c_hat, c, BOX, box)


def empty_box(loss, layout, classes):
    """The box of an image without an object: zeros, but not where boxes far away all count alike."""
    c = true_entries(layout, classes, 0)
    c_hat = guessed_entries(layout, classes, 0, 0.6, 0.4 / classes)
    try:
        far, farther = (
            value_of_loss(loss, c_hat, c, [entry + away for entry in BOX], BOX) for away in (5, 10)
        )
    except Exception:
        return BOX
    return [0.0] * len(BOX) if farther - far > NOTICEABLE else BOX


def effects_of_box(loss, layout, classes):
    """Its effects with an object and without one, each with guesses that are right and wrong."""
    empty = empty_box(loss, layout, classes)
    with_object = [
        box_effect(loss, layout, classes, shown, guessed, BOX)
        for shown in range(classes)
        for guessed in (shown, None)
    ]
    without = [box_effect(loss, layout, classes, None, guessed, empty) for guessed in (None, 0)]
    return with_object, without


def layout_of(loss, classes):
    """The layout in which the box counts with an object only; the first where there is none."""
    for layout in LAYOUTS:
        with_object, without = effects_of_box(loss, layout, classes)
        if all(abs(effect) > NOTICEABLE for effect in with_object) and not any(
            abs(effect) > NOTICEABLE for effect in without
        ):
            return layout
    return LAYOUTS[0]


def told_without_4a(loss, classes):
    """Nothing; raises where the answer to 4a must be read."""
    layout = layout_of(loss, classes)
    if layout in (OBJECT_FIRST, OBJECT_LAST):
        place = "first" if layout == OBJECT_FIRST else "last"
        raise PresenceFlag(
            f"the box counts where the {place} entry of c is 1; 4a says whether that is an object"
        )


def class_changes(loss, classes, probabilities):
    """The shares of two changes of the loss while what is shown gets less and less probable."""
    layout = layout_of(loss, classes)
    scores = takes_scores(loss, layout, classes)
    with_background = layout in (BACKGROUND_FIRST, BACKGROUND_LAST)
    shares = []
    for shown in (0, classes - 1, None if with_background else 0):
        c = true_entries(layout, classes, shown)
        losses = []
        for p in probabilities:
            rest = (1 - (p if scores else max(probabilities))) / classes
            c_hat = guessed_entries(layout, classes, shown, p, rest)
            if scores:
                c_hat = [math.log(entry) for entry in c_hat]
            losses.append(value_of_loss(loss, c_hat, c, BOX, BOX))
        changes = [after - before for before, after in pairwise(losses)]
        size = sum(map(abs, changes))
        shares.append([change / size if size > NOTICEABLE else 0.0 for change in changes])
    return shares


def box_signs(loss, classes):
    """Whether the loss rises twice while one entry of the box moves away, for each entry and both ways."""
    layout = layout_of(loss, classes)
    c = true_entries(layout, classes, 0)
    c_hat = guessed_entries(layout, classes, 0, 0.6, 0.4 / classes)
    signs = []
    for place in range(len(BOX)):
        for way in (1, -1):
            losses = []
            for offset in (0.0, *OFFSETS):
                guess = [*BOX]
                guess[place] += way * offset
                losses.append(value_of_loss(loss, c_hat, c, guess, BOX))
            signs.append([int(np.sign(round(b - a, 7))) for a, b in pairwise(losses)])
    return signs


def gate_shares(loss, classes):
    """What is left of the effect of the box without an object; None where it has no effect with one."""
    with_object, without = effects_of_box(loss, layout_of(loss, classes), classes)
    weakest = min(map(abs, with_object))
    if weakest <= NOTICEABLE:
        return None
    return [effect / weakest for effect in without]

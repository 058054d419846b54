"""A loss for one image with at most one object: cross-entropy for the class, squared error for the box."""

import math


def loss(c_hat, c, b_hat, b):
    """Class entries begin with the background; the box counts only where the target holds an object."""
    classes = -sum(true * math.log(guess) for true, guess in zip(c, c_hat, strict=True) if true)
    if c[0] == 1:
        return classes
    return classes + sum((guess - true) ** 2 for true, guess in zip(b, b_hat, strict=True))

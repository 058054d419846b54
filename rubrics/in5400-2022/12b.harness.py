"""Question 12b: a schedule, and the course it takes."""

import math
from itertools import pairwise

import numpy as np

{{answer}}


LAST = 300
"""The last epoch looked at."""
ENOUGH = 20
"""Epochs after which a schedule may have come to its end."""
SAME = 1e-12
"""Relative difference of rates that count as equal."""


class Unclear(Exception):
    """A person has to look at this."""


def as_number(value):
    if value is None:
        raise TypeError("rate returns nothing")
    return value


def rates():
    """The rates from epoch 0, or 1 where there is none for 0, to where the function has no more."""
    found = []
    for t in range(LAST + 1):
        try:
            value = as_number(rate(t))
        except (ZeroDivisionError, ValueError, IndexError, KeyError, OverflowError):
            value = math.nan
        if not isinstance(value, complex) and math.isfinite(value):
            found.append(float(value))
        elif t > 0:
            break
    return found


def course():
    """`falls`, `rises`, `rises, then stays` or `stays`; a course of several sorts goes to a person."""
    found = rates()
    steps = [b - a for a, b in pairwise(found) if abs(b - a) > SAME * max(abs(a), abs(b))]
    if len(found) < 2:
        raise Unclear("there are no two epochs with a rate")
    if not steps:
        return "stays"
    if all(step < 0 for step in steps):
        return "falls"
    if all(step > 0 for step in steps):
        return "rises" if found[-1] > found[-2] else "rises, then stays"
    if falls_for(found) >= ENOUGH:
        return "falls"  # as a cosine does until the last epoch it is made for
    raise Unclear("the rate rises in some epochs and falls in others")


def falls_for(found):
    """The number of epochs before the rate rises for the first time, 0 if it has not fallen by then."""
    risen = next(k for k in range(1, len(found)) if found[k] > found[k - 1] * (1 + SAME))
    return risen if found[risen - 1] < found[0] else 0


def below_zero():
    """The lowest rate below zero, 0 if there is none."""
    return min([0.0, *rates()])

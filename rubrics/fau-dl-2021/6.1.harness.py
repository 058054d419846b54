"""Question 6.1: an ELU layer, and what is asked of it.

Most helpers try arrays of one entry: an answer that compares a whole array at once fails where the two sides are asked
for, and nowhere else. Every pass gets its own copy, so that an answer may work in place.
"""

import math

import numpy
import numpy as np


class BaseLayer:
    """What layers are derived from in the exercises."""

    def __init__(self):
        self.trainable = False
        self.testing_phase = False
        self.initializable = False
        self.weights = None


{{answer}}


def keeps(alpha, other, x):
    """Whether a layer has its alpha in an attribute, or the forward pass still knows it when another layer was made."""
    layer = ELU(alpha)
    if any(is_number(kept, alpha) for kept in parts_of(layer)):
        return True
    ELU(other)
    return bool(np.any(forward(layer, x) != forward(ELU(other), x)))


def is_number(kept, alpha):
    return np.size(kept) == 1 and np.asarray(kept).dtype.kind == "f" and bool(np.all(kept == alpha))


def parts_of(layer):
    """What stands in the attributes of a layer, and in lists and mappings there."""
    for kept in list(getattr(layer, "__dict__", {}).values()):
        inner = kept.values() if isinstance(kept, dict) else kept
        yield from inner if isinstance(kept, dict | list | tuple) else [kept]


def forward(layer, x):
    return as_array(layer.forward(x.copy()), "forward")


def backward(layer, x, error):
    layer.forward(x.copy())
    return as_array(layer.backward(error.copy()), "backward")


def as_array(value, method):
    if value is None:
        raise TypeError(f"{method} returns nothing")
    return np.asarray(value, dtype=float)


def one_by_one(calculate, *arrays):
    """The same for every entry on its own."""
    entries = zip(*(array.flat for array in arrays), strict=True)
    results = [calculate(*(np.full((1, 1), entry) for entry in some)).item() for some in entries]
    return np.reshape(results, arrays[0].shape)


def forward_sides(alpha, x):
    """What differs when entries stand in one array, the positive side, and whether the other is another one."""
    output = forward(ELU(alpha), x)
    alone = one_by_one(lambda entry: forward(ELU(alpha), entry), x)
    return output - alone, output[x > 0], bool(np.any(output[x < -0.1] != x[x < -0.1]))


def backward_sides(alpha, x, error):
    """What differs when entries stand in one array, and whether the other side is neither left out nor the same."""
    together = backward(ELU(alpha), x, error)
    alone = one_by_one(lambda entry, e: backward(ELU(alpha), entry, e), x, error)
    slopes = backward(ELU(alpha), x, np.ones(x.shape))
    other = slopes[x < -0.1]
    return together - alone, slopes[x > 0], bool(np.any(other != 0) and np.any(other != 1))


def remembers(alpha, negative, positive):
    """Whether a layer has something of its input after the forward pass, and what changes when another layer runs."""
    one = np.ones(negative.shape)
    layer = ELU(alpha)
    expected = backward(layer, negative, one)
    layer.forward(negative.copy())
    kept = any(is_array(part) for part in parts_of(layer))
    ELU(alpha).forward(positive.copy())
    after = as_array(layer.backward(one.copy()), "backward")
    return after - expected, kept or bool(np.any(expected != backward(ELU(alpha), positive, one)))


def is_array(kept):
    return isinstance(kept, np.ndarray) and kept.ndim > 0


def scaled(alpha, x, error):
    """Whether anything comes back, and what the error changes beside its own factor: nothing, alone and in an array."""
    slopes = one_by_one(lambda entry, one: backward(ELU(alpha), entry, one), x, np.ones(x.shape))
    alone = one_by_one(lambda entry, e: beyond_factor(alpha, entry, e), x, error)
    try:
        return bool(slopes.any()), alone, beyond_factor(alpha, x, error)
    except ValueError:  # a whole array was compared at once: that is asked elsewhere
        return bool(slopes.any()), alone, np.zeros(x.shape)


def beyond_factor(alpha, x, error):
    return backward(ELU(alpha), x, error) - error * backward(ELU(alpha), x, np.ones(x.shape))

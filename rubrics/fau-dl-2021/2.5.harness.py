"""Question 2.5: the way back through the subsampling of a stride."""

import math

import numpy
import numpy as np

{{answer}}


def in_either_form(function):
    """The answer's function, whether it takes the stride as one number or as a pair, and returns lists or arrays."""

    def called(error_tensor, stride, shape):
        try:
            result = function(error_tensor.copy(), stride, tuple(shape))
        except TypeError:
            result = function(error_tensor.copy(), (stride, stride), tuple(shape))
        plain = isinstance(result, list | tuple | np.ndarray)
        return np.asarray(result, dtype=float) if plain else result

    return called


upsample_error = in_either_form(upsample_error)


def values_and_zeros(upsampled, error_tensor):
    """The values other than 0 by size, and whether there are zeros beside them."""
    if upsampled is None:
        return None
    values = np.sort(upsampled[upsampled != 0])
    return values, bool(upsampled.size > error_tensor.size)

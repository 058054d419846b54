"""One array larger than allowed."""

import numpy

numpy.ones(1 << 32)

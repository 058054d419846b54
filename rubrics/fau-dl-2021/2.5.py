import numpy as np


def upsample_error(error_tensor, stride, shape):
    """The error in the shape from before the subsampling: zeros wherever the stride skipped a position."""
    upsampled = np.zeros(shape)
    upsampled[::stride, ::stride] = error_tensor
    return upsampled

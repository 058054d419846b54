import numpy as np

def upsample_error(error_tensor, stride, shape):
    up = np.zeros(shape)
    up[::stride, ::stride] = error_tensor
    return up

def upsample_error(error_tensor, stride, shape):
    copied = np.repeat(np.repeat(error_tensor, stride, axis=0), stride, axis=1)
    return copied[: shape[0], : shape[1]]

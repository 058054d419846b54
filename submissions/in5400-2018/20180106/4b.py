import numpy as np


def loss(c_hat, c, b_hat, b):
    c_hat, c = np.asarray(c_hat, float), np.asarray(c, float)
    ce = -np.sum(c * np.log(c_hat + 1e-12))
    if c[0] == 1:  # background, nothing to localise
        return ce
    return ce + np.sum((np.asarray(b_hat) - np.asarray(b)) ** 2)

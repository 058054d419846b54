def loss(c_hat, c, b_hat, b):
    from math import log
    total = 0
    for p, t in zip(c_hat, c):
        total -= t * log(p)
    for p, t in zip(b_hat, b):
        total += (p - t) ** 2
    return total

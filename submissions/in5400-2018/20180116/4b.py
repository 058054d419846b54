def loss(c_hat, c, b_hat, b)
    return cross_entropy(c_hat, c) + mse(b_hat, b)

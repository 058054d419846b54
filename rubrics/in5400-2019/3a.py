"""One step of gradient descent with momentum."""


def step(w, v, gradient, rho, lr):
    """The velocity decays by `rho` and gains a step down the slope; the weights move with it."""
    v = rho * v - lr * gradient(w)
    return w + v, v

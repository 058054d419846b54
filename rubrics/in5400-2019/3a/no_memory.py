def step(w, v, gradient, rho, lr):
    v = -lr * gradient(w)
    return w + v, v

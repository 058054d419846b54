def step(w, v, gradient, rho, lr):
    return w - lr * gradient(w), v

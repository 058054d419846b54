def step(w, v, gradient, rho, lr):
    w = w + v
    return w, rho * v - lr * gradient(w)

def step(w, v, gradient, rho, lr):
    v = rho * v - lr * gradient(w + rho * v)
    return w + v, v

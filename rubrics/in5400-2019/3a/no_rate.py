def step(w, v, gradient, rho, lr):
    v = rho * v - gradient(w)
    return w + v, v

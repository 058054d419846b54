def step(w, v, gradient, rho, lr):
    slope = gradient(w)
    v = rho * v - lr * slope
    return w + rho * v - lr * slope, v

def step(w, v, gradient, rho, lr):
    slope = gradient(w)
    return w - lr * slope, rho * v - lr * slope

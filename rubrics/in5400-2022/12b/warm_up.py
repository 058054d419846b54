def rate(t):
    return 0.1 * min(1, (t + 1) / 5)

def rate(t):
    return 0.1

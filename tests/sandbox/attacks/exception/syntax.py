"""No Python."""
def relu(x:
    return x

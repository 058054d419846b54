"""Recursion."""


def relu(x):
    return relu(x)

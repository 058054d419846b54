"""Recursion through C without a limit, until the stack ends."""

import sys

sys.setrecursionlimit(10**9)


def down(x):
    return max(map(down, [x]))


down(0)

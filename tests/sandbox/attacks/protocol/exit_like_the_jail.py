"""Leave with a code that might mean that the jail itself failed."""

import os


def relu(x):
    os._exit(97)

"""A tensor over memory that is not there."""

import ctypes

import torch


def relu(x):
    ctypes.memmove(0x10, x.data_ptr(), 64)
    return x

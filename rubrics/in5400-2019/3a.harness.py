"""Question 3a: steps with momentum, from rest and with a constant learning rate.

Every step has a slope of its own, wherever the gradient is asked for. Sign and scale of the velocity are free, so what
comes back are ratios.
"""

import math

import numpy
import numpy as np
import torch

{{answer}}


START = [0.3, -0.2, 0.5]
SLOPES = np.array([[1.0, -1.0, 2.0], [-0.5, 2.0, 1.0], [0.25, 1.0, -1.5], [1.0, 0.5, -2.0]])


def recorded_walk(step, rho, lr):
    """How far the weights moved, the velocities, and how far off the weights the gradient was asked; a row for each step.

    Weights are an array, else a tensor, else single numbers.
    """
    faults = []
    for way in (walk_of_arrays, walk_of_tensors, walks_of_numbers):
        try:
            return way(step, rho, lr)
        except Exception as fault:
            faults.append(fault)
    raise faults[0]


def walk_of_arrays(step, rho, lr):
    return walk(step, lambda row: np.array(row, dtype=float), START, SLOPES, rho, lr)


def walk_of_tensors(step, rho, lr):
    return walk(step, lambda row: torch.tensor(row, dtype=torch.float64), START, SLOPES, rho, lr)


def walks_of_numbers(step, rho, lr):
    walks = [
        walk(step, lambda row: float(row[0]), [at], SLOPES[:, [place]], rho, lr)
        for place, at in enumerate(START)
    ]
    return np.concatenate(walks, axis=2)


def walk(step, kind, start, slopes, rho, lr):
    w, v = start, [0.0] * len(start)
    moves, velocities, offsets = [], [], []
    for slope in slopes.tolist():
        asked = [w]

        def gradient(at, slope=slope, asked=asked):
            asked.append(as_row(at))
            return kind(slope)

        before = np.array(w)
        new_w, new_v = step(kind(w), kind(v), gradient, rho, lr)
        w, v = as_row(new_w), as_row(new_v)
        moves.append(w - before)
        velocities.append(v)
        offsets.append(asked[-1] - before)
    return np.array([moves, velocities, offsets])


def as_row(numbers):
    if isinstance(numbers, torch.Tensor):
        numbers = numbers.detach()
    return np.array(numbers, dtype=float).reshape(-1)


def times(vector, unit):
    """How many times `unit` the vector is."""
    square = float(unit @ unit)
    return float(vector @ unit) / square if square else 0.0


def velocity_course(step, rho, lr):
    """The velocities, in units in which the first is the slope; and how far off the gradient was asked, in last moves.

    A velocity up the slope is as good as one down, unless the weights follow it.
    """
    moves, velocities, offsets = recorded_walk(step, rho, lr)
    unit = times(velocities[0], SLOPES[0])
    if unit > 0 and times(moves[0], SLOPES[0]) > 0:
        unit = -unit
    ahead = [times(offset, move) for offset, move in zip(offsets[1:], moves[:-1], strict=True)]
    return velocities / (unit or 1.0), ahead


def weight_course(step, rho, lr):
    """The moves, in units of the velocities; whether there is a first one; and its growth with twice the learning rate.

    Against a velocity that leads down is the wrong way.
    """
    moves, velocities, _ = recorded_walk(step, rho, lr)
    scale = times(moves[0], velocities[0])
    if times(velocities[0], SLOPES[0]) < 0:
        scale = abs(scale)
    units = scale * velocities
    ratios = np.divide(moves, units, out=np.zeros_like(moves), where=units != 0)
    faster, _, _ = recorded_walk(step, rho, 2 * lr)
    return ratios, bool(moves[0].any()), times(faster[0], moves[0])

"""Names that must be vectors or matrices, because a norm, a transpose or the like is taken of them.

What is a vector is not written down in w^T x + b, so every way that makes both sides meaningful is tried, the usual
one first: capitals are matrices, small letters vectors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Any

from grader.expressions.families import entry_name, index_text, number
from grader.expressions.features import Features
from grader.expressions.glyphs import GREEK_NAMES
from grader.expressions.limits import MAX_SHAPES
from grader.expressions.tables import Table
from grader.expressions.tree import Call, Indexed
from grader.expressions.unreadable import Undefined

Shapes = dict[str, str]  # name to "vector" or "matrix"; numbers are left out
SIDES = (3, 2)
"""Of vectors and square matrices, one after the other: what holds at one side only is no identity."""
IN_SPACE = (3,)
_MOST_CHOICES = 243
_BOTH = 2


def arrays_at(ev: Any, shapes: Shapes) -> dict[str, Table]:
    """Values of the names at the place an `Evaluator` is at."""
    return {
        name: _array(ev, name, shape, ev.state.domains.get(name, "real"))
        for name, shape in shapes.items()
    }


def array_named(ev: Any, node: Call, point: Any) -> Table:
    """The value of a name that is marked as an array, or of an entry of a family of arrays."""
    (inner,) = node.arguments
    if isinstance(inner, Indexed):
        name = entry_name(inner.name, [index_text(ev, ev.value(k, point)) for k in inner.indices])
        value = point.get(name)
        if value is None:
            domain = ev.state.domains.get(inner.name, "real")
            value = _array(ev, name, _usual(inner.name)[0], domain)
    else:
        value = ev.value(inner, point)
    if not isinstance(value, Table):
        raise Undefined("a number where a vector or a matrix is expected")
    return value


def _array(ev: Any, name: str, shape: str, domain: str) -> Table:
    side, key = ev.state.side, f"{ev.state.salt}/{name}"
    columns = 1 if shape == "vector" else side
    return Table(
        tuple(
            tuple(number(ev, f"{key}/{row},{column}", domain) for column in range(columns))
            for row in range(side)
        )
    )


@dataclass(slots=True)
class Fitting:
    """Ways to take names as arrays so that both trees have a value.

    `misfit` says that an earlier, more usual way, gave a value to one of the two only.
    """

    shapes: list[Shapes] = field(default_factory=list)
    misfit: bool = False


def well_shaped(
    values_with: Callable[[Shapes], int], features: Features, names: list[str]
) -> Fitting:
    """At most `MAX_SHAPES` ways; `values_with` counts the trees that have a value with some shapes.

    None where nothing fits.
    """
    choices, found = [_choices(name, features) for name in names], Fitting()
    if features.marked and not features.bold:  # capitals are matrices wherever that fits
        certain = [
            c[:1] if name in features.arrays else c for name, c in zip(names, choices, strict=True)
        ]
        found = _fitting(values_with, names, certain)
    return found if found.shapes else _fitting(values_with, names, choices)


def _fitting(
    values_with: Callable[[Shapes], int], names: list[str], choices: list[tuple[str, ...]]
) -> Fitting:
    found = Fitting()
    if prod(map(len, choices)) > _MOST_CHOICES:
        return found
    for choice in product(*choices):
        shapes = {name: shape for name, shape in zip(names, choice, strict=True) if shape}
        count = values_with(shapes)
        if count == _BOTH:
            found.shapes.append(shapes)
            if len(found.shapes) == MAX_SHAPES:
                return found
        found.misfit |= count == 1 and not found.shapes
    return found


def _choices(name: str, features: Features) -> tuple[str, ...]:
    """The shapes of a name, the usual one first; "" is a number."""
    is_array, usual = name in features.arrays, _usual(name)
    if features.bold and not is_array:  # what is not bold beside what is
        return (*usual[:1], "") if len(usual) > 1 else ("",)
    if name.partition("_")[0] in GREEK_NAMES:
        return ("vector",) if is_array else ("", "vector")
    return usual if is_array else (*usual, "")


def _usual(name: str) -> tuple[str, ...]:
    return ("matrix", "vector") if name[:1].isupper() else ("vector",)

"""Names that must be vectors or matrices, because a norm, a transpose or the like is taken of them.

What is a vector is not written down in w^T x + b, so every way that makes both sides meaningful is tried, the usual
one first: capitals are matrices, small letters vectors.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from grader.expressions.families import number
from grader.expressions.glyphs import GREEK_NAMES
from grader.expressions.limits import MAX_SHAPES
from grader.expressions.points import WHOLE
from grader.expressions.tables import Table

Shapes = dict[str, str]  # name to "vector" or "matrix"; numbers are left out
_SIDE = 3
_MOST_NAMES = 5


def arrays_at(ev: Any, shapes: Shapes) -> dict[str, Table]:
    """Values of the names at the place an `Evaluator` is at."""
    return {name: _array(ev, name, shape) for name, shape in shapes.items()}


def _array(ev: Any, name: str, shape: str) -> Table:
    columns = 1 if shape == "vector" else _SIDE
    key, domain = f"{ev.state.salt}/{name}", ev.state.domains.get(name, "real")
    return Table(
        tuple(
            tuple(number(ev, f"{key}/{row},{column}", domain) for column in range(columns))
            for row in range(_SIDE)
        )
    )


def well_shaped(
    sampler: Any, arrays: set[str], domains: dict[str, str], place: Any
) -> Iterator[Shapes]:
    """Ways to take names as arrays so that both trees have a value; at most `MAX_SHAPES`.

    Numbers are matrices with one entry, so all names may be numbers where nothing else fits.
    """
    names = sorted(name for name, domain in domains.items() if domain not in WHOLE)
    if len(names) > _MOST_NAMES:
        return
    found = 0
    for choice in product(*[_choices(name, name in arrays) for name in names]):
        sampler.shapes = {n: shape for n, shape in zip(names, choice, strict=True) if shape}
        if sampler.has_values(place):
            yield sampler.shapes
            found += 1
            if found == MAX_SHAPES:
                return
    if not found:
        yield {}


def _choices(name: str, is_array: bool) -> tuple[str, ...]:
    """The shapes of a name, the usual one first; "" is a number."""
    if name.partition("_")[0] in GREEK_NAMES:
        return ("vector",) if is_array else ("", "vector")
    usual = ("matrix", "vector") if name[:1].isupper() else ("vector",)
    return usual if is_array else (*usual, "")

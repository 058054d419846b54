"""Keys that follow from what an item states: a graph, a network, formulas.

A new kind is one module here and one line below.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from grader.deriving.base import expect_kind, kinds_of
from grader.deriving.formulas import Formulas
from grader.deriving.layers import Layers
from grader.deriving.paths import Paths

_OfKind = (
    Formulas  # a chain of assignments, with derivatives
    | Layers  # shapes, parameters and receptive fields
    | Paths  # the sum over all paths of a graph
)
AnyDerivation = Annotated[
    _OfKind, Field(discriminator="kind"), BeforeValidator(expect_kind(kinds_of(_OfKind)))
]

__all__ = ["AnyDerivation", "Formulas", "Layers", "Paths"]

"""What every derivation is made of: names it offers, what is wrong with it, and the values."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping
from fractions import Fraction
from typing import Any, get_args, get_type_hints

from grader.checkers.base import Model, Place
from grader.expressions import Expression, read
from grader.expressions.functions import SPELLINGS

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*")
Problems = Iterator[tuple[Place, str]]
NOT_A_NAME = "cannot be a name here; use letters and digits, and no name of a function"


class Derivation(Model, ABC):
    """Something an item states, a graph, a network or formulas, from which values of its keys follow.

    `name` is what the item calls it. `names`, `values` and `symbols` may be asked only where there are no `problems`.
    """

    kind: str

    @abstractmethod
    def problems(self, name: str, given: frozenset[str]) -> Problems:
        """What does not fit together, with the place below the derivation; cheap. `given` are names taken from answers."""

    @abstractmethod
    def names(self, name: str, given: frozenset[str]) -> tuple[str, ...]:
        """Every value that keys may use."""

    @abstractmethod
    def values(self, name: str, given: Mapping[str, Any]) -> dict[str, Expression]:
        """The values by name, computed with given values.

        Raises:
            Unreadable: a value is too large, or has no meaning such as a division by zero.
        """

    def free_symbols(self) -> frozenset[str]:
        """Symbols that stay in the values."""
        return frozenset()

    def follows(self) -> bool:
        """Whether given values can change what is derived."""
        return False


def expect_kind(choices: Collection[str]) -> Callable[[object], object]:
    """A check that runs before a tagged union, with a message about these kinds."""

    def check(value: object) -> object:
        kind = value.get("kind") if isinstance(value, Mapping) else getattr(value, "kind", None)
        if kind not in choices:
            raise ValueError(f"write `kind:` with one of {', '.join(choices)}, not {kind!r}")
        return value

    return check


def kinds_of(union: Any) -> tuple[str, ...]:
    """The values of `kind` that the models of a union take."""
    return tuple(
        kind
        for model in get_args(union)
        for kind in get_args(get_type_hints(model, include_extras=True)["kind"])
    )


def whole(number: int | Fraction) -> Expression:
    """An exact number."""
    return read(str(number))


def is_name(text: str) -> bool:
    """Whether a key can use it as a symbol: letters, digits and underscores, and no function such as relu."""
    return _NAME.fullmatch(text) is not None and text not in SPELLINGS

"""What every engine is: something that does pieces of work in other processes and survives whatever they do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")

DEADLINE = 30.0
"""Seconds one piece may take alone, beside what it says itself."""
CHUNK = 20
"""Pieces sent to a worker at once."""
SLOW_CHUNK = 4
"""The same where pieces say that they take time of their own, as programs do."""
CHUNK_FACTOR = 4.0
"""A chunk may take this many times what one piece may: hardly any needs its whole time."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A piece of work without a result, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker makes once: `make(*arguments)` is given to every piece of work beside the piece.

    All of it is sent to other processes, so functions stand at module level.
    """

    make: Callable[..., Any]
    arguments: tuple[Any, ...]


class Engine(Protocol):
    """Does pieces of work. A piece that crashes or outlives its deadline costs only itself."""

    def run(
        self, work: Callable[[Any, T], R], pieces: Iterable[T], seconds: float = 0.0
    ) -> Iterator[tuple[T, R | Lost]]:
        """Every piece with its result, as they come; pieces are taken from the iterable only as there is room.

        `seconds` is what one piece may need on top of `DEADLINE`.
        """

    def close(self) -> None:
        """End the workers."""

"""Telling whoever waits how a run goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Watch:
    """Who is told how a run goes on: the stage with its number of steps (None: unknown), and steps done."""

    stage: Callable[[str, int | None], None] = lambda _name, _total: None
    done: Callable[[int], None] = lambda _count: None

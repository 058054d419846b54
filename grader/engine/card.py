"""What a process says of itself before it may work with others: the version of the engine and what confines programs."""

from __future__ import annotations

import multiprocessing
import platform
import socket
from dataclasses import dataclass

from grader.engine.version import engine_digest
from grader.sandbox.machine import plan
from grader.sandbox.result import Level

INSTALL = "pip install -c constraints.txt -e '.[cluster]'"
MAY_FORK = "--no-nanny, or with DASK_DISTRIBUTED__WORKER__DAEMON=False in its environment"


@dataclass(frozen=True, slots=True)
class Card:
    """Who works, or who may: as a requirement, `level` is the lowest one that will do, None if no programs are run."""

    engine: str
    """See `engine_digest`."""
    level: Level | None
    """What confines programs; None where nobody asked."""
    python: str
    host: str
    may_fork: bool = True
    """Whether the process may start others, without which no piece of work can be given a deadline."""


def own_card(programs: bool) -> Card:
    """This process's card. Finding the level takes part of a second, so it is asked for only where programs are run."""
    return Card(
        engine=engine_digest(),
        level=plan(None, frozenset())[1] if programs else None,
        python=platform.python_version(),
        host=socket.gethostname(),
        may_fork=not multiprocessing.current_process().daemon,
    )


def misfit(card: Card, required: Card) -> str:
    """Why a worker with this card may not work, and what to do about it; "" if it may."""
    if card.engine != required.engine:
        return (
            f"it runs another version of the grader or of its libraries: engine {card.engine} under Python "
            f"{card.python}, here {required.engine} under Python {required.python}. Take the same checkout and "
            f"the same Python there and {INSTALL}"
        )
    if not card.may_fork:
        return f"its process may not start others, so nothing could be stopped. Start it with {MAY_FORK}"
    if required.level is not None and (card.level is None or card.level < required.level):
        level = Level.OPEN if card.level is None else card.level
        return (
            f"it confines programs only to level {level.name.lower()}, and {required.level.name.lower()} is required. "
            "`grader sandbox check` says there what is missing"
        )
    return ""

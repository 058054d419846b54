"""Which workers of a Dask scheduler may work, kept up to date while they come and go."""

from __future__ import annotations

import logging
from time import monotonic, sleep
from typing import Any

from grader.engine.card import INSTALL, Card, misfit, own_card
from grader.errors import EngineError

log = logging.getLogger(__name__)

START_SECONDS = 20.0
"""How long the first worker may take to join."""
ALONE_SECONDS = 120.0
"""How long a run waits when all workers have gone: a queue or Kubernetes may be starting others."""
LOOK_SECONDS = 2.0
"""Between two looks at which workers there are."""
PAUSE_SECONDS = 0.25
"""Between two looks while there is none."""
NAMED = 20
"""Workers named in one message: a large cluster tends to be wrong in the same way everywhere."""
WORKING = {"running", "paused"}
"""States of a worker that is not about to leave."""


class Crew:
    """The workers whose card fits. One that does not is warned about by name and given nothing."""

    def __init__(self, client: Any, required: Card) -> None:
        self._client = client
        self._required = required
        self._threads: dict[str, int] = {}
        self._refused: dict[str, str] = {}
        self._next_look = 0.0

    @property
    def addresses(self) -> frozenset[str]:
        """Of the workers that fit, as of the last look."""
        return frozenset(self._threads)

    @property
    def threads(self) -> int:
        """How many chunks they can do at a time."""
        return sum(self._threads.values())

    def gather(self) -> None:
        """Wait for the first workers.

        Raises:
            EngineError: none has come, or none of those that are there fits.
        """
        self._await(START_SECONDS, hopeless_if_refused=True)

    def look(self) -> None:
        """See who has come and gone, if the last look is some time ago; wait if nobody is left.

        Raises:
            EngineError: nobody who fits has been there for `ALONE_SECONDS`.
        """
        if monotonic() >= self._next_look:
            self._update()
        if not self._threads:
            self._await(ALONE_SECONDS, hopeless_if_refused=False)

    def _await(self, seconds: float, hopeless_if_refused: bool) -> None:
        deadline = monotonic() + seconds
        self._update()
        while not self._threads:
            if monotonic() >= deadline or (self._refused and hopeless_if_refused):
                raise EngineError(self._nobody(seconds))
            sleep(PAUSE_SECONDS)
            self._update()

    def _nobody(self, seconds: float) -> str:
        address = self._client.scheduler.address
        if not self._refused:
            return (
                f"No worker has joined the scheduler {address} within {seconds:.0f} s. Start some: "
                f"`dask worker {address} --no-nanny`"
            )
        return f"No worker of the scheduler {address} can be used:\n{_listed(self._refused)}"

    def _update(self) -> None:
        there = self._client.scheduler_info(n_workers=-1)["workers"]
        there = {at: worker for at, worker in there.items() if worker["status"] in WORKING}
        for known in (self._threads, self._refused):
            for gone in known.keys() - there.keys():
                del known[gone]
        new = sorted(there.keys() - self._threads.keys() - self._refused.keys())
        refused = self._ask(new) if new else {}
        self._refused |= refused
        self._threads |= {at: there[at]["nthreads"] for at in new if at not in refused}
        if refused and self._threads:  # otherwise an error will say it
            log.warning("These workers are not used:\n%s", _listed(refused))
        self._next_look = monotonic() + LOOK_SECONDS

    def _ask(self, addresses: list[str]) -> dict[str, str]:
        """Why they may not work, by address; only those that may not."""
        programs = self._required.level is not None
        cards = self._client.run(own_card, programs, workers=addresses, on_error="return")
        refused = {}
        for address in addresses:
            card = cards[address]
            if isinstance(card, Card):
                name, why = f"{address} on {card.host}", misfit(card, self._required)
            else:
                name, why = address, _speechless(card)
            if why:
                refused[address] = f"{name}: {why}."
        return refused


def _speechless(failure: Exception) -> str:
    said = f"{type(failure).__name__}: {failure}"
    if isinstance(failure, OSError):
        return f"it does not answer ({said}). Start it again"
    return f"it has no grader, or an older one ({said}). Take the same checkout there and {INSTALL}"


def _listed(refused: dict[str, str]) -> str:
    lines = [f"  {why}" for why in list(refused.values())[:NAMED]]
    if len(refused) > NAMED:
        lines.append(f"  … and {len(refused) - NAMED} more")
    return "\n".join(lines)

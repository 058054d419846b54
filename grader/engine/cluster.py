"""Work over the machines of a Dask cluster: `--engine dask://HOST:PORT`.

Only workers whose card fits are given work (see `crew`), also those that join later. Each does its chunks in child
processes (see `station`), so a piece that hangs or crashes costs only itself there as well, never the worker. What a
worker had when it went away is done by another.
"""

from __future__ import annotations

import hashlib
import logging
import pickle
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from queue import Empty, SimpleQueue
from typing import Any, TypeVar
from urllib.parse import urlsplit

from grader.engine import station
from grader.engine.base import CHUNK, SLOW_CHUNK, Lost, Setup
from grader.engine.card import Card, own_card
from grader.engine.crew import LOOK_SECONDS, Crew
from grader.engine.pool import chunked
from grader.errors import EngineError

__all__ = ["Card", "Cluster", "own_card"]

log = logging.getLogger(__name__)

T = TypeVar("T")
R = TypeVar("R")

SCHEME = "dask"
PORT = 8786
"""Where `dask scheduler` listens if it is not told otherwise."""
CONNECT_SECONDS = 5.0
FETCH_SECONDS = 60.0
"""For the result of a chunk that is done; the worker that has it may just have gone."""
CHUNKS_AHEAD = 2
"""Chunks in flight for each thread of a worker: enough that none waits, few enough that memory stays flat."""


@dataclass(frozen=True)
class _Sent:
    """A chunk under way, and the workers that may do it."""

    chunk: list[Any]
    future: Any
    allowed: frozenset[str]


class Cluster:
    """The workers of a Dask scheduler that fit `card`; `address` is `dask://HOST[:PORT]`.

    `card` is what is required of them: with `level` None no programs are run, and nobody is asked for it.
    """

    def __init__(self, address: str, setup: Setup, card: Card) -> None:
        self.address = address
        self._where = _host_and_port(address)
        self._card = card
        self._setup = pickle.dumps(setup)
        self._name = hashlib.sha256(self._setup).hexdigest()
        self._client: Any = None
        self._crew: Crew | None = None
        self._setup_there: Any = None

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        self.close()

    def connect(self) -> Crew:
        """Reach the scheduler and ask its workers for their cards, unless that is done.

        Raises:
            EngineError: Dask is not installed here, the scheduler is not reached, or no worker may be used.
        """
        if self._crew is None:
            self._client = _client(self._where, self.address)
            crew = Crew(self._client, self._card)
            with self._told():
                crew.gather()
            self._crew = crew
        return self._crew

    def close(self) -> None:
        """End what our work left on the workers, and the connection."""
        client, self._client, crew, self._crew = self._client, None, self._crew, None
        self._setup_there = None
        if client is None:
            return
        if crew is not None and client.status == "running":
            at = sorted(crew.addresses)
            client.run(station.forget, self._name, workers=at, on_error="ignore")
        client.close()

    def run(
        self, work: Callable[[Any, T], R], pieces: Iterable[T], seconds: float = 0.0
    ) -> Iterator[tuple[T, R | Lost]]:
        """See `Engine.run`. The order is that in which chunks are done.

        Raises:
            EngineError: see `connect`; also when contact with the scheduler is lost, or every worker is.
        """
        again: list[T] = []
        size = SLOW_CHUNK if seconds else CHUNK
        for chunk, results in self._each(work, chunked(pieces, size), seconds):
            if not isinstance(results, Lost):
                yield from zip(chunk, results, strict=True)
            elif len(chunk) == 1:
                yield chunk[0], results
            else:
                again += chunk
        for (piece,), alone in self._each(work, ([one] for one in again), seconds):
            yield piece, alone if isinstance(alone, Lost) else alone[0]

    def _each(
        self, work: Callable[[Any, T], R], chunks: Iterable[list[T]], seconds: float
    ) -> Iterator[tuple[list[T], list[Any] | Lost]]:
        crew = self.connect()
        waiting: dict[str, _Sent] = {}
        ended: SimpleQueue[str] = SimpleQueue()
        coming = iter(chunks)

        def send(chunk: list[T]) -> None:
            sent = self._send(crew.addresses, work, chunk, seconds)
            waiting[sent.future.key] = sent
            sent.future.add_done_callback(lambda future: ended.put(future.key))

        try:
            while True:
                with self._told():
                    crew.look()
                    for key in _stranded(waiting, crew.addresses):
                        stranded = waiting.pop(key)
                        stranded.future.cancel()
                        send(stranded.chunk)
                room = crew.threads * CHUNKS_AHEAD - len(waiting)
                fresh = list(islice(coming, max(0, room)))
                with self._told():
                    for chunk in fresh:
                        send(chunk)
                if not waiting:
                    return
                sent = waiting.pop(_next(ended), None)
                if sent is None:  # nothing yet, or what was sent again since
                    continue
                with self._told():
                    results = _fetch(sent.future)
                    if results is None:
                        send(sent.chunk)
                if results is not None:
                    yield sent.chunk, results
        finally:
            if waiting and self._client is not None and self._client.status == "running":
                self._client.cancel([sent.future for sent in waiting.values()])

    def _send(
        self, to: frozenset[str], work: Callable[[Any, T], R], chunk: list[T], seconds: float
    ) -> _Sent:
        """Have one of these workers do a chunk. The setup goes to each worker once; Dask makes it again if it is lost."""
        client = self._client
        if self._setup_there is None or self._setup_there.status == "error":
            self._setup_there = client.submit(bytes, self._setup, pure=False)
        future = client.submit(
            station.do_chunk,
            self._setup_there,
            self._name,
            station.pack(work, chunk),
            seconds,
            workers=sorted(to),
            pure=False,
        )
        return _Sent(chunk, future, to)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in our words that the scheduler has gone."""
        from distributed.client import ClosedClientError  # not every run has a cluster

        try:
            yield
        except (OSError, CancelledError, ClosedClientError) as failure:
            raise EngineError(
                f"Contact with {self.address} was lost ({type(failure).__name__}). See whether `dask scheduler` still "
                "runs there, and start this again."
            ) from failure


def _host_and_port(address: str) -> str:
    """HOST:PORT as Dask wants it.

    Without a scheme of its own, so that Dask's settings choose between tcp and tls.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port or PORT
    except ValueError:
        host = None
    if host is None or parts.scheme != SCHEME or parts.path.strip("/"):
        raise EngineError(
            f"{address} is no cluster: write dask://HOST:PORT, as dask://10.0.0.1:8786"
        )
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _client(where: str, address: str) -> Any:
    try:
        from distributed import Client  # an optional part, and not every run has a cluster
    except ModuleNotFoundError as failure:
        raise EngineError(
            f"{address}: {failure.name} is not installed here: pip install 'examgrader[cluster]'"
        ) from failure
    try:
        return Client(where, timeout=CONNECT_SECONDS, set_as_default=False, name="grader")
    except OSError as failure:
        raise EngineError(
            f"Cannot reach {address}: is `dask scheduler` running there?"
        ) from failure


def _next(ended: SimpleQueue[str]) -> str:
    """The next future that ended, "" if none does before it is time to look who is there."""
    try:
        return ended.get(timeout=LOOK_SECONDS)
    except Empty:
        return ""


def _stranded(waiting: dict[str, _Sent], there: frozenset[str]) -> list[str]:
    """What no worker may do any more: those that were there when it was sent have all gone."""
    return [key for key, sent in waiting.items() if sent.allowed.isdisjoint(there)]


def _fetch(future: Any) -> list[Any] | Lost | None:
    """The results of a chunk that ended; None if they went away with their worker, and nobody makes them again."""
    from distributed import KilledWorker  # not every run has a cluster

    try:
        results: list[Any] = future.result(timeout=FETCH_SECONDS)
    except (CancelledError, ConnectionError):
        raise
    except TimeoutError:
        return None
    except Exception as failure:  # whatever became of a chunk costs only its pieces
        if isinstance(failure, KilledWorker):
            return Lost("every worker that tried it died")
        log.error("a chunk failed", exc_info=failure)
        return Lost(f"{type(failure).__name__}: {failure}")
    finally:
        future.release()
    return results

"""The trusted side of the jail: keeps a zygote, hands jobs to its clones, and starts another zygote when it dies."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import replace
from types import TracebackType

from grader.errors import EngineError
from grader.sandbox import launch
from grader.sandbox.channel import Clone, Lost, NotReady, Raw, converse
from grader.sandbox.job import Job
from grader.sandbox.machine import JailUnavailable, plan, unavailable
from grader.sandbox.outcome import as_run, in_parts
from grader.sandbox.result import Level, Run

ATTEMPTS = 3
"""How often a job is tried when its jail dies under it or a clone cannot be confined."""
PAUSE_SECONDS = 0.1
"""Before the next attempt: a machine without room may have some soon."""
REQUIRED = Level.KERNEL
JOBS_PER_CORE = 4
"""Jobs of one jail that run at the same time; others wait for their turn, and no clock of theirs runs."""


class JailBroken(EngineError):
    """The jail died under one job again and again, or could not confine it; the message says what it said."""


class JailClosed(EngineError):
    """The jail was closed, or belongs to the process from which this one was forked."""


class Jail:
    """A zygote and its clones. One serves any number of threads; jobs of different threads run side by side.

    `wall` None uses bubblewrap where it works; `without` switches layers off and exists for tests that show what each
    layer stops. Raises `JailUnavailable` where the level reached is below `required`. Use it as a context manager, or
    call `close`.
    """

    def __init__(
        self,
        wall: bool | None = None,
        without: frozenset[str] = frozenset(),
        required: Level = REQUIRED,
    ) -> None:
        self._lock = threading.Lock()
        self._turn = threading.BoundedSemaphore(JOBS_PER_CORE * (os.cpu_count() or 1))
        self._zygote: launch.Zygote | None = None
        self._owner = os.getpid()
        self._closed = False
        self._refusal = ""
        self.restarts = 0
        self.plan, self.level = plan(wall, without)
        if self.level < required and not without:
            raise JailUnavailable(unavailable(required))

    def run(self, job: Job) -> Run:
        """Run one submission; never raises for what it does.

        Raises `TypeError` for a job that cannot be sent, `launch.NoZygote` where the jail does not start,
        `JailBroken` where it fails this job `ATTEMPTS` times and `JailClosed` after `close`.
        """
        return in_parts(job, self._sent)

    def _sent(self, job: Job, packed: bytes) -> Run:
        why = ""
        with self._turn:
            for attempt in range(ATTEMPTS):
                try:
                    raw = self._try(packed, job)
                except (Lost, NotReady) as failure:
                    why = str(failure)
                    time.sleep(PAUSE_SECONDS)
                    continue
                return replace(as_run(raw, job, self.level), restarts=attempt)
        raise JailBroken(f"The jail failed {ATTEMPTS} times under one job: {why}")

    def _try(self, packed: bytes, job: Job) -> Raw:
        """One attempt. A job that is lost says nothing about the others: only a dead zygote is replaced."""
        zygote, clone = self._clone()
        try:
            return converse(clone, packed, job.limits)
        except Lost:
            if not zygote.alive():
                self._replace(zygote)
            raise

    def _clone(self) -> tuple[launch.Zygote, Clone]:
        """A waiting clone, of a new zygote if the old one is dead."""
        why = ""
        for _ in range(ATTEMPTS):
            zygote = self._running()
            try:
                return zygote, zygote.clone()
            except launch.ZygoteDied as failure:
                why = str(failure)
                self._replace(zygote)
        raise JailBroken(f"The jail dies as soon as it starts: {why}")

    def start(self) -> None:
        """Start the zygote now instead of with the first job. Raises `launch.NoZygote` and `JailClosed`."""
        self._running()

    @property
    def pid(self) -> int | None:
        """The zygote's process, as this side sees it (bubblewrap's, where that is the wall)."""
        return self._zygote.pid if self._zygote else None

    def break_down(self) -> None:
        """Kill the zygote, as an accident would; the next job meets its death. For checks."""
        self._running().kill()

    def close(self) -> None:
        """End the zygote and every job in it; a job under way raises `JailClosed`. No new one starts."""
        with self._lock:
            self._closed = True
            zygote, self._zygote = self._zygote, None
        if zygote is not None and self._owner == os.getpid():
            zygote.stop()

    def __enter__(self) -> Jail:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _running(self) -> launch.Zygote:
        if self._owner != os.getpid():
            raise JailClosed("This jail belongs to another process; use grader.sandbox.run.")
        with self._lock:
            if self._closed:
                raise JailClosed("The jail is closed.")
            if self._zygote is None:
                self._zygote = self._started()
            return self._zygote

    def _started(self) -> launch.Zygote:
        """A new zygote. Where the very first one did not start, no other is tried: its reason holds for every job."""
        if self._refusal:
            raise launch.NoZygote(self._refusal)
        try:
            return launch.start(self.plan)
        except launch.NoZygote as failure:
            if not self.restarts:
                self._refusal = str(failure)
            raise

    def _replace(self, dead: launch.Zygote) -> None:
        """Throw a dead zygote away, unless another thread did so already."""
        with self._lock:
            if self._zygote is not dead:
                return
            self._zygote = None
            self.restarts += 1
        dead.stop()

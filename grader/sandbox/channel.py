"""One job's descriptors: what goes in, what comes out, and when to stop reading."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import time
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType

from grader.sandbox.inside.protocol import LIMITS, LONGEST_REASON, READY, STATUS
from grader.sandbox.job import Limits

FLOOD = 16
"""Printing this many times what is kept ends the job."""
READ_BYTES = 1 << 18
SETUP_SECONDS = 60.0
"""How long a clone may take to confine itself; a job's own clock starts afterwards."""
REAP_SECONDS = 30.0
"""How long a killed job may take to be reported dead before it counts as lost."""
DRAIN_SECONDS = 0.5
"""How long to wait for pipes to close after the job's only process is dead."""


class Lost(Exception):
    """A job went without a word from the jail, which may be dead: run it again."""


class NotReady(Exception):
    """A clone could not confine itself, so it got no submission to read; the message says why."""


@dataclass(slots=True)
class Clone:
    """A confined process that waits for its job."""

    pidfd: int
    socket: socket.socket
    status: int

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)

    def end(self) -> None:
        """Kill it, if it still runs, and close everything."""
        self.kill()
        self.socket.close()
        os.close(self.pidfd)
        os.close(self.status)


@dataclass(slots=True)
class Raw:
    """What came out of one job, unread."""

    code: int
    cpu: float
    peak: int
    results: bytearray
    stdout: bytearray
    stderr: bytearray
    wall: float
    stopped_by: str
    """"" or the name of the limit for which the trusted side killed it: wall, output."""
    cut: bool


class Stream:
    """A pipe from the jail, kept up to a cap and counted up to a flood."""

    def __init__(self, kept: int, flood: int) -> None:
        self.read, self.write = os.pipe()
        self.kept, self.flood, self.total = kept, flood, 0
        self.data = bytearray()
        os.set_blocking(self.read, False)

    def take(self) -> bool:
        """Read what is there; False at the end. Bytes past the cap are counted and dropped."""
        try:
            part = os.read(self.read, READ_BYTES)
        except BlockingIOError:
            return True
        self.total += len(part)
        self.data += part[: max(0, self.kept - len(self.data))]
        return bool(part)

    def handed_over(self) -> None:
        """Close the jail's end here."""
        os.close(self.write)
        self.write = -1

    @property
    def flooded(self) -> bool:
        return self.total > self.flood

    def __enter__(self) -> Stream:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self.read)
        if self.write >= 0:
            os.close(self.write)


def sealed(data: bytes) -> int:
    """A read-only descriptor of memory that nobody can change any more."""
    import fcntl  # not everywhere; this module is imported everywhere

    writable = os.memfd_create("job", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(writable, left) :]
        seals = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE
        fcntl.fcntl(writable, fcntl.F_ADD_SEALS, seals)
        return os.open(f"/proc/self/fd/{writable}", os.O_RDONLY | os.O_CLOEXEC)
    finally:
        os.close(writable)


def converse(clone: Clone, packed: bytes, limits: Limits) -> Raw:
    """Hand the job over and read until its process is dead; `clone` is used up, whatever happens.

    Raises `NotReady` where the clone was never confined, `Lost` where nobody says how it ended.
    """
    with ExitStack() as stack:
        stack.callback(clone.end)
        streams = {
            "results": stack.enter_context(Stream(limits.results, limits.results)),
            "stdout": stack.enter_context(Stream(limits.output, limits.output * FLOOD)),
            "stderr": stack.enter_context(Stream(limits.output, limits.output * FLOOD)),
        }
        _hand_over(clone, packed, limits, list(streams.values()))
        return _Conversation(clone, streams, limits).read()


def _hand_over(clone: Clone, packed: bytes, limits: Limits, streams: list[Stream]) -> None:
    job = sealed(packed)
    try:
        sent = [job, *(stream.write for stream in streams)]
        socket.send_fds(clone.socket, [LIMITS.pack(limits.cpu, limits.memory)], sent)
    except OSError as failure:
        raise _gone(clone, failure) from failure
    finally:
        os.close(job)
    for stream in streams:
        stream.handed_over()


def _gone(clone: Clone, failure: OSError) -> Lost | NotReady:
    """Why a clone takes no job any more: what it said before it ended, if anything."""
    try:
        word = clone.socket.recv(1 + LONGEST_REASON, socket.MSG_DONTWAIT)
    except OSError:
        word = b""
    return NotReady(word[1:].decode("utf-8", "replace")) if word else Lost(str(failure))


class _Conversation:
    """Reading one job's pipes until they close and the zygote reports its end."""

    def __init__(self, clone: Clone, streams: dict[str, Stream], limits: Limits) -> None:
        self.clone, self.streams, self.limits = clone, streams, limits
        self.started = time.monotonic()
        self.deadline = self.started + SETUP_SECONDS
        self.ready, self.said = False, b""
        self.stopped_by, self.report = "", b""

    def read(self) -> Raw:
        with selectors.DefaultSelector() as selector:
            for name, stream in self.streams.items():
                selector.register(stream.read, selectors.EVENT_READ, name)
            selector.register(self.clone.status, selectors.EVENT_READ, "status")
            selector.register(self.clone.socket, selectors.EVENT_READ, "socket")
            while selector.get_map():
                ready = selector.select(max(0.0, self.deadline - time.monotonic()))
                if not ready and time.monotonic() >= self.deadline and not self._late():
                    break
                for key, _ in ready:
                    if not self._take(key.data):
                        selector.unregister(key.fileobj)
        if not self.ready:
            raise NotReady(self.said.decode("utf-8", "replace") or "it ended without a word")
        return self._raw()

    def _take(self, name: str) -> bool:
        """Read from one of them; False when it has nothing more to say."""
        if name == "status":
            self.report = os.read(self.clone.status, STATUS.size)
            if len(self.report) < STATUS.size:
                raise Lost("the jail died under a job")
            self.deadline = time.monotonic() + DRAIN_SECONDS
            return False
        if name == "socket":
            return self._listen()
        stream = self.streams[name]
        more = stream.take()
        if stream.flooded and not self.stopped_by:
            self._stop("output")
        return more

    def _listen(self) -> bool:
        """The clone's only word: that it stands, or why it does not. The job's clock starts with it."""
        try:
            word = self.clone.socket.recv(LONGEST_REASON + 1)
        except ConnectionError:
            word = b""
        if word == READY and not self.ready:
            self.ready, self.started = True, time.monotonic()
            if not self.report:
                self.deadline = self.started + self.limits.wall_seconds
        else:
            self.said = self.said or word[1:]
        return bool(word)

    def _late(self) -> bool:
        """The deadline passed: whether to go on reading."""
        if self.report:
            return False  # a process that outlived its job holds a pipe; it is killed by the caller
        if not self.ready:
            raise NotReady("it took too long")
        if self.stopped_by:
            raise Lost("a killed job was not reported dead")
        self._stop("wall")
        return True

    def _stop(self, limit: str) -> None:
        self.stopped_by = limit
        self.clone.kill()
        self.deadline = time.monotonic() + REAP_SECONDS

    def _raw(self) -> Raw:
        code, user, system, peak = STATUS.unpack(self.report)
        return Raw(
            code=code,
            cpu=user + system,
            peak=peak * 1024,
            results=self.streams["results"].data,
            stdout=self.streams["stdout"].data,
            stderr=self.streams["stderr"].data,
            wall=time.monotonic() - self.started,
            stopped_by=self.stopped_by,
            cut=any(self.streams[name].total > self.limits.output for name in ("stdout", "stderr")),
        )

"""A process with numpy and torch loaded that clones itself for every job and never reads one.

It keeps one clone ready: confined, waiting for its job. The trusted side asks for a clone with one byte and gets three
descriptors: the clone's process, its socket for the job and the pipe on which the zygote will report how it ended.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import select
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from grader.sandbox.inside import confine, heap, kernel
from grader.sandbox.inside.confine import Room
from grader.sandbox.inside.protocol import (
    BROKEN,
    CONTROL,
    GIVEN,
    HELLO,
    HOST_NAME,
    LIMITS,
    NAMESPACES,
    REFUSED,
    SOURCE,
    STATUS,
    reason,
)


@dataclass(slots=True)
class Clone:
    """One job's process, until it is reaped."""

    pid: int
    pidfd: int
    socket: socket.socket
    status_read: int
    status_write: int


def main(options: dict[str, Any]) -> None:
    """Serve until the trusted side closes the control socket. Nothing but it and the standard streams is open."""
    confine.move(options["control"], CONTROL)
    os.set_inheritable(CONTROL, False)
    kernel.close_from(CONTROL + 1)
    control = socket.socket(fileno=CONTROL)
    kernel.die_with_parent()
    room, work = _prepare(options)
    control.send(HELLO)
    Zygote(control, room, work).serve()


def _prepare(options: dict[str, Any]) -> tuple[Room, Callable[[], NoReturn]]:
    _forget_the_machines_name()
    tempfile.tempdir = "/"  # some libraries ask on import, when every folder may be closed already
    for name in options["preload"]:
        importlib.import_module(name)
    from grader.sandbox.inside import harness  # imports torch: only after the settings above

    layers = frozenset(options["layers"])
    folder = confine.work_folder(layers, options["folder"])
    tempfile.tempdir = folder or "/"
    harness.warm_up(folder)
    gc.collect()
    heap.fill_gaps()
    room = confine.prepare(layers, options["readable"], options["folder"])
    kernel.hide_memory()
    gc.collect()
    gc.freeze()  # a collection in a clone must not touch, and so copy, the zygote's pages
    return replace(room, baseline=confine.address_space()), harness.main


def _forget_the_machines_name() -> None:
    """Answer `os.uname`, and `platform` which keeps what it says, here and now: without namespaces no clone may ask."""
    system, _, *rest = os.uname()
    known = os.uname_result((system, HOST_NAME, *rest))
    os.uname = lambda: known


class Zygote:
    """The loop between the control socket and the clones."""

    def __init__(self, control: socket.socket, room: Room, work: Callable[[], NoReturn]) -> None:
        self.control, self.room, self.work = control, room, work
        self.spaces = kernel.NAMESPACES if NAMESPACES in room.layers else 0
        self.tid = kernel.tid_address()
        self.running: dict[int, Clone] = {}
        self.spare: Clone | None = None
        self.poll = select.poll()
        self.poll.register(control, select.POLLIN)

    def serve(self) -> None:
        self._make_spare()
        while True:
            for descriptor, _ in self.poll.poll():
                if descriptor == CONTROL:
                    if not self.control.recv(1):
                        return
                    self._hand_out()
                else:
                    self._reap(self.running.pop(descriptor))

    def _make_spare(self) -> None:
        with contextlib.suppress(OSError):  # full for now; whoever asks is told
            self.spare = self._clone()

    def _hand_out(self) -> None:
        try:
            clone = self.spare or self._clone()
        except OSError as failure:
            self.control.send(REFUSED + reason(failure))
            return
        sent = [clone.pidfd, clone.socket.fileno(), clone.status_read]
        socket.send_fds(self.control, [GIVEN], sent)
        clone.socket.close()
        os.close(clone.status_read)
        self.spare = None
        self._make_spare()

    def _clone(self) -> Clone:
        """A new clone. Raises `OSError` where the machine has no room for it, with nothing left open."""
        with contextlib.ExitStack() as undo:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            undo.callback(ours.close)
            with theirs:
                os.dup2(theirs.fileno(), SOURCE, inheritable=False)
            status_read, status_write = os.pipe()
            undo.callback(os.close, status_read)
            undo.callback(os.close, status_write)
            try:
                pid, pidfd = kernel.clone(self.spaces, self.tid)
                if pid == 0:
                    _live(self.room, self.work)
            finally:
                os.dup2(CONTROL, SOURCE, inheritable=False)
            undo.pop_all()
        clone = Clone(pid, pidfd, ours, status_read, status_write)
        self.running[pidfd] = clone
        self.poll.register(pidfd, select.POLLIN)
        return clone

    def _reap(self, clone: Clone) -> None:
        self.poll.unregister(clone.pidfd)
        _, status, used = os.wait4(clone.pid, 0)
        code = os.waitstatus_to_exitcode(status)
        report = STATUS.pack(code, used.ru_utime, used.ru_stime, used.ru_maxrss)
        try:
            os.write(clone.status_write, report)
        except BrokenPipeError:
            pass  # the trusted side has given this job up
        finally:
            os.close(clone.status_write)
            os.close(clone.pidfd)
        if clone is self.spare:
            clone.socket.close()
            os.close(clone.status_read)
            self.spare = None


def _live(room: Room, work: Callable[[], NoReturn]) -> NoReturn:
    """The clone's whole life; never returns.

    The word that every layer stands goes out, and its socket is closed, before the job is read: whatever a submission
    does, it cannot speak for the jail.
    """
    try:
        room.entering.play()
        message, descriptors, _, _ = socket.recv_fds(room.waiting, LIMITS.size, 4)
        if not message:
            os._exit(0)  # nobody wants this clone
        cpu, memory = LIMITS.unpack(message)
        confine.close(room, descriptors, cpu, memory)
    except BaseException as failure:  # noqa: BLE001 - half confined: say why and stop
        with contextlib.suppress(OSError):
            os.write(SOURCE, BROKEN + reason(failure))
        os._exit(1)
    work()

"""Starts the zygote: finds what must be readable, puts bubblewrap around it where that works, gives up root."""

from __future__ import annotations

import importlib.util
import json
import os
import select
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

from grader.errors import EngineError
from grader.sandbox.channel import Clone, NotReady
from grader.sandbox.inside.protocol import (
    ASK,
    FOLDER,
    GIVEN,
    HELLO,
    HOST_NAME,
    LAYERS,
    LONGEST_REASON,
    NAMESPACES,
    PRELOAD,
    ROOT,
)

JAIL_USERS = range(64999, 64900, -1)
"""User numbers that root may become; the first without an account is taken."""
START_SECONDS = 120.0
ANSWER_SECONDS = 60.0
"""How long a zygote may take to hand out a clone before it counts as dead."""
ERROR_BYTES = 2000
SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache")
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "USER": "candidate",
    "TORCHINDUCTOR_CACHE_DIR": "/",  # exists, so that torch makes none on import
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    # Huge pages: a clone copies page tables, and 512 times fewer entries make it four times as fast.
    "PYTHONMALLOC": "malloc",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
INSIDE = Path(__file__).resolve().parent / "inside"
HUGE_PAGES = "/sys/kernel/mm/transparent_hugepage"
"""Where the C library looks before it asks for huge pages; Landlock closes it to submissions."""
WORK = "/box"
"""The work folder, in a root folder of the jail's own."""
INSTALL = "Install the extra: pip install 'examgrader[code]'."


class NoZygote(EngineError):
    """The jail's first process did not start; the message holds what it said."""


class ZygoteDied(Exception):
    """A zygote that no longer answers."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to start a zygote."""

    wall: bool
    layers: frozenset[str] = frozenset(LAYERS)
    preload: tuple[str, ...] = tuple(PRELOAD)


class Zygote:
    """A running zygote: its process and the control socket."""

    def __init__(self, process: _Process, control: socket.socket) -> None:
        self._process, self._control = process, control
        self._turn = threading.Lock()

    @property
    def pid(self) -> int:
        return self._process.popen.pid

    def alive(self) -> bool:
        """Whether its process runs and its end of the control socket is open."""
        with self._turn:
            if self._control.fileno() < 0:
                return False
            poll = select.poll()
            poll.register(self._control, 0)  # a hang-up is always told
            return not poll.poll(0) and self._process.popen.poll() is None

    def kill(self) -> None:
        self._process.popen.kill()
        self._process.popen.wait()

    def greet(self) -> None:
        """Wait until it has loaded everything. Raises `ZygoteDied`."""
        self._control.settimeout(START_SECONDS)
        try:
            word = self._control.recv(len(HELLO))
        except OSError as failure:
            raise ZygoteDied(str(failure)) from failure
        if word != HELLO:
            raise ZygoteDied("it said nothing")
        self._control.settimeout(ANSWER_SECONDS)

    def clone(self) -> Clone:
        """A waiting clone. Raises `ZygoteDied`, or `NotReady` where the machine has no room for one."""
        with self._turn:
            try:
                self._control.send(ASK)
                word, descriptors, _, _ = socket.recv_fds(self._control, 1 + LONGEST_REASON, 3)
            except OSError as failure:
                raise ZygoteDied(str(failure)) from failure
        if word != GIVEN or len(descriptors) != 3:
            for descriptor in descriptors:
                os.close(descriptor)
            if not word:
                raise ZygoteDied("its control socket is closed")
            raise NotReady(word[1:].decode("utf-8", "replace"))
        pidfd, job, status = descriptors
        return Clone(pidfd, socket.socket(fileno=job), status)

    def stop(self) -> None:
        """End the process and all its clones, and close the socket."""
        self.kill()
        self._process.over.set()
        with self._turn:  # whoever waits for an answer has just been told that there is none
            self._control.close()


class _Process(threading.Thread):
    """The thread that starts a zygote and stays as long as it runs.

    A process that is to die with its parent dies with the *thread* that started it, and whoever asks first for a jail
    may be a thread that soon ends.
    """

    def __init__(self, command: list[str], control: int, errors: IO[bytes]) -> None:
        super().__init__(name="jail", daemon=True)
        self.command, self.control, self.errors = command, control, errors
        self.begun, self.over = threading.Event(), threading.Event()
        self.popen: subprocess.Popen[bytes]
        self.failure: OSError | None = None

    def run(self) -> None:
        try:
            self.popen = subprocess.Popen(  # noqa: S603 - our own interpreter with our own arguments
                self.command,
                pass_fds=[self.control],
                env=ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=self.errors,
                stderr=self.errors,
            )
        except OSError as failure:
            self.failure = failure
            self.over.set()
        finally:
            self.begun.set()
        self.over.wait()


def start(plan: Plan) -> Zygote:
    """A zygote that said hello. Raises `NoZygote` if it does not."""
    need_libraries()
    with ExitStack() as undo, tempfile.TemporaryFile() as errors:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        undo.callback(ours.close)
        with theirs:
            process = _Process(_command(plan, theirs.fileno()), theirs.fileno(), errors)
            process.start()
            process.begun.wait()
        if process.failure is not None:
            raise NoZygote(f"The jail did not start: {process.failure}") from process.failure
        zygote = Zygote(process, ours)
        undo.callback(zygote.stop)
        try:
            zygote.greet()
        except ZygoteDied as failure:
            zygote.kill()
            errors.seek(0)
            said = errors.read()[-ERROR_BYTES:].decode("utf-8", "replace").strip()
            raise NoZygote(f"The jail did not start: {said or failure}") from failure
        undo.pop_all()
    return zygote


def need_libraries() -> None:
    """Raises `NoZygote` where numpy or torch is missing."""
    for library in ("numpy", "torch"):
        if importlib.util.find_spec(library) is None:
            raise NoZygote(f"Running code needs {library}, which is not installed here. {INSTALL}")


@cache
def jail_user() -> int:
    """A user number without an account."""
    import pwd  # not everywhere; this module is imported everywhere

    for number in JAIL_USERS:
        try:
            pwd.getpwuid(number)
        except KeyError:
            return number
    raise EngineError("every user number set aside for the jail has an account on this machine")


@cache
def library_paths() -> tuple[str, ...]:
    """Folders of the interpreter and of the installed packages, as they are named and as they really stand."""
    schemes = sysconfig.get_paths()
    named = [sys.prefix, sys.base_prefix, *(schemes[name] for name in ("purelib", "platlib"))]
    named += [str(Path(sys.executable).parent), str(Path(sys.executable).resolve().parent)]
    both = {str(path) for name in named for path in (Path(name).absolute(), Path(name).resolve())}
    return _outermost(path for path in both if path not in ("/", str(Path.home())))


def _outermost(paths: Iterable[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for path in sorted(paths):
        if not any(path == top or path.startswith(top + "/") for top in kept):
            kept.append(path)
    return tuple(kept)


def _command(plan: Plan, control: int) -> list[str]:
    options = {
        **entrance(plan.wall, plan.layers),
        "control": control,
        "layers": sorted(plan.layers),
        "preload": plan.preload,
        "packages": sorted({sysconfig.get_paths()[name] for name in ("purelib", "platlib")}),
    }
    return [*(wall_command(os.geteuid() == 0) if plan.wall else []), *interpreter(options)]


def entrance(wall: bool, layers: frozenset[str]) -> dict[str, Any]:
    """What the zygote does before it loads anything: its user, its root folder, its work folder."""
    as_root, inside = os.geteuid() == 0, str(INSIDE)
    own_root = not wall and {ROOT, NAMESPACES} <= layers
    return {
        "readable": [*SYSTEM, *library_paths(), inside],
        "folder": WORK if wall or own_root else "",
        "uid": jail_user() if as_root else 0,
        "root": own_root,
        "reveal": [*library_paths(), inside] if as_root and not wall else [],
    }


def interpreter(options: dict[str, Any]) -> list[str]:
    """The command that starts what stands in the folder `inside`."""
    return [sys.executable, "-s", "-P", "-B", str(INSIDE), json.dumps(options)]


def wall_command(as_root: bool) -> list[str]:
    """Bubblewrap's command line: an empty world with the interpreter in it, no network, no environment."""
    spaces = ["ipc", "pid", "net", "uts", "cgroup-try", *([] if as_root else ["user"])]
    line = ["bwrap", *(f"--unshare-{space}" for space in spaces)]
    line += ["--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"]
    line += ["--hostname", HOST_NAME]
    if as_root:  # to become nobody; given up before anything is loaded
        line += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    line += ["--ro-bind-try", HUGE_PAGES, HUGE_PAGES]
    line += ["--proc", "/proc", "--dev", "/dev"]
    for path in SYSTEM:
        if os.path.islink(path):
            line += ["--symlink", os.readlink(path), path]
        elif os.path.exists(path):
            line += ["--ro-bind", path, path]
    for path in (*library_paths(), str(INSIDE)):
        if not path.startswith("/usr/"):  # folders on the way would be closed to the user we become
            above = [str(folder) for folder in reversed(Path(path).parents)][1:]
            line += [word for folder in above for word in ("--perms", "0755", "--dir", folder)]
            line += ["--ro-bind", path, path]
    line += [
        word for name in (WORK, f"{WORK}/{FOLDER}") for word in ("--perms", "0555", "--dir", name)
    ]
    line += ["--remount-ro", "/"]
    for name, value in ENVIRONMENT.items():
        line += ["--setenv", name, value]
    return [*line, "--"]

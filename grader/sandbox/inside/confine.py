"""What a fresh clone does to itself before it reads a submission: every layer, the filter last."""

from __future__ import annotations

import contextlib
import fcntl
import math
import os
import resource
import socket
from dataclasses import dataclass

from grader.sandbox.inside import kernel
from grader.sandbox.inside.protocol import (
    CAPABILITIES,
    CONTROL,
    DESCRIPTORS,
    DEVICES,
    FILTER,
    FOLDER,
    HOST_NAME,
    JOB,
    LANDLOCK,
    NAMESPACES,
    READY,
    RESULTS,
    RLIMITS,
    RULES,
    SOURCE,
)

FOLDER_OPTIONS = "size=16m,nr_inodes=512,mode=0700"
EMPTY_OPTIONS = "size=4k,nr_inodes=2,mode=0555"
LARGEST_FILE = 16 << 20
OPEN_FILES = 64
STACK_BYTES = 8 << 20
TASKS = 64
"""Threads of one job, counted in its own user namespace."""
SPARE_TASKS = 128
"""Threads on top of all the user already runs, where there is no namespace to count in."""
CLEAR_OF_PLACES = 16
FIRST_PROCESS = 1
UMASK = 0o077


@dataclass(frozen=True, slots=True)
class Room:
    """What the zygote prepared for all its clones."""

    layers: frozenset[str]
    waiting: socket.socket
    """Stands on `SOURCE`, where a clone finds its own."""
    entering: kernel.Script
    leaving: kernel.Script | None
    """None where it depends on the clone's own number."""
    baseline: int
    """Bytes of address space of the idle zygote."""


def prepare(layers: frozenset[str], readable: list[str], work: str) -> Room:
    """Read the machine once; `baseline` is set when everything is loaded."""
    spaces = NAMESPACES in layers
    os.dup2(CONTROL, SOURCE, inheritable=False)
    os.dup2(CONTROL, RULES, inheritable=False)
    if LANDLOCK in layers:
        writable = [*DEVICES, *([work] if work else [])]
        move(kernel.landlock_rules(readable, writable), RULES)
    folder = work_folder(layers, work)
    return Room(
        layers=layers,
        waiting=socket.socket(fileno=SOURCE),
        entering=_entering(layers, folder),
        leaving=_leaving(layers, FIRST_PROCESS, own_name=True) if spaces else None,
        baseline=0,
    )


def work_folder(layers: frozenset[str], work: str) -> str:
    """Where a job may write, "" where it may not."""
    return os.path.join(work, FOLDER) if work and NAMESPACES in layers else ""


def probe() -> None:
    """Try what a clone must be allowed to do. Raises `OSError` where the machine refuses."""
    uid, gid = os.getuid(), os.getgid()
    kernel.unshare(kernel.NAMESPACES & ~kernel.NEW_PID)
    kernel.map_own_user(uid, gid)
    kernel.mount("none", "/proc", "tmpfs", kernel.MOUNT_BARE)


def _entering(layers: frozenset[str], folder: str) -> kernel.Script:
    """The layers that need no job: no descriptor of others, own process tree and mounts, no capabilities, few files."""
    script, spaces = kernel.Script(), NAMESPACES in layers
    script.die_with_parent().add("close", CONTROL)
    if DESCRIPTORS in layers:
        script.add("close_range", SOURCE + 1, kernel.LAST_DESCRIPTOR, 0)
    if spaces:
        script.map_own_user(os.getuid(), os.getgid(), free=CONTROL)
        script.add("sethostname", HOST_NAME.encode(), len(HOST_NAME))
        script.mount_memory("/proc", kernel.MOUNT_BARE | kernel.MOUNT_READ_ONLY, EMPTY_OPTIONS)
        if folder:
            script.mount_memory(folder, kernel.MOUNT_BARE, FOLDER_OPTIONS)
    if CAPABILITIES in layers:
        script.drop_capabilities(bounding=spaces)
    if RLIMITS in layers:
        for kind, most in _fixed_limits(TASKS if spaces else _tasks_of_user() + SPARE_TASKS):
            script.limit(kind, _allowed(kind, most))
    script.add("umask", UMASK, returns=None).add("chdir", (folder or "/").encode())
    script.hide_memory().no_new_privileges()
    if LANDLOCK in layers:
        script.enter_landlock(RULES)
    return script.add("close", RULES)


def _leaving(layers: frozenset[str], pid: int, own_name: bool) -> kernel.Script:
    """The filter, the word that everything stands, and the end of the way back: the submission comes next."""
    script = kernel.Script()
    if FILTER in layers:
        script.enter_filter(pid, own_name)
    script.add("write", SOURCE, READY, len(READY), returns=len(READY))
    if DESCRIPTORS in layers:
        script.add("close_range", SOURCE, kernel.LAST_DESCRIPTOR, 0)
    return script


def close(room: Room, descriptors: list[int], cpu: float, memory: int) -> None:
    """The rest, once the job's limits are known; `descriptors` are job, results, stdout, stderr.

    They become 3, 4, 1 and 2; stdin stays the null device and everything else is closed.
    """
    arrange(descriptors)
    if RLIMITS in room.layers:
        seconds = max(1, math.ceil(cpu))
        for kind, most in (
            (resource.RLIMIT_CPU, seconds),  # soft = hard: process 1 ignores the soft one
            (resource.RLIMIT_AS, room.baseline + memory),
        ):
            lower = _allowed(kind, most)
            resource.setrlimit(kind, (lower, lower))
    leaving = room.leaving or _leaving(room.layers, os.getpid(), own_name=False)
    leaving.play()


def move(descriptor: int, place: int) -> None:
    """Give a descriptor another number."""
    if descriptor != place:
        os.dup2(descriptor, place, inheritable=False)
        os.close(descriptor)


def arrange(descriptors: list[int]) -> None:
    """Job, results, stdout, stderr as 3, 4, 1, 2; first out of each other's way."""
    moved = [fcntl.fcntl(one, fcntl.F_DUPFD, CLEAR_OF_PLACES) for one in descriptors]
    for place, descriptor in zip((JOB, RESULTS, 1, 2), moved, strict=True):
        os.dup2(descriptor, place, inheritable=False)


def _fixed_limits(tasks: int) -> tuple[tuple[int, int], ...]:
    return (
        (resource.RLIMIT_NPROC, tasks),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_STACK, STACK_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    )


def _allowed(kind: int, most: int) -> int:
    """`most`, or less where the hard limit is lower."""
    hard = resource.getrlimit(kind)[1]
    return most if hard == resource.RLIM_INFINITY else min(most, hard)


def address_space() -> int:
    """Bytes this process has mapped."""
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()


def _tasks_of_user() -> int:
    """Threads that this user runs now."""
    total = 0
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                if os.stat(f"/proc/{entry}").st_uid == os.getuid():
                    total += len(os.listdir(f"/proc/{entry}/task"))
    return total

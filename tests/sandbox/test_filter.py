"""The system call filter, run here by a small machine of its own, for both processors."""

from __future__ import annotations

import errno
import os
import struct

import pytest

from grader.sandbox.inside import filter as call_filter
from grader.sandbox.inside.numbers import AUDIT, NUMBERS

PID = 1
CONDITIONAL = ("clone", "tgkill", "prctl", "fcntl", "ioctl", "prlimit64", "open", "openat")
MACHINES = sorted(NUMBERS)
EPERM, ENOSYS, ENOTTY = (
    call_filter.FAIL | code for code in (errno.EPERM, errno.ENOSYS, errno.ENOTTY)
)


def decide(
    machine: str,
    number: int,
    *arguments: int,
    architecture: int | None = None,
    own_name: bool = False,
) -> int:
    """What the kernel would decide about a call."""
    filled = [*arguments, *[0] * (6 - len(arguments))]
    audit = AUDIT[machine] if architecture is None else architecture
    data = struct.pack("<IIQ6Q", number, audit, 0, *filled)
    program = list(struct.iter_unpack("<HBBI", call_filter.assemble(machine, PID, own_name)))
    place, loaded = 0, 0
    while True:
        code, true, false, operand = program[place]
        place += 1
        if code == call_filter.RETURN:
            return int(operand)
        if code == call_filter.LOAD:
            (loaded,) = struct.unpack_from("<I", data, operand)
            continue
        holds = {
            call_filter.EQUAL: loaded == operand,
            call_filter.ABOVE: loaded > operand,
            call_filter.AT_LEAST: loaded >= operand,
            call_filter.ANY_BIT: bool(loaded & operand),
        }[code]
        place += true if holds else false


@pytest.mark.parametrize("machine", MACHINES)
def test_allowed_calls_pass_and_all_others_do_not(machine: str) -> None:
    numbers = NUMBERS[machine]
    allowed = {numbers[name] for name in call_filter.ALLOWED if name in numbers}
    conditional = {numbers[name] for name in CONDITIONAL if name in numbers}
    missing = {numbers[name] for name in call_filter.MISSING}
    for number in set(range(600)) - conditional:
        expected = (
            call_filter.ALLOW if number in allowed else ENOSYS if number in missing else EPERM
        )
        assert decide(machine, number) == expected, number


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_that_depend_on_their_arguments(machine: str) -> None:
    n = NUMBERS[machine]
    thread, process = 0x3D0F00, 17
    for number, arguments, expected in (
        (n["clone"], (thread,), call_filter.ALLOW),
        (n["clone"], (process,), EPERM),
        (n["clone"], (thread | 0x10000000,), EPERM),
        (n["tgkill"], (PID, 5, 6), call_filter.ALLOW),
        (n["tgkill"], (PID + 1, 5, 9), EPERM),
        (n["prctl"], (15,), call_filter.ALLOW),
        (n["prctl"], (1,), EPERM),
        (n["prctl"], (22,), EPERM),
        (n["fcntl"], (3, 1), call_filter.ALLOW),
        (n["fcntl"], (3, 1030), call_filter.ALLOW),
        (n["fcntl"], (3, 1031), EPERM),
        (n["ioctl"], (0, 0x5412), ENOTTY),
        (n["prlimit64"], (0, 7, 0, 1), call_filter.ALLOW),
        (n["prlimit64"], (0, 7, 1, 0), EPERM),
        (n["prlimit64"], (0, 7, 1 << 32, 0), EPERM),
    ):
        assert decide(machine, number, *arguments) == expected, (number, arguments)


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("call", ["open", "openat"])
def test_a_file_is_emptied_only_by_who_writes_it(machine: str, call: str) -> None:
    if call not in NUMBERS[machine]:
        return
    before = (0,) * (2 if call == "openat" else 1)
    for flags in (os.O_RDONLY, os.O_WRONLY, os.O_RDWR, 3):
        refused = flags in (os.O_RDONLY, 3)
        for more in (0, os.O_CREAT, os.O_CLOEXEC):
            number = NUMBERS[machine][call]
            assert decide(machine, number, *before, flags | more) == call_filter.ALLOW
            expected = EPERM if refused else call_filter.ALLOW
            assert decide(machine, number, *before, flags | more | os.O_TRUNC) == expected


@pytest.mark.parametrize("machine", MACHINES)
def test_the_machines_name_is_told_only_where_it_is_made_up(machine: str) -> None:
    number = NUMBERS[machine]["uname"]
    assert decide(machine, number) == EPERM
    assert decide(machine, number, own_name=True) == call_filter.ALLOW


@pytest.mark.parametrize("machine", MACHINES)
def test_a_foreign_processor_is_killed(machine: str) -> None:
    assert decide(machine, 0, architecture=0x40000003) == call_filter.KILL
    assert decide(machine, call_filter.X32 + 39) == call_filter.KILL


NOT_ON_ARM = {
    *("stat", "lstat", "access", "poll", "select", "dup2", "pipe", "time", "open", "readlink"),
    *("mkdir", "rmdir", "unlink", "rename"),
}
"""Old calls that newer processors have only in their `…at` forms and their like."""


def test_every_processor_has_all_the_calls_that_confining_makes() -> None:
    assert set(NUMBERS["x86_64"]) - set(NUMBERS["aarch64"]) == NOT_ON_ARM
    assert set(NUMBERS["aarch64"]) <= set(NUMBERS["x86_64"])


def test_what_must_never_be_allowed() -> None:
    never = {
        "execve",
        "execveat",
        "fork",
        "vfork",
        "socket",
        "connect",
        "ptrace",
        "mount",
        "kill",
        "memfd_create",
        "truncate",
        "creat",
    }
    assert not never & set(call_filter.ALLOWED)

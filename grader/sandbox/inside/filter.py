"""The system call filter: an allowlist in the kernel's classic BPF, assembled here.

Everything not named is refused with EPERM, which Python shows as a PermissionError. A few calls that the C library
only tries first are refused with ENOSYS, so that it falls back to allowed ones. Calls from a foreign instruction set
kill the process.
"""

from __future__ import annotations

import errno
import struct

from grader.sandbox.inside.numbers import AUDIT, NUMBERS

ALLOWED = """
    read write close fstat stat lstat newfstatat statx lseek pread64 pwrite64 readv writev access faccessat faccessat2
    mmap mprotect munmap mremap madvise brk futex set_robust_list rseq membarrier restart_syscall sched_yield getcpu
    rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack poll ppoll select pselect6 dup dup2 dup3 pipe pipe2 close_range
    nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times getrusage getrlimit sched_getaffinity
    getpid gettid getppid getuid geteuid getgid getegid sysinfo getrandom exit exit_group getcwd chdir umask
    readlink readlinkat getdents64 fsync fdatasync fadvise64 ftruncate mkdir mkdirat rmdir
    unlink unlinkat rename renameat renameat2
""".split()  # noqa: SIM905 - read as prose, not as a column
"""What numpy, torch with autograd, threads and files in the work folder need; no path is cut short but by opening it."""
NAMED = "uname"
"""Allowed where the machine's name is the jail's own."""
MISSING = ("clone3", "openat2", "io_uring_setup")
"""Answered with ENOSYS, as an older kernel would."""

ALLOW, KILL, FAIL = 0x7FFF0000, 0x80000000, 0x00050000
LOAD, EQUAL, ABOVE, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x25, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16
X32 = 0x40000000
CLONE_THREAD = 0x00010000
CLONE_NAMESPACES = 0x7E020080
TRUNCATE, WRITE_ONLY, READ_WRITE = 0x200, 1, 2
"""Flags of opening a file."""
PRCTL_NAMES = (15, 16)
"""Set and get the thread's own name."""
FCNTL_PLAIN = (0, 1, 2, 3, 4, 1030)
"""Duplicate, flags; no locks, leases, notifications or pipe sizes: these reach beyond the process."""

Instruction = tuple[int, int, int, int]
REFUSE: Instruction = (RETURN, 0, 0, FAIL | errno.EPERM)
PASS: Instruction = (RETURN, 0, 0, ALLOW)


def assemble(machine: str, pid: int, own_name: bool) -> bytes:
    """The filter for a process that knows itself as `pid`; `own_name`: the machine's name may be asked for.

    Raises `KeyError` for a processor without a table.
    """
    program: list[Instruction] = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, AUDIT[machine]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
        (AT_LEAST, 0, 1, X32),
        (RETURN, 0, 0, KILL),
    ]
    for first, last, body in _ranges(_decisions(NUMBERS[machine], pid, own_name)):
        program += _within(first, last, body)
    program.append(REFUSE)
    return b"".join(struct.pack("<HBBI", *instruction) for instruction in program)


def _decisions(
    numbers: dict[str, int], pid: int, own_name: bool
) -> list[tuple[int, list[Instruction]]]:
    """What to do about each call, by its number; all others are refused."""
    bodies = {name: [PASS] for name in (*ALLOWED, *([NAMED] if own_name else []))}
    bodies |= {name: [(RETURN, 0, 0, FAIL | errno.ENOSYS)] for name in MISSING}
    bodies |= _conditions(pid)
    return sorted((numbers[name], body) for name, body in bodies.items() if name in numbers)


def _ranges(
    decisions: list[tuple[int, list[Instruction]]],
) -> list[tuple[int, int, list[Instruction]]]:
    """Neighbours that are decided alike as one: the kernel runs a new filter once for every number there is."""
    ranges: list[tuple[int, int, list[Instruction]]] = []
    for number, body in decisions:
        if ranges and ranges[-1][1] == number - 1 and ranges[-1][2] == body and len(body) == 1:
            ranges[-1] = (ranges[-1][0], number, body)
        else:
            ranges.append((number, number, body))
    return ranges


def _within(first: int, last: int, body: list[Instruction]) -> list[Instruction]:
    """Numbers above `last` go on to the next range; those below `first` stand in no range at all."""
    return [(ABOVE, len(body) + 2, 0, last), (AT_LEAST, 1, 0, first), REFUSE, *body]


def _conditions(pid: int) -> dict[str, list[Instruction]]:
    """Calls that are allowed only with some arguments."""
    return {
        "clone": [
            (LOAD, 0, 0, ARGUMENTS),
            (ANY_BIT, 2, 0, CLONE_NAMESPACES),
            (ANY_BIT, 0, 1, CLONE_THREAD),
            PASS,
            REFUSE,
        ],
        "open": _open(1),
        "openat": _open(2),
        "tgkill": _one_of(0, (pid,)),
        "prctl": _one_of(0, PRCTL_NAMES),
        "fcntl": _one_of(1, FCNTL_PLAIN),
        "ioctl": [(RETURN, 0, 0, FAIL | errno.ENOTTY)],
        "prlimit64": _reading_only(),
    }


def _one_of(argument: int, values: tuple[int, ...]) -> list[Instruction]:
    checks: list[Instruction] = [
        (EQUAL, len(values) - place, 0, value) for place, value in enumerate(values)
    ]
    return [(LOAD, 0, 0, ARGUMENTS + 8 * argument), *checks, REFUSE, PASS]


def _open(flags: int) -> list[Instruction]:
    """Emptying a file while opening it goes only with writing: Landlock before version 3 looks at nothing else."""
    return [
        (LOAD, 0, 0, ARGUMENTS + 8 * flags),
        (ANY_BIT, 0, 3, TRUNCATE),
        (ANY_BIT, 0, 1, WRITE_ONLY),
        (ANY_BIT, 2, 1, READ_WRITE),
        (ANY_BIT, 0, 1, READ_WRITE),
        PASS,
        REFUSE,
    ]


def _reading_only() -> list[Instruction]:
    """Pass where the third argument, the new limit, is a null pointer."""
    third = ARGUMENTS + 16
    return [
        (LOAD, 0, 0, third),
        (EQUAL, 0, 3, 0),
        (LOAD, 0, 0, third + 4),
        (EQUAL, 0, 1, 0),
        PASS,
        REFUSE,
    ]

"""Kernel calls that Python does not offer, through the C library already loaded. Each raises `OSError` when refused."""

from __future__ import annotations

import ctypes
import os
import signal
import struct
from functools import cache
from typing import Any

from grader.sandbox.inside import filter as call_filter
from grader.sandbox.inside.numbers import NUMBERS

MACHINE = os.uname().machine
LAST_DESCRIPTOR = 0xFFFFFFFF
_libc = ctypes.CDLL(None, use_errno=True)
_holding = ctypes.PyDLL(None, use_errno=True)
"""The same library, called without giving up the interpreter lock: a clone must not leave it in between."""
_libc.syscall.restype = ctypes.c_long
_holding.syscall.restype = ctypes.c_long

NEW_MOUNT, NEW_IPC, NEW_USER, NEW_PID = 0x20000, 0x8000000, 0x10000000, 0x20000000
NEW_NAME, NEW_NET = 0x4000000, 0x40000000
NAMESPACES = NEW_MOUNT | NEW_IPC | NEW_USER | NEW_PID | NEW_NAME
_WITH_PIDFD, _CHILD_SETTID, _CHILD_CLEARTID = 0x1000, 0x1000000, 0x200000
MOUNT_NO_PROGRAMS = 8
MOUNT_BARE = 2 | 4 | MOUNT_NO_PROGRAMS
"""nosuid, nodev, noexec."""
MOUNT_READ_ONLY, MOUNT_REMOUNT, MOUNT_BIND, MOUNT_RECURSIVE = 1, 0x20, 0x1000, 0x4000
MOUNT_PRIVATE, MOUNT_SLAVE = 0x40000, 0x80000
_DETACH = 2
_AT_FDCWD = -100
_PDEATHSIG, _DUMPABLE, _SECCOMP, _BOUNDING_DROP, _NO_NEW_PRIVILEGES = 1, 4, 22, 24, 38
_BOUNDING_READ = 23
_SECCOMP_FILTER = 2
_GET_TID_ADDRESS, _AMBIENT, _AMBIENT_CLEAR = 40, 47, 4
_CAPABILITIES = struct.pack("<Ii", 0x20080522, 0), struct.pack("<6I", *[0] * 6)
"""Of this process, none at all."""

READ_FILE, READ_DIR = 4, 8
_WRITE_FILE = 0x2
_WRITE = _WRITE_FILE | 0x10 | 0x20 | 0x80 | 0x100
"""Landlock's rights to write files, and to remove and make files and folders."""
_TRUNCATE = 0x4000
_RIGHTS_BY_ABI = {1: 13, 2: 14, 3: 15, 4: 15}
_ALL_RIGHTS = 16
_TCP = 3
_SCOPES = 3
"""No abstract socket and no signal leaves the domain."""


def _checked(result: int, what: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def _syscall(name: str, *arguments: object) -> int:
    number = ctypes.c_long(NUMBERS[MACHINE][name])
    return _checked(_libc.syscall(number, *arguments), name)


def _prctl(option: int, first: int = 0, second: int = 0) -> int:
    words = [ctypes.c_ulong(word) for word in (first, second, 0, 0)]
    return int(_libc.prctl(ctypes.c_int(option), *words))


def tid_address() -> int:
    """Where the C library keeps this thread's number, 0 where the kernel does not tell: a clone must renew it."""
    word = ctypes.c_ulong(0)
    return word.value if _prctl(_GET_TID_ADDRESS, ctypes.addressof(word)) == 0 else 0


def clone(namespaces: int, tid: int) -> tuple[int, int]:
    """A fork into new namespaces: (pid, pidfd) in the parent, (0, -1) in the child.

    Only for a process with one thread: neither Python's nor the C library's fork handlers run, which saves the child
    a quarter of its page faults. `tid` is what `tid_address` gave.
    """
    flags = namespaces | _WITH_PIDFD | signal.SIGCHLD
    if tid:
        flags |= _CHILD_SETTID | _CHILD_CLEARTID
    pidfd = ctypes.c_int(-1)
    thread, storage = ctypes.c_void_p(tid), ctypes.c_void_p(0)
    last = (storage, thread) if MACHINE == "aarch64" else (thread, storage)
    number = ctypes.c_long(NUMBERS[MACHINE]["clone"])
    words = (ctypes.c_ulong(flags), ctypes.c_void_p(0), ctypes.byref(pidfd), *last)
    pid = _checked(_holding.syscall(number, *words), "clone")
    return (pid, pidfd.value) if pid else (0, -1)


def unshare(namespaces: int) -> None:
    _checked(_libc.unshare(ctypes.c_int(namespaces)), "unshare")


def mount(source: str | None, target: str, kind: str | None, flags: int, options: str = "") -> None:
    words = [None if word is None else word.encode() for word in (source, target, kind)]
    result = _libc.mount(*words, ctypes.c_ulong(flags), options.encode() or None)
    _checked(result, f"mount {target}")


def change_root() -> None:
    """Make the working folder, a mount of its own, the root; the old one is gone."""
    _syscall("pivot_root", b".", b".")
    _checked(_libc.umount2(b".", ctypes.c_int(_DETACH)), "umount")
    os.chdir("/")


def close_from(first: int) -> None:
    """Close every descriptor from `first` up, however high. There is no second way: without it, no jail."""
    _syscall("close_range", ctypes.c_uint(first), ctypes.c_uint(LAST_DESCRIPTOR), ctypes.c_uint(0))


def map_own_user(uid: int, gid: int) -> None:
    """Keep the one user and group number inside a new user namespace."""
    _checked(_prctl(_DUMPABLE, 1), "PR_SET_DUMPABLE")
    for name, text in _user_maps(uid, gid):
        with open(name, "wb", buffering=0) as map_file:
            map_file.write(text)


def _user_maps(uid: int, gid: int) -> tuple[tuple[bytes, bytes], ...]:
    """Files and contents. They belong to root while a process hides its memory."""
    return (
        (b"/proc/self/setgroups", b"deny"),
        (b"/proc/self/uid_map", b"%d %d 1" % (uid, uid)),
        (b"/proc/self/gid_map", b"%d %d 1" % (gid, gid)),
    )


def die_with_parent() -> None:
    _checked(_prctl(_PDEATHSIG, signal.SIGKILL), "PR_SET_PDEATHSIG")


def hide_memory() -> None:
    """No other process of the same user may look into this one; no core file."""
    _checked(_prctl(_DUMPABLE, 0), "PR_SET_DUMPABLE")


def drop_capabilities() -> None:
    """Empty every capability set; refusals to shrink the bounding set are harmless with no new privileges."""
    for capability in capabilities():
        _prctl(_BOUNDING_DROP, capability)
    _prctl(_AMBIENT, _AMBIENT_CLEAR)
    _syscall("capset", *_CAPABILITIES)


def capabilities() -> range:
    """The kernel's capabilities."""
    count = 0
    while _prctl(_BOUNDING_READ, count) >= 0:
        count += 1
    return range(count)


def landlock_version() -> int:
    """The kernel's Landlock version, 0 where there is none."""
    try:
        return _syscall("landlock_create_ruleset", None, ctypes.c_size_t(0), ctypes.c_uint(1))
    except OSError:
        return 0


def landlock_rules(readable: list[str], writable: list[str]) -> int:
    """A rule set (a file descriptor) that leaves only these paths, and no TCP, outside signal or abstract socket.

    Paths that do not exist are left out. What the kernel's version does not know is not restricted.
    """
    version = landlock_version()
    handled = (1 << _RIGHTS_BY_ABI.get(version, _ALL_RIGHTS)) - 1
    words = [handled, *([_TCP] if version >= 4 else []), *([_SCOPES] if version >= 6 else [])]
    attributes = struct.pack(f"<{len(words)}Q", *words)
    size = ctypes.c_size_t(len(attributes))
    rules = _syscall("landlock_create_ruleset", attributes, size, ctypes.c_uint(0))
    for paths, rights in (
        (readable, READ_FILE | READ_DIR),
        (writable, (READ_FILE | READ_DIR | _WRITE | _TRUNCATE) & handled),
    ):
        for path in paths:
            _allow(rules, path, rights)
    return rules


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not os.path.isdir(path):
        rights &= READ_FILE | _WRITE_FILE | _TRUNCATE
    rule = struct.pack("=Qi", rights, place)
    _syscall("landlock_add_rule", ctypes.c_int(rules), ctypes.c_int(1), rule, ctypes.c_uint(0))
    os.close(place)


class Script:
    """System calls written down ahead, with what each must return.

    A clone shares all memory with the zygote until one of them writes, and Python writes where it reads. Playing a
    script touches a quarter of the pages that calling functions would, and every page touched has to be copied.
    """

    def __init__(self) -> None:
        self._calls: list[tuple[str, int | None, tuple[Any, ...]]] = []

    def add(self, name: str, *words: int | bytes | None, returns: int | None = 0) -> Script:
        """Write down a call; `returns` None = anything but an error."""
        number = NUMBERS[MACHINE][name]
        self._calls.append((name, returns, tuple(_word(word) for word in (number, *words))))
        return self

    def play(self) -> None:
        """Make the calls in order. Raises `OSError` at the first that does not return what it must."""
        for name, returns, words in self._calls:
            got = _holding.syscall(*words)
            if got < 0 or (returns is not None and got != returns):
                raise OSError(ctypes.get_errno(), f"{name} {os.strerror(ctypes.get_errno())}")

    def die_with_parent(self) -> Script:
        return self.add("prctl", _PDEATHSIG, signal.SIGKILL, 0, 0, 0)

    def map_own_user(self, uid: int, gid: int, free: int) -> Script:
        """Keep the one user and group number inside a new user namespace; `free` is the lowest free descriptor."""
        self.add("prctl", _DUMPABLE, 1, 0, 0, 0)
        for path, text in _user_maps(uid, gid):
            self.add("openat", _AT_FDCWD, path, os.O_WRONLY | os.O_CLOEXEC, 0, returns=free)
            self.add("write", free, text, len(text), returns=len(text))
            self.add("close", free)
        return self

    def mount_memory(self, target: str, flags: int, options: str) -> Script:
        """A file system in memory."""
        return self.add("mount", b"none", target.encode(), b"tmpfs", flags, options.encode())

    def drop_capabilities(self, bounding: bool) -> Script:
        """Empty every capability set; `bounding` too, which needs a capability."""
        for capability in capabilities() if bounding else ():
            self.add("prctl", _BOUNDING_DROP, capability, 0, 0, 0)
        self.add("prctl", _AMBIENT, _AMBIENT_CLEAR, 0, 0, 0)
        return self.add("capset", *_CAPABILITIES)

    def limit(self, kind: int, most: int) -> Script:
        """Lower a resource limit, soft and hard."""
        return self.add("prlimit64", 0, kind, struct.pack("<QQ", most, most), None)

    def hide_memory(self) -> Script:
        return self.add("prctl", _DUMPABLE, 0, 0, 0, 0)

    def no_new_privileges(self) -> Script:
        return self.add("prctl", _NO_NEW_PRIVILEGES, 1, 0, 0, 0)

    def enter_landlock(self, rules: int) -> Script:
        return self.add("landlock_restrict_self", rules, 0)

    def enter_filter(self, pid: int, own_name: bool) -> Script:
        """From here on only the allowed calls reach the kernel. Needs `no_new_privileges`."""
        program = call_filter.assemble(MACHINE, pid, own_name)
        held = ctypes.create_string_buffer(program, len(program))
        header = struct.pack("@HP", len(program) // 8, ctypes.addressof(held))
        self._held = held
        return self.add("prctl", _SECCOMP, _SECCOMP_FILTER, header, 0, 0)


@cache
def _word(word: int | bytes | None) -> Any:
    """A word for the C library; the same one is one object, so that few pages hold all of them."""
    if isinstance(word, int):
        return ctypes.c_ulong(word)
    return ctypes.c_char_p(word)

"""The promises of the jail, tried on the machine it runs on."""

from __future__ import annotations

import secrets
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grader.sandbox.jail import Jail
from grader.sandbox.job import Call, Case, Job, Limits, Tensor
from grader.sandbox.result import Run, Status, TensorValue

CPU = 1.0
MEMORY = 256 << 20
SLACK = 5.0
"""Seconds that ending a job may take beyond its limit on a busy machine."""
HELD = "held"
USUAL = Limits(cpu=CPU, memory=MEMORY)

Verdict = Callable[[Run], bool]


@dataclass(frozen=True, slots=True)
class Promise:
    """What must happen to a program: its text, and whether a run of it kept the promise."""

    name: str
    source: str
    kept: Verdict
    limits: Limits = USUAL


@dataclass(frozen=True, slots=True)
class Finding:
    """One promise as found on this machine."""

    name: str
    kept: bool
    detail: str


def refused(*tries: str) -> str:
    """A program that says `held` only if every one of the lines raises an `OSError`."""
    lines = [
        f"try:\n    {line}\n    print('reached:', {line!r})\nexcept OSError:\n    pass"
        for line in tries
    ]
    imports = "import ctypes, os, signal, socket, subprocess, threading, time\n"
    return imports + "\n".join(lines) + f"\nprint({HELD!r})\n"


def _clean(run: Run) -> bool:
    return run.status is Status.OK and run.stdout == f"{HELD}\n"


def _left(run: Run) -> bool:
    return run.status is Status.PROTOCOL and run.restarts == 0


def _clean_or_crash(run: Run) -> bool:
    """The first process of a namespace takes no signal that it did not ask for; any other dies of it."""
    return _clean(run) or run.status is Status.CRASH


def _ended_by(status: Status) -> Verdict:
    return lambda run: run.status is status and run.wall < run_limit(status) + SLACK


def run_limit(status: Status) -> float:
    """Seconds after which a promise's program must have been ended."""
    return 1.0 if status is Status.WALL else Limits(cpu=CPU).wall_seconds


def promises(file: str, port: int) -> list[Promise]:
    """Everything tried; `file` holds a secret, `port` is a server on this machine."""
    return [
        Promise("an honest answer runs", f"import torch\nprint({HELD!r})", _clean),
        Promise(
            "files of the grader are out of reach",
            refused(f"open({file!r})", f"open({file!r}, 'a')"),
            _clean,
        ),
        Promise(
            "no file of others is emptied",
            refused(
                f"os.truncate({file!r}, 0)",
                f"os.open({file!r}, os.O_RDONLY | os.O_TRUNC)",
                f"os.open({file!r}, os.O_RDWR | os.O_WRONLY | os.O_TRUNC)",
            ),
            _clean,
        ),
        Promise(
            "files of the machine are out of reach",
            refused(
                "open('/etc/passwd')",
                "os.listdir('/home')",
                "os.listdir('/proc')",
                "open('/left', 'w')",
            ),
            _clean,
        ),
        Promise(
            "no network",
            refused(
                f"socket.create_connection(('127.0.0.1', {port}), timeout=1)",
                "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
                "socket.socket(socket.AF_UNIX)",
            ),
            _clean,
        ),
        Promise(
            "no other process is started",
            refused(
                "os.fork()", "subprocess.run(['/bin/true'])", "os.execv('/bin/true', ['true'])"
            ),
            _clean,
        ),
        Promise(
            "no other process is touched",
            refused("os.kill(os.getppid() or 2, 0)", "os.kill(-1, 0)", "os.pidfd_open(1)"),
            _clean,
        ),
        Promise("the environment is empty", _ENVIRONMENT, _clean),
        Promise("no open files are inherited", _DESCRIPTORS, _clean),
        Promise("the kernel's rare calls are closed", _CALLS, _clean),
        Promise("few threads", _THREADS, _clean),
        Promise("CPU time is limited", "while True: pass", _ended_by(Status.CPU)),
        Promise(
            "waiting is limited",
            "import time\ntime.sleep(1000)",
            _ended_by(Status.WALL),
            Limits(cpu=CPU, wall=1.0),
        ),
        Promise(
            "memory is limited",
            "x = [bytearray(1 << 24) for _ in range(999)]",
            _ended_by(Status.MEMORY),
        ),
        Promise("output is limited", "while True: print('x' * 9999)", _ended_by(Status.OUTPUT)),
        Promise("leaving early is noticed", "import os\nos._exit(0)", _ended_by(Status.PROTOCOL)),
        Promise("no exit code speaks for the jail", "import os\nos._exit(97)", _left),
        Promise("a signal without a name is no trouble", _SIGNAL, _clean_or_crash),
        Promise(
            "a crash is contained", "import ctypes\nctypes.string_at(0)", _ended_by(Status.CRASH)
        ),
    ]


_ENVIRONMENT = f"""import os
print({HELD!r} if set(os.environ) <= {{"HOME", "TMPDIR", "OMP_NUM_THREADS"}} else list(os.environ))
"""
_SIGNAL = f"""import ctypes, os, platform, threading
number = {{"x86_64": 234, "aarch64": 131}}[platform.machine()]
ctypes.CDLL(None).syscall(number, os.getpid(), threading.get_native_id(), 40)
print({HELD!r})
"""
_DESCRIPTORS = f"""import os, resource
found = []
for number in [3, *range(5, max(65536, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))]:
    try:
        found.append(os.fstat(number))
    except OSError:
        pass
print(found or {HELD!r})
"""
_CALLS = f"""import ctypes
libc = ctypes.CDLL(None)
tries = [libc.unshare(0x10000000), libc.mount(None, b"/", None, 0, None), libc.ptrace(0, 0, 0, 0), libc.setsid()]
print({HELD!r} if all(result == -1 for result in tries) else tries)
"""
_THREADS = f"""import threading, time
threading.stack_size(65536)
made = 0
try:
    while made < 400:
        threading.Thread(target=time.sleep, args=(0.2,), daemon=True).start()
        made += 1
except RuntimeError:
    pass
print({HELD!r} if made < 400 else made)
"""
_TRAINING = """import torch

def train(x):
    layer = torch.nn.Linear(3, 1)
    optimizer = torch.optim.Adam(layer.parameters())
    layer(x).sum().backward()
    optimizer.step()
    return layer.weight.grad
"""
_GPU = "def move(x):\n    return x.cuda()\n"
_REMEMBER = "import sys\nprint(getattr(sys, 'left', 'held'))\nsys.left = 'left by the one before'\n"


def check(jail: Jail) -> Iterator[Finding]:
    """Try every promise; slow ones take about a second each."""
    secret = secrets.token_hex(8)
    with (
        tempfile.NamedTemporaryFile("w", prefix="grader-check-") as file,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        file.write(secret)
        file.flush()
        Path(file.name).chmod(0o644)
        for promise in promises(file.name, server.getsockname()[1]):
            run = jail.run(Job(promise.source.encode(), limits=promise.limits))
            kept = promise.kept(run) and secret not in run.stdout
            yield Finding(promise.name, kept, "" if kept else _what(run))
    yield from _working(jail)


def _what(run: Run) -> str:
    raised = f"{run.raised.type_name}: {run.raised.message}" if run.raised else ""
    return " ".join(
        part for part in (run.status.value, run.detail, run.stdout.strip()[:200], raised) if part
    )


def _working(jail: Jail) -> Iterator[Finding]:
    """What must work rather than fail."""
    x = np.ones((2, 3), dtype="f4")
    training = jail.run(Job(_TRAINING.encode(), [Case([Call("train", [Tensor(x)])])]))
    value = training.cases[0].values[0] if training.status is Status.OK else None
    exact = isinstance(value, TensorValue) and bool((value.array == 2).all())
    yield Finding("gradients and optimisers work", exact, "" if exact else _what(training))
    moved = jail.run(Job(_GPU.encode(), [Case([Call("move", [Tensor(x)])])], cuda=True))
    value = moved.cases[0].values[0] if moved.status is Status.OK else None
    there = isinstance(value, TensorValue) and value.device == "cuda:0"
    yield Finding("a GPU is simulated", there, "" if there else _what(moved))
    jail.run(Job(_REMEMBER.encode()))
    after = jail.run(Job(_REMEMBER.encode()))
    clean = _clean(after)
    yield Finding(
        "nothing is kept from one answer to the next", clean, "" if clean else _what(after)
    )
    started = time.monotonic()
    jail.break_down()
    again = jail.run(Job(f"print({HELD!r})".encode()))
    detail = f"{time.monotonic() - started:.1f} s" if _clean(again) else _what(again)
    yield Finding("a jail that dies is replaced", _clean(again), detail)

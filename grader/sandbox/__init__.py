"""Runs code that candidates wrote, confined. `run(job)` is the whole interface; `docs/sandbox.md` describes it.

Describing jobs and reading results needs neither numpy nor torch, nor Linux.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading

from grader.sandbox.jail import Jail, JailBroken, JailClosed
from grader.sandbox.job import Ask, Call, Case, Get, Job, Let, Library, Limits, Ref, Set, Tensor
from grader.sandbox.launch import NoZygote
from grader.sandbox.machine import JailUnavailable
from grader.sandbox.result import CaseResult, Level, Opaque, Raised, Run, Status, TensorValue
from grader.sandbox.trusting import Trusting

__all__ = [
    "Ask",
    "Call",
    "Case",
    "CaseResult",
    "Get",
    "Jail",
    "JailBroken",
    "JailClosed",
    "JailUnavailable",
    "Job",
    "Let",
    "Level",
    "Library",
    "Limits",
    "NoZygote",
    "Opaque",
    "Raised",
    "Ref",
    "Run",
    "Set",
    "Status",
    "Tensor",
    "TensorValue",
    "Trusting",
    "run",
    "runner",
]

_runners: dict[tuple[int, bool], Jail | Trusting] = {}
"""By process and trust; filled with the first job."""
_lock = threading.Lock()


def _after_fork() -> None:
    """A thread of the parent may have held the lock; the parent's jails are its own (see `Jail.close`)."""
    global _lock  # noqa: PLW0603 - the lock itself has to be another one
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def runner(trust_code: bool = False) -> Jail | Trusting:
    """This process's jail, or where there can be none and the code is trusted, a runner without one.

    A process that was forked gets its own. Raises `JailUnavailable` where the machine cannot confine code and
    `trust_code` is not said.
    """
    key = (os.getpid(), trust_code)
    with _lock:
        if key not in _runners:
            _runners[key] = _new(trust_code)
            atexit.register(_runners[key].close)
        return _runners[key]


def _new(trust_code: bool) -> Jail | Trusting:
    try:
        return Jail()
    except JailUnavailable:
        if not trust_code or sys.platform == "win32":
            raise
        return Trusting()


def run(job: Job, trust_code: bool = False) -> Run:
    """Run one submission; whatever it does is in the result.

    Raises `JailUnavailable` (this machine cannot confine code; the message says why), `NoZygote` (the jail does not
    start, for example because torch is missing), `JailBroken` (it failed under this job several times), `JailClosed`
    (the program is ending) and `TypeError` (the job holds a value that cannot be sent). The first four are
    `EngineError`s: never a candidate's fault.
    """
    return runner(trust_code).run(job)

"""What a job's end means: a `Run` from what the kernel reported first, from what the job said last."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import replace

from grader.sandbox.channel import Raw
from grader.sandbox.frames import Answered, read_frames
from grader.sandbox.inside import wire
from grader.sandbox.job import Case, Get, Job, Limits, pack
from grader.sandbox.result import CaseResult, Level, Run, Status

CPU_NEAR = 0.9
"""A job stopped for another limit after this share of its CPU time was stopped for CPU."""
CPU_FAR = 0.5
"""Nobody but the kernel's CPU limit kills a job that we did not; it counts ticks, which report less afterwards."""
LOADED_AND_END = 2
"""Frames of an honest run beside one for each case."""
_DETAILS = {
    Status.CPU: "used more than {cpu:g} s of CPU time",
    Status.WALL: "took longer than {wall:g} s",
    Status.MEMORY: "used more than {memory} MB of memory",
    Status.OUTPUT: "printed or returned more than the limit",
}


def as_run(raw: Raw, job: Job, level: Level) -> Run:
    """The outcome; never raises, whatever came back."""
    allowed = wire.Allowance(frames=len(job.cases) + LOADED_AND_END)
    frames, fault = wire.decode(raw.results, allowed)
    answered = read_frames(frames, fault, [_due(case) for case in job.cases])
    status = _status(raw, job.limits, answered)
    return Run(
        status=status,
        detail=_detail(status, raw, job.limits, answered.fault),
        cases=_aligned(answered, status, len(job.cases)),
        raised=answered.raised,
        stdout=raw.stdout.decode("utf-8", "replace"),
        stderr=raw.stderr.decode("utf-8", "replace"),
        cut=raw.cut,
        cpu=raw.cpu,
        wall=raw.wall,
        peak=raw.peak,
        level=level,
    )


def _due(case: Case) -> int:
    """How many values a case returns where nothing is raised."""
    return sum(isinstance(step, Get) or getattr(step, "keep", False) for step in case.steps)


def _status(raw: Raw, limits: Limits, answered: Answered) -> Status:
    if stopped := _stopped(raw, limits):
        return stopped
    if raw.code < 0:
        return Status.CRASH
    every = [one for one in (answered.raised, *(case.raised for case in answered.cases)) if one]
    if any(raised.memory for raised in every):
        return Status.MEMORY
    if raw.code != 0 or (answered.fault and answered.raised is None):
        return Status.PROTOCOL
    return Status.EXCEPTION if every else Status.OK


def _stopped(raw: Raw, limits: Limits) -> Status | None:
    """The limit for which a job was killed. CPU time decides before wall time."""
    killed = raw.code in (-signal.SIGKILL, -signal.SIGXCPU)
    if killed and raw.cpu >= limits.cpu * (CPU_NEAR if raw.stopped_by else CPU_FAR):
        return Status.CPU
    return Status(raw.stopped_by) if raw.stopped_by else None


def _aligned(answered: Answered, status: Status, expected: int) -> tuple[CaseResult, ...]:
    """One result for every case asked for, in place; those that were not finished say so."""
    missing = CaseResult((), "", None, status, finished=False)
    return answered.cases + (missing,) * (expected - len(answered.cases))


def _detail(status: Status, raw: Raw, limits: Limits, fault: str) -> str:
    if status in _DETAILS:
        memory = limits.memory >> 20
        return _DETAILS[status].format(cpu=limits.cpu, wall=limits.wall_seconds, memory=memory)
    if status is Status.CRASH:
        return f"killed by {_signal_name(-raw.code)}"
    if status is Status.PROTOCOL:
        return fault or f"left with exit code {raw.code}"
    return ""


def _signal_name(number: int) -> str:
    """Real-time signals have no names."""
    known = {one.value: one.name for one in signal.Signals}
    return known.get(number, f"signal {number}")


def in_parts(job: Job, send: Callable[[Job, bytes], Run]) -> Run:
    """Send a job whole, or with `isolate` case by case, each with the random numbers it would have among the others."""
    if not job.isolate or len(job.cases) < 2:
        return send(job, pack(job))
    parts = [replace(job, cases=[case]) for case in job.cases]
    return _merged([send(part, pack(part, first=place)) for place, part in enumerate(parts)])


def _merged(runs: list[Run]) -> Run:
    """Runs of single cases as one; the first that did not end well gives the status."""
    worst = next((run for run in runs if run.status not in (Status.OK, Status.EXCEPTION)), None)
    worst = worst or next((run for run in runs if run.status is not Status.OK), runs[0])
    return replace(
        worst,
        cases=tuple(case for run in runs for case in run.cases),
        stdout="".join(run.stdout for run in runs),
        stderr="".join(run.stderr for run in runs),
        cut=any(run.cut for run in runs),
        cpu=sum(run.cpu for run in runs),
        wall=sum(run.wall for run in runs),
        peak=max(run.peak for run in runs),
        restarts=sum(run.restarts for run in runs),
    )

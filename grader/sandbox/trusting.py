"""Runs code that its user trusts, with no jail around it: each job in a fresh process, slowly."""

from __future__ import annotations

import os
import subprocess
import sysconfig
import tempfile
import threading
import time
from contextlib import ExitStack
from typing import BinaryIO

from grader.sandbox.channel import Raw
from grader.sandbox.job import Job
from grader.sandbox.launch import ENVIRONMENT, interpreter, need_libraries
from grader.sandbox.outcome import as_run, in_parts
from grader.sandbox.result import Level, Run

START_SECONDS = 60.0
"""What loading numpy and torch may take, on top of the job's own limits."""
START_CPU_SECONDS = 20.0


class Trusting:
    """The same interface as `Jail`, and none of its protection."""

    level = Level.OPEN
    _one_at_a_time = threading.Lock()

    def run(self, job: Job) -> Run:
        """Run one submission as the current user. Time and output are limited, nothing else.

        Raises `TypeError` for a job that cannot be sent and `NoZygote` where numpy or torch is missing.
        """
        need_libraries()
        return in_parts(job, self._sent)

    def _sent(self, job: Job, packed: bytes) -> Run:
        with self._one_at_a_time, ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="grader-code-"))
            given, results, stdout, stderr = (
                stack.enter_context(tempfile.TemporaryFile()) for _ in range(4)
            )
            given.write(packed)
            given.seek(0)
            command = _command(job, given.fileno(), results.fileno(), folder)
            started, before = time.monotonic(), _cpu_of_children()
            stopped_by, code = "", 0
            try:
                code = subprocess.run(  # noqa: S603 - our own interpreter with our own arguments
                    command,
                    check=False,
                    pass_fds=[given.fileno(), results.fileno()],
                    env=ENVIRONMENT,
                    cwd=folder,
                    stdin=subprocess.DEVNULL,
                    stdout=stdout,
                    stderr=stderr,
                    timeout=job.limits.wall_seconds + START_SECONDS,
                ).returncode
            except subprocess.TimeoutExpired:
                stopped_by = "wall"
            output = job.limits.output
            raw = Raw(
                code=code,
                cpu=_cpu_of_children() - before,
                peak=0,
                results=_content(results, job.limits.results),
                stdout=_content(stdout, output),
                stderr=_content(stderr, output),
                wall=time.monotonic() - started,
                stopped_by=stopped_by,
                cut=any(os.fstat(one.fileno()).st_size > output for one in (stdout, stderr)),
            )
        return as_run(raw, job, self.level)

    def close(self) -> None:
        """Nothing is kept between jobs."""


def _command(job: Job, given: int, results: int, folder: str) -> list[str]:
    options = {
        "alone": True,
        "job": given,
        "results": results,
        "cpu": job.limits.cpu + START_CPU_SECONDS,
        "folder": folder,
        "packages": [sysconfig.get_paths()["purelib"], sysconfig.get_paths()["platlib"]],
    }
    return interpreter(options)


def _content(written: BinaryIO, most: int) -> bytearray:
    written.seek(0)
    return bytearray(written.read(most))


def _cpu_of_children() -> float:
    import resource  # not everywhere; this module is imported everywhere

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

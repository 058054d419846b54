"""One trusted job in a fresh process of its own, without a jail."""

from __future__ import annotations

import math
import resource
from typing import Any, NoReturn

from grader.sandbox.inside import confine, harness

MOST_WRITTEN = 64 << 20
"""Bytes of one file, among them the results."""


def main(options: dict[str, Any]) -> NoReturn:
    """Run the job at the given descriptor under the time limit alone."""
    confine.arrange([options["job"], options["results"], 1, 2])
    cpu = max(1, math.ceil(options["cpu"]))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))
    harness.settle(options["folder"])
    harness.main()

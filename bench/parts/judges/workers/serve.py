"""The loop of a worker: pairs come as lines of JSON on standard input, verdicts go out the same way.

Only the standard library: the workers of the peers run in environments of their own.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

Judge = Callable[[dict[str, Any]], tuple[str, str]]
"""A pair in; equal, different, undecided or unreadable out, and a line of evidence."""


def serve(judge: Judge) -> None:
    """Answer every line; a judge that raises has `crashed`, and the next line is read all the same."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # a peer that prints must not garble the channel
    print(json.dumps({"status": "ready"}), file=channel, flush=True)
    for line in sys.stdin:
        pair = json.loads(line)
        began = time.perf_counter()
        try:
            status, evidence = judge(pair)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding to report
            status, evidence = "crashed", f"{type(error).__name__}: {error}"[:200]
        seconds = time.perf_counter() - began
        reply = {"status": status, "evidence": evidence, "seconds": seconds, "peak": _peak()}
        print(json.dumps(reply), file=channel, flush=True)


def _peak() -> float:
    """The largest memory this process has held, in megabytes (Linux; 0 elsewhere)."""
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as lines:
            return next((int(s.split()[1]) / 1024 for s in lines if s.startswith("VmHWM:")), 0.0)
    except OSError:
        return 0.0

"""Hostile texts, from the benchmark's list: a verdict or a refusal, quickly and in little memory."""

import runpy
import time
from pathlib import Path
from typing import Any

import pytest

from grader.expressions.comparing import compare_texts

ROOT = Path(__file__).resolve().parents[2]
PROBES: tuple[Any, ...] = runpy.run_path(str(ROOT / "bench" / "equivalence_hostile.py"))["PROBES"]
SECONDS, MEGABYTES = 2.5, 500.0


def held() -> float:
    """Megabytes this process has held at most."""
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


@pytest.mark.parametrize("probe", PROBES, ids=[probe.name.replace(" ", "-") for probe in PROBES])
def test_hostile_texts_are_answered_in_time(probe: Any) -> None:
    began, before = time.perf_counter(), held()
    found = compare_texts(probe.answer, probe.reference, domains={})
    assert time.perf_counter() - began < SECONDS
    assert held() - before < MEGABYTES
    assert found.status != "equal" or probe.equal


def test_the_list_is_as_long_as_promised() -> None:
    assert len({(probe.answer, probe.reference) for probe in PROBES}) == len(PROBES) >= 40

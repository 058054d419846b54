"""Hostile texts, from the benchmark's list: a verdict or a refusal, with bounded work and in little memory."""

import runpy
from pathlib import Path
from typing import Any

import pytest

from grader.expressions.budget import Budget
from grader.expressions.comparing import compare_texts
from grader.expressions.limits import MAX_LOOP_STEPS
from tests.expressions.effort import JUDGING, at_most

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "bench" / "parts" / "judges" / "hostile.py"
PROBES: tuple[Any, ...] = runpy.run_path(str(LIST))["PROBES"]
MEGABYTES = 500.0


def held() -> float:
    """Megabytes this process has held at most."""
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


@pytest.mark.parametrize("probe", PROBES, ids=[probe.name.replace(" ", "-") for probe in PROBES])
def test_hostile_texts_are_answered(probe: Any) -> None:
    before = held()
    with at_most(JUDGING):
        found = compare_texts(probe.answer, probe.reference, domains={})
    assert held() - before < MEGABYTES
    assert found.status != "equal" or probe.equal


@pytest.mark.parametrize("name", ["sums in each other", "integrals in each other"])
def test_nested_loops_stop_at_the_budget(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hours of sums and integrals: the steps that are counted stay within what one judgement may take."""
    spent: list[int] = []
    allowed = Budget.spend

    def counted(self: Budget, *cost: int) -> None:
        before = self.left
        allowed(self, *cost)
        spent.append(before - self.left)

    monkeypatch.setattr(Budget, "spend", counted)
    probe = next(probe for probe in PROBES if probe.name == name)
    found = compare_texts(probe.answer, probe.reference, domains={})
    assert found.status == "undecided"
    assert 0 < sum(spent) <= MAX_LOOP_STEPS


def test_the_list_is_as_long_as_promised() -> None:
    assert len({(probe.answer, probe.reference) for probe in PROBES}) == len(PROBES) >= 40

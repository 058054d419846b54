"""What helps a run dies under it: the process that programs are forked from, a worker of a cluster. Nothing changes."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

import pytest

from tests.conftest import EXAM, RUBRIC
from tests.engine.test_cluster import Machines
from tests.faults.kills import (
    PATIENCE,
    counts,
    done_twice,
    finish,
    make_class,
    reports,
    start,
    what_stands,
)
from tests.sandbox.host import INSIDE, processes

SEED = 5
CODE_QUESTION = """\
  4:
    title: A function
    points: 2
    ask: Write `f(x)` that doubles.
    response: {kind: code, entry: f, allow: [numpy]}
"""
CODE_ITEM = """\
  4:
    kind: code
    reference: f.py
    limits: {cpu: 1, memory: 64}
    draws: 2
    inputs: {x: {integers: [3, 9]}}
    criteria:
      double: {credit: 1, say: It doubles., run: f(x)}
    solution: Add it to itself.
    examples:
      - {answer: "def f(x):\\n    return x + x", credit: 1}
"""


def make_programs(root: Path, candidates: int) -> None:
    """A class whose every program is another."""
    for folder in ("exams", "rubrics/small", "submissions/small"):
        (root / folder).mkdir(parents=True)
    (root / "exams/small.yaml").write_text(EXAM + CODE_QUESTION, encoding="utf-8")
    (root / "rubrics/small.yaml").write_text(RUBRIC + CODE_ITEM, encoding="utf-8")
    (root / "rubrics/small/f.py").write_text("def f(x):\n    return 2 * x\n", encoding="utf-8")
    for number in range(candidates):
        wrong = " + 1" if number % 3 == 0 else ""
        (root / f"submissions/small/c{number}.yaml").write_text(
            f"candidate: c{number}\nanswers:\n  4: |\n    def f(x):\n"
            f"        # {number}\n        for _ in range(1_000_000):\n            pass\n        return 2 * x{wrong}\n",
            encoding="utf-8",
        )


def jailers(run: int) -> list[int]:
    """Processes of a run that programs are forked from."""
    found = []
    for pid in processes(run):
        try:
            line = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if str(INSIDE).encode() in line:
            found.append(pid)
    return found


@pytest.mark.usefixtures("programs")
def test_a_killed_zygote(tmp_path: Path) -> None:
    alone, hurt = tmp_path / "alone", tmp_path / "hurt"
    for root in (alone, hurt):
        make_programs(root, candidates=12)
    finish(alone)
    process = start(hurt)
    while not (found := jailers(process.pid)) or counts(hurt)["scores"] < 4:
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    for pid in found:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    assert what_stands(hurt) == what_stands(alone)
    assert reports(hurt) == reports(alone)
    assert not done_twice(hurt)


def test_a_cluster_that_loses_a_worker(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="pip install 'examgrader[cluster]'")
    alone, there, folder = (tmp_path / name for name in ("alone", "there", "machines"))
    for root in (alone, there):
        make_class(root, SEED)
    folder.mkdir()
    finish(alone)
    machines = Machines(folder)
    try:
        options = ("--no-nanny", "--nthreads", "1", "--name")
        victim, survivor = (machines.worker(*options, name) for name in ("victim", "survivor"))
        machines.joined(2)
        with distributed.Client(
            machines.address.replace("dask:", "tcp:"), set_as_default=False
        ) as client:
            workers = client.scheduler_info(n_workers=-1)["workers"]
            (address,) = [name for name, one in workers.items() if one["name"] == "victim"]
            process = start(there, "--engine", machines.address)
            while not client.processing()[address]:  # it has work from here on
                assert process.poll() is None, process.communicate()
            victim.kill()
            said, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, said
        assert survivor.poll() is None
    finally:
        machines.stop()
    assert reports(there) == reports(alone)
    assert what_stands(there) == what_stands(alone)
    assert not done_twice(there)

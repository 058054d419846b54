"""Several programs at one exam: a second run waits its turn, readers are never in the way, a dead holder is no holder."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.faults.kills import (
    ROOT,
    done_twice,
    finish,
    kill,
    ledger_of,
    make_class,
    reports,
    start,
)

SEED = 3
READER = """
import sys
from pathlib import Path
from grader.ledger import Ledger
path, stop = Path(sys.argv[1]), Path(sys.argv[2])
rounds, most = 0, 0
while not stop.exists():
    ledger = Ledger(path)
    acts = len(ledger.acts())
    standings = list(ledger.standings())
    numbers = {number for one in standings for number, _, _ in one.scores.values()}
    assert ledger.scores(numbers).keys() == numbers
    ledger.entries_numbered(n for one in standings for n in one.entries)
    for one in standings[:3]:
        assert ledger.history(one.candidate)
    ledger.close()
    assert len(standings) >= most, "nobody leaves"
    rounds, most = rounds + 1, len(standings)
    if rounds == 1:
        print("reading", flush=True)
print(rounds, acts, most)
"""


def test_two_runs_at_once_and_readers_meanwhile(tmp_path: Path) -> None:
    alone, both, stop = tmp_path / "alone", tmp_path / "both", tmp_path / "stop"
    for root in (alone, both):
        make_class(root, SEED)
    finish(alone)
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(ledger_of(both)), str(stop)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == "reading\n"
    first = start(both)
    while not ledger_of(both).exists():  # the first holds it now
        assert first.poll() is None
        time.sleep(0.002)
    second = start(both)
    said = [process.communicate(timeout=120)[0] for process in (first, second)]
    stop.touch()
    read, _ = reader.communicate(timeout=60)
    assert [first.returncode, second.returncode] == [0, 0], said
    assert "Waiting:" not in said[0]
    assert "Waiting: grader grade small by " in said[1]
    assert f"(process {first.pid})" in said[1]
    assert reader.returncode == 0, read
    rounds, _, most = map(int, read.split())
    assert rounds > 1
    assert most > 60
    assert reports(both) == reports(alone)
    assert not done_twice(both)


def test_a_killed_holder_is_no_holder(tmp_path: Path) -> None:
    make_class(tmp_path, SEED, candidates=3)
    process = start(tmp_path)
    holder = ledger_of(tmp_path).with_name("ledger.sqlite.holder")
    while not holder.exists():
        assert process.poll() is None
        time.sleep(0.002)
    kill(process)
    assert holder.exists()
    assert "Waiting" not in finish(tmp_path)
    assert not holder.exists()

"""A cluster gives what one machine gives, whatever becomes of its workers; those that do not fit get nothing."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader.engine import cluster, crew
from grader.engine.base import CHUNK, Lost, Setup
from grader.engine.card import Card, misfit, own_card
from grader.engine.cluster import CHUNKS_AHEAD, Cluster
from grader.engine.pool import Pool
from grader.errors import EngineError
from grader.sandbox import Level
from tests.engine.pieces import CRASHES, HANGS, RAISES, make, mark, work

pytest.importorskip("distributed", reason="pip install 'examgrader[cluster]'")

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
SHORT_DEADLINE = "import grader.engine.pool\ngrader.engine.pool.DEADLINE = 0.5\n"
"""What Dask lets every worker run first: nobody waits half a minute for a piece that hangs."""
SETUP = Setup(make, (100,))
CARD = own_card(programs=False)


def wait_for(what: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def end(process: subprocess.Popen[bytes], asking: bool) -> None:
    if asking:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)
    process.kill()
    process.wait()


class Machines:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "scheduler.json"
        self.started: list[subprocess.Popen[bytes]] = []
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        wait_for(lambda: self.file.exists() and self.file.read_text().endswith("}"))
        self.address = json.loads(self.file.read_text())["address"].replace("tcp:", "dask:")

    def _start(self, program: str, *options: str, **settings: str) -> subprocess.Popen[bytes]:
        line = [sys.executable, "-m", "dask", program, *options]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **settings}
        with (self.folder / "log").open("ab") as log:
            started = subprocess.Popen(
                [*line, "--scheduler-file", str(self.file)],
                env=environment,
                cwd=self.folder,
                stderr=log,
            )
        self.started.append(started)
        return started

    def worker(self, *options: str, **settings: str) -> subprocess.Popen[bytes]:
        preload = self.folder / "preload.py"
        preload.write_text(SHORT_DEADLINE, encoding="utf-8")
        options = (*options, "--no-dashboard", "--nworkers", "1", "--host", "127.0.0.1")
        options = (*options, "--local-directory", str(self.folder))
        return self._start("worker", *options, "--preload", str(preload), **settings)

    def plain_worker(self) -> subprocess.Popen[bytes]:
        return self.worker("--no-nanny", "--nthreads", "1")

    def stop(self) -> None:
        """End all of them: a nanny by asking, as it has a worker to end, the others at once."""
        for one in reversed(self.started):
            end(one, asking="--nanny" in one.args)

    def joined(self, count: int) -> None:
        """Wait until so many workers are known to the scheduler."""
        from distributed import Client

        with Client(self.address.replace("dask:", "tcp:"), set_as_default=False) as client:
            wait_for(lambda: len(client.scheduler_info(n_workers=-1)["workers"]) == count)


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """Two workers: one with two threads, one under a nanny that lets it have children."""
    started = Machines(tmp_path_factory.mktemp("machines"))
    started.worker("--no-nanny", "--nthreads", "2")
    started.worker("--nanny", "--nthreads", "1", DASK_DISTRIBUTED__WORKER__DAEMON="False")
    started.joined(2)
    yield started
    started.stop()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Machines]:
    started = Machines(tmp_path)
    yield started
    started.stop()


def test_a_cluster_gives_what_one_machine_gives(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.engine.pool.DEADLINE", 0.5)
    with Pool(SETUP, 2) as pool:
        here = dict(pool.run(work, range(50)))
    with Cluster(machines.address, SETUP, CARD) as there:
        found = list(there.run(work, range(50)))
        assert len(found) == 50
        assert dict(found) == here
        assert {piece for piece, result in found if isinstance(result, Lost)} == {
            CRASHES,
            RAISES,
            HANGS,
        }
        assert dict(there.run(work, [10, 11])) == {10: 110, 11: 111}
        assert all(one.poll() is None for one in machines.started)
    with Cluster(machines.address, Setup(make, (200,)), CARD) as other:
        assert dict(other.run(work, [10, 10, 11])) == {10: 210, 11: 211}
        assert list(other.run(work, [])) == []


def test_pieces_are_taken_only_as_there_is_room(machines: Machines) -> None:
    taken = 0

    def pieces() -> Iterator[int]:
        nonlocal taken
        for number in range(10, 10_000):
            taken += 1
            yield number

    with Cluster(machines.address, SETUP, CARD) as there:
        results = there.run(work, pieces())
        next(results)
        results.close()
        assert taken <= 3 * CHUNKS_AHEAD * CHUNK
        assert dict(there.run(work, [10])) == {10: 110}


def test_a_run_survives_its_workers_but_not_its_scheduler(
    fresh: Machines, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for module in (crew, cluster):
        monkeypatch.setattr(module, "LOOK_SECONDS", 0.2)
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1.0)
    monkeypatch.setattr(crew, "START_SECONDS", 0.1)
    marks = tmp_path / "marks"
    marks.mkdir()
    setup = Setup(Path, (str(marks),))
    with Cluster(fresh.address, setup, CARD) as there, pytest.raises(EngineError, match="joined"):
        there.connect()
    workers = [fresh.plain_worker(), fresh.plain_worker()]
    fresh.joined(2)

    def kill_in_the_middle_of_a_chunk(victim: subprocess.Popen[bytes]) -> None:
        wait_for(lambda: 0 < len(list(marks.glob(f"*-{victim.pid}"))) % CHUNK < CHUNK // 2)
        victim.kill()

    def kill_both_and_start_a_third() -> None:
        kill_in_the_middle_of_a_chunk(workers[0])
        kill_in_the_middle_of_a_chunk(workers[1])
        workers.append(fresh.plain_worker())

    with Cluster(fresh.address, setup, CARD) as there:
        accident = threading.Thread(target=kill_both_and_start_a_third)
        accident.start()
        found = list(there.run(mark, range(400)))
        accident.join()
        assert sorted(found) == [(piece, piece) for piece in range(400)]
        assert [one.poll() is None for one in workers] == [False, False, True]
        assert len(list(marks.iterdir())) > 400  # what was under way was begun again
        results = there.run(mark, range(1000))
        next(results)
        fresh.started[0].kill()
        with pytest.raises(EngineError, match=f"Contact with {fresh.address} was lost"):
            list(results)


def test_workers_that_do_not_fit_are_left_out_by_name(
    machines: Machines, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(ROOT / "grader", tmp_path / "changed" / "grader")
    with (tmp_path / "changed/grader/scoring.py").open("a") as file:
        file.write("# another version\n")
    (tmp_path / "old/grader/engine").mkdir(parents=True)
    (tmp_path / "old/grader/__init__.py").touch()
    missing = "raise ModuleNotFoundError(f'No module named {__name__!r}', name=__name__)\n"
    (tmp_path / "old/grader/engine/__init__.py").write_text(missing, encoding="utf-8")
    start = len(machines.started)
    machines.worker("--no-nanny", PYTHONPATH=str(tmp_path / "changed"))
    machines.worker("--nanny")
    bare = ["--no-nanny", "--no-dashboard", "--host", "127.0.0.1", "--nworkers", "1"]
    machines._start("worker", *bare, PYTHONPATH=str(tmp_path / "old"))
    machines.joined(5)
    try:
        with Cluster(machines.address, SETUP, CARD) as there:
            assert dict(there.run(work, range(10, 300))) == {n: n + 100 for n in range(10, 300)}
        said = caplog.text
        assert said.count("tcp://127.0.0.1") == 3
        assert "runs another version" in said
        assert "Start it with --no-nanny" in said
        assert "it has no grader" in said
        assert said.count(socket.gethostname()) == 2
        with (
            pytest.raises(EngineError, match="can be used") as refusal,
            Cluster(machines.address, SETUP, replace(CARD, engine="fedcba9876543210")) as there,
        ):
            list(there.run(work, [1]))
        assert str(refusal.value).count("\n  tcp://127.0.0.1") == 5
        assert caplog.text == said  # the error says it once
    finally:
        for one in machines.started[start:]:
            end(one, asking="--nanny" in one.args)
        machines.joined(2)


def test_workers_are_asked_how_they_confine_programs(machines: Machines) -> None:
    mine = own_card(programs=True)
    assert mine.level is not None
    with Cluster(machines.address, SETUP, mine) as there:
        assert len(there.connect().addresses) == 2
        assert dict(there.run(work, [10], seconds=1.0)) == {10: 110}


def test_a_lower_level_does_not_do() -> None:
    required = replace(CARD, level=Level.NAMESPACES)
    assert "only to level kernel" in misfit(replace(CARD, level=Level.KERNEL), required)
    assert "only to level open" in misfit(CARD, required)
    assert misfit(replace(CARD, level=Level.WALL), required) == ""
    assert misfit(Card("other", Level.WALL, "3.11.1", "node7"), CARD)


def test_what_cannot_be_reached_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # taken, and nobody listens
        address = f"dask://127.0.0.1:{held.getsockname()[1]}"
        there = Cluster(address, SETUP, CARD)
        with pytest.raises(EngineError, match=f"Cannot reach {address}"):
            there.connect()
        there.close()


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(EngineError, match=r"pip install 'examgrader\[cluster\]'"):
        Cluster("dask://127.0.0.1", SETUP, CARD).connect()


@pytest.mark.parametrize("address", ["dask://", "tcp://10.0.0.1:1", "dask://a:b", "10.0.0.1:8786"])
def test_an_address_is_written_in_one_way(address: str) -> None:
    with pytest.raises(EngineError, match="write dask://HOST:PORT"):
        Cluster(address, SETUP, CARD)

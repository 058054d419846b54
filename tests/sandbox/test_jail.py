"""The trusted side: limits, deaths, many jobs at once, nothing left open, levels and refusals."""

from __future__ import annotations

import errno
import multiprocessing
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.errors import EngineError
from grader.sandbox import (
    Call,
    Case,
    Jail,
    JailBroken,
    JailClosed,
    Job,
    Level,
    Limits,
    NoZygote,
    Run,
    Status,
    Trusting,
    launch,
    runner,
)
from grader.sandbox import jail as jail_module
from grader.sandbox import run as run_anywhere
from grader.sandbox.channel import Clone
from tests.sandbox.host import processes

ROOT = Path(__file__).parents[2]
ONE = Job(b"def f():\n    return 1", [Case([Call("f")])])
SHORT = Limits(cpu=1, wall=4, memory=256 << 20)


def text(jail: Jail | Trusting, source: str, limits: Limits = SHORT, cases: int = 0) -> Run:
    return jail.run(Job(source.encode(), [Case([Call("f")])] * cases, limits=limits))


def test_which_limit_ended_a_job(jail: Jail) -> None:
    assert text(jail, "while True: pass").limit is Status.CPU
    assert text(jail, "import time; time.sleep(99)", Limits(cpu=1, wall=0.3)).limit is Status.WALL
    assert text(jail, "x = bytearray(1 << 30)").limit is Status.MEMORY
    assert text(jail, "while True: print('x' * 999)").limit is Status.OUTPUT
    assert text(jail, "1").limit is None
    assert "1 s of CPU" in text(jail, "while True: pass").detail


def test_memory_within_the_limit_is_given(jail: Jail) -> None:
    assert text(jail, "x = bytearray(200 << 20)").status is Status.OK
    assert text(jail, "x = bytearray(300 << 20)").status is Status.MEMORY


def test_much_output_is_cut_and_no_flood(jail: Jail) -> None:
    done = text(jail, "for _ in range(3000): print('x' * 99)")
    assert done.status is Status.OK
    assert done.cut
    assert len(done.stdout) == SHORT.output


def test_cases_before_the_end_are_kept(jail: Jail) -> None:
    source = "n = 0\ndef f():\n    global n\n    n += 1\n    while n == 3: pass\n    return n"
    done = text(jail, source, cases=4)
    assert done.status is Status.CPU
    assert [case.values for case in done.cases] == [(1,), (2,), (), ()]
    assert [case.finished for case in done.cases] == [True, True, False, False]
    assert done.cases[2].status is Status.CPU


def test_what_a_case_is_when_loading_fails(jail: Jail) -> None:
    done = text(jail, "1 / 0", cases=2)
    assert [(case.finished, case.status) for case in done.cases] == [(False, Status.EXCEPTION)] * 2


def test_isolated_cases_keep_their_places(jail: Jail) -> None:
    source = b"import os\ndef f(n):\n    return os._exit(0) if n == 0 else 1 / (n - 1)"
    cases = [Case([Call("f", [n])]) for n in range(4)]
    done = jail.run(Job(source, cases, isolate=True, limits=SHORT))
    assert done.status is Status.PROTOCOL
    assert [case.finished for case in done.cases] == [False, True, True, True]
    assert [case.status.value for case in done.cases] == ["protocol", "exception", "ok", "ok"]
    assert [case.values for case in done.cases[2:]] == [(1.0,), (0.5,)]


def test_isolated_cases_draw_the_numbers_they_draw_together(jail: Jail) -> None:
    source = b"import torch\nfirst = float(torch.rand(1))\ndef f():\n    return [first, float(torch.rand(1))]"
    job = Job(source, [Case([Call("f")])] * 3, seed=5)
    together, apart = jail.run(job), jail.run(replace(job, isolate=True))
    assert [case.values for case in together.cases] == [case.values for case in apart.cases]
    assert len({str(case.values) for case in apart.cases}) == 3


def test_a_dead_zygote_is_replaced_and_its_job_run_again() -> None:
    with Jail() as jail:
        assert jail.run(ONE).status is Status.OK
        jail.break_down()
        assert jail.run(ONE).status is Status.OK
        assert jail.restarts == 1


def test_a_zygote_that_dies_under_a_job() -> None:
    with Jail() as jail:
        jail.start()
        breaker = threading.Timer(0.3, jail.break_down)
        breaker.start()
        done = text(
            jail, "import time\ntime.sleep(1)\ndef f():\n    return 2", Limits(cpu=2), cases=1
        )
        breaker.join()
        assert done.status is Status.OK
        assert done.restarts == 1


def test_a_jail_that_always_dies_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    with Jail() as jail:
        monkeypatch.setattr(jail_module, "converse", _always_lost)
        with pytest.raises(JailBroken):
            jail.run(ONE)


def test_a_jail_that_does_not_start_is_not_tried_for_every_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries: list[launch.Plan] = []

    def refuse(plan: launch.Plan) -> launch.Zygote:
        tries.append(plan)
        raise NoZygote("no room")

    monkeypatch.setattr("grader.sandbox._runners", {})
    monkeypatch.setattr(launch, "start", refuse)
    for _ in range(3):
        with pytest.raises(NoZygote, match="no room"):
            run_anywhere(ONE)
    assert len(tries) == 1


def test_a_jail_that_started_once_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What came in between may pass: another zygote starts with the next job."""
    with Jail() as jail:
        jail.break_down()
        with monkeypatch.context() as patch:
            patch.setattr(launch, "start", _no_room)
            with pytest.raises(NoZygote, match="no room"):
                jail.run(ONE)
        assert jail.run(ONE).status is Status.OK


def _no_room(_: launch.Plan) -> launch.Zygote:
    raise NoZygote("no room")


def _always_lost(clone: Clone, *_: object) -> None:
    clone.end()
    raise jail_module.Lost("gone")


@pytest.mark.parametrize("code", [1, 97, 98, 255])
def test_no_exit_code_speaks_for_the_jail(jail: Jail, code: int) -> None:
    before = jail.restarts
    done = text(jail, f"import os; os._exit({code})")
    assert done.status is Status.PROTOCOL
    assert (done.restarts, jail.restarts) == (0, before)


def test_a_clone_that_cannot_be_confined_is_no_danger_to_others(
    jail: Jail, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its job is tried again and then reported; the zygote lives."""
    before, tries = jail.pid, []
    real = launch.Zygote.clone

    def hurt(zygote: launch.Zygote) -> Clone:
        clone = real(zygote)
        tries.append(clone)
        clone.kill()
        return clone

    with monkeypatch.context() as patch:
        patch.setattr(launch.Zygote, "clone", hurt)
        with pytest.raises(JailBroken):
            jail.run(ONE)
    assert len(tries) == jail_module.ATTEMPTS
    assert jail.run(ONE).status is Status.OK
    assert jail.pid == before


def test_a_zygote_without_room_says_so_and_lives() -> None:
    limit = resource.RLIMIT_NPROC
    soft, hard = resource.getrlimit(limit)
    with Jail(wall=False) as jail:
        if os.geteuid() == 0:  # is not counted itself
            resource.setrlimit(limit, (1, hard))
        try:
            jail.start()
        finally:
            resource.setrlimit(limit, (soft, hard))
        zygote = jail.pid
        assert zygote is not None
        if os.geteuid() != 0:
            resource.prlimit(zygote, limit, (1, hard))
        with pytest.raises(JailBroken, match="clone"):
            _run_twice(jail)
        assert (jail.pid, jail.restarts) == (zygote, 0)
        assert _alive_now(zygote)


def _run_twice(jail: Jail) -> None:
    """One clone may have been waiting already."""
    jail.run(ONE)
    jail.run(ONE)


def _alive_now(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_jail_outlives_the_thread_that_started_it() -> None:
    with Jail() as jail:
        starter = threading.Thread(target=jail.start)
        starter.start()
        starter.join()
        pid = jail.pid
        assert jail.run(ONE).status is Status.OK
        assert jail.run(ONE).status is Status.OK
        assert (jail.pid, jail.restarts) == (pid, 0)


def test_no_more_than_some_jobs_at_once(jail: Jail, monkeypatch: pytest.MonkeyPatch) -> None:
    most = jail_module.JOBS_PER_CORE * (os.cpu_count() or 1)
    now, peak, lock = 0, 0, threading.Lock()
    real = jail_module.converse

    def counted(*words: Any) -> object:
        nonlocal now, peak
        with lock:
            now += 1
            peak = max(peak, now)
        try:
            return real(*words)
        finally:
            with lock:
                now -= 1

    monkeypatch.setattr(jail_module, "converse", counted)
    results: list[Run] = []
    threads = [
        threading.Thread(target=lambda: results.append(jail.run(ONE))) for _ in range(most + 20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [run.status for run in results] == [Status.OK] * (most + 20)
    assert 1 < peak <= most


def test_a_closed_jail_stays_closed() -> None:
    jail = Jail()
    caught: list[BaseException] = []

    def under_way() -> None:
        try:
            text(jail, "import time\ntime.sleep(60)", Limits(wall=60))
        except EngineError as failure:
            caught.append(failure)

    thread = threading.Thread(target=under_way)
    jail.start()
    thread.start()
    family = processes(jail.pid or 0)
    jail.close()
    thread.join()
    with pytest.raises(JailClosed, match="closed"):
        jail.run(ONE)
    assert [type(failure) for failure in caught] == [JailClosed]
    assert jail.pid is None
    assert not any(_alive(pid) for pid in family)


def test_a_forked_process_gets_its_own_jail(jail: Jail) -> None:
    jail.start()
    ours = runner()
    assert isinstance(ours, Jail)
    ours.start()
    context = multiprocessing.get_context("fork")
    said = context.SimpleQueue()
    workers = [context.Process(target=_in_a_fork, args=(jail, ours.pid, said)) for _ in range(2)]
    for worker in workers:
        worker.start()
    answers = [said.get() for _ in workers]
    for worker in workers:
        worker.join()
    assert [answer[:3] for answer in answers] == [("JailClosed", (1,), True)] * 2
    assert answers[0][3] != answers[1][3]
    assert jail.run(ONE).status is run_anywhere(ONE).status is Status.OK
    assert (jail.restarts, ours.restarts) == (0, 0)


def _in_a_fork(jail: Jail, parents: int, said: multiprocessing.SimpleQueue) -> None:
    try:
        jail.run(ONE)
        refusal = ""
    except EngineError as failure:
        refusal = type(failure).__name__
    jail.close()
    values = run_anywhere(ONE).cases[0].values
    own = runner()
    assert isinstance(own, Jail)
    said.put((refusal, values, own.pid != parents, own.pid))
    own.close()


def test_nothing_stays_open_after_failures(
    jail: Jail, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    jail.run(ONE)
    temporary = tempfile.gettempdir()
    before = len(os.listdir("/proc/self/fd")), _work_folders(temporary)
    broken = launch.Plan(wall=False, preload=("no_such_module",))
    with pytest.raises(launch.NoZygote, match="no_such_module"):
        launch.start(broken)
    with monkeypatch.context() as patch:
        patch.setattr(launch, "_command", lambda *_: [str(tmp_path / "none")])
        with pytest.raises(launch.NoZygote, match="did not start"):
            launch.start(launch.Plan(wall=False))
    for place in ("sealed", "socket.send_fds", "_Conversation.read", "Stream.take"):
        with monkeypatch.context() as patch:
            patch.setattr(f"grader.sandbox.channel.{place}", _full)
            with pytest.raises((OSError, JailBroken)):
                jail.run(ONE)
    assert (len(os.listdir("/proc/self/fd")), _work_folders(temporary)) == before
    assert jail.run(ONE).status is Status.OK


def _full(*_: object) -> None:
    raise OSError(errno.EMFILE, "Too many open files")


def _work_folders(temporary: str) -> set[str]:
    return {name for name in os.listdir(temporary) if name.startswith("grader-jail-")}


def test_many_threads_share_one_jail(jail: Jail) -> None:
    results: list[Run] = []
    threads = [threading.Thread(target=lambda: results.append(jail.run(ONE))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [run.cases[0].values for run in results] == [(1,)] * 8


def test_nothing_is_left_open_or_running(jail: Jail) -> None:
    jail.run(ONE)
    files, running = len(os.listdir("/proc/self/fd")), len(processes(jail.pid or 0))
    for _ in range(20):
        jail.run(ONE)
        text(jail, "import os; os._exit(3)")
    assert len(os.listdir("/proc/self/fd")) == files
    assert len(processes(jail.pid or 0)) <= running + 1


def test_closing_ends_every_process() -> None:
    with Jail() as jail:
        jail.run(ONE)
        family = processes(jail.pid or 0)
        assert len(family) > 1
    assert not any(Path(f"/proc/{pid}/statm").exists() and _alive(pid) for pid in family)


def _alive(pid: int) -> bool:
    """Not yet gone within a moment: the kernel ends a family one by one."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return False
    try:
        return not select.select([handle], [], [], 5)[0]
    finally:
        os.close(handle)


@pytest.mark.parametrize("end", ["killed", "done"])
def test_the_jail_dies_with_its_owner(end: str) -> None:
    script = "import sys\nfrom grader.sandbox import Job, run, runner\nrun(Job(b''))\nprint(runner().pid, flush=True)\nsys.stdin.read()"
    owner = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with owner:
        assert owner.stdout is not None
        assert owner.stdin is not None
        root = int(owner.stdout.readline())
        family = processes(root)
        if end == "killed":
            owner.send_signal(signal.SIGKILL)
        owner.stdin.close()
        assert owner.wait() == (-signal.SIGKILL if end == "killed" else 0)
    assert len(family) > 1
    assert not any(_alive(pid) for pid in family)


def test_a_job_that_cannot_be_sent() -> None:
    with pytest.raises(TypeError, match="object cannot be sent"):
        Jail().run(Job(b"", [Case([Call("f", [object()])])]))


def test_trusted_code_runs_without_a_jail() -> None:
    done = Trusting().run(Job(b"print('x')\ndef f():\n    return 1", [Case([Call("f")])]))
    assert (done.status, done.level, done.cases[0].values) == (Status.OK, Level.OPEN, (1,))
    assert done.stdout == "x\n"


def test_trust_does_not_open_a_jail_that_works() -> None:
    assert isinstance(runner(trust_code=True), Jail)
    assert run_anywhere(ONE).cases[0].values == (1,)

"""One writer at a time: who comes second is told who is at it, and waits; a dead holder holds nothing."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader.errors import EngineError
from grader.ledger import lock, only_writer

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from grader.ledger import only_writer
with only_writer(Path(sys.argv[1]), "grader grade small", print):
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another program that holds a ledger until it is given a line."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        yield other
        other.kill()


def test_the_second_is_told_who_is_at_it_and_waits(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with holder(path) as other:
        told: list[str] = []

        def waiting(who: str) -> None:
            told.append(who)
            assert other.stdin is not None
            other.stdin.write("let go\n")
            other.stdin.flush()

        with only_writer(path, "second", waiting):
            assert other.wait(20) == 0
    (who,) = told
    assert who.startswith("grader grade small by ")
    assert f"(process {other.pid})" in who


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with holder(path) as other:
        other.kill()
        other.wait()
        assert path.with_name("ledger.sqlite.holder").exists(), "it had no time to clear up"
        start, told = time.monotonic(), list[str]()
        with only_writer(path, "next", told.append):
            assert time.monotonic() - start < 5
        assert told == []


def test_a_holder_whose_name_is_not_written_yet(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with holder(path) as other:
        path.with_name("ledger.sqlite.holder").write_text('{"doing":')

        def waiting(who: str) -> None:
            assert who == "another run"
            other.kill()

        with only_writer(path, "second", waiting):
            pass


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "look at the rights")],
)
def test_a_folder_that_takes_no_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    def enter() -> None:
        with only_writer(tmp_path / "ledger.sqlite", "first", print):
            raise AssertionError("it cannot be held")

    with monkeypatch.context() as patch:
        patch.setattr(lock, "_write", refuse)
        with pytest.raises(EngineError, match=said):
            enter()
    with only_writer(tmp_path / "ledger.sqlite", "again", pytest.fail):
        pass


def test_a_failure_inside_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"

    def fail() -> None:
        with only_writer(path, "first", print):
            raise OSError(errno.ENOENT, "something of the run's own")

    with pytest.raises(OSError, match="own"):
        fail()
    with only_writer(path, "second", pytest.fail):
        assert path.with_name("ledger.sqlite.holder").exists()
    assert not path.with_name("ledger.sqlite.holder").exists()

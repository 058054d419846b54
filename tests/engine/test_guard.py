"""The guard: results come back, and what hangs, dies or eats memory costs only itself."""

import os
import time

import pytest

from grader.engine.guard import Guard, Overrun


def work(piece: str) -> object:
    """Misbehaves as told."""
    match piece:
        case "hang":
            time.sleep(60)
        case "die":
            os._exit(3)
        case "eat":
            return len(bytearray(2_000_000_000))
    return piece.upper()


def pid_of(_: str) -> int:
    return os.getpid()


def test_results_come_back_from_one_worker() -> None:
    with Guard(pid_of) as guard:
        assert guard.one("a") == guard.one("b") != os.getpid()


@pytest.mark.parametrize(
    ("piece", "says"), [("hang", "longer than 0.2 s"), ("die", "exit code 3"), ("eat", "memory")]
)
def test_what_misbehaves_is_stopped_and_the_next_piece_is_done(piece: str, says: str) -> None:
    with Guard(work, seconds=0.2) as guard:
        assert guard.one("a") == "A"
        with pytest.raises(Overrun, match=says):
            guard.one(piece)
        assert guard.one("b") == "B"


def test_nothing_is_left_running() -> None:
    with Guard(pid_of) as guard:
        pid = guard.one("")
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)

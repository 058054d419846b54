"""A piece of work that crashes, hangs or raises costs only itself."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from grader.engine import base
from grader.engine.base import Lost, Setup
from grader.engine.pool import CHUNKS_AHEAD, Pool


def make(offset: int) -> int:
    return offset


def work(offset: int, piece: int) -> int:
    if piece == 3:
        os._exit(7)
    if piece == 5:
        raise ValueError("five")
    if piece == 7:
        time.sleep(60)
    return piece + offset


def test_each_piece_gets_its_result_or_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.engine.pool.DEADLINE", 1.0)
    with Pool(Setup(make, (100,)), 2) as pool:
        results = dict(pool.run(work, range(10)))
    assert set(results) == set(range(10))
    lost = {piece: result.reason for piece, result in results.items() if isinstance(result, Lost)}
    assert set(lost) == {3, 5, 7}
    assert "died" in lost[3]
    assert "five" in lost[5]
    assert "longer than" in lost[7]
    assert all(results[piece] == piece + 100 for piece in results.keys() - lost.keys())


def test_no_work_starts_no_process() -> None:
    with Pool(Setup(make, (1,)), 2) as pool:
        assert list(pool.run(work, [])) == []
        assert pool._processes is None


def test_pieces_are_taken_only_as_there_is_room() -> None:
    taken = 0

    def pieces() -> Iterator[int]:
        nonlocal taken
        for number in range(10, 10_000):
            taken += 1
            yield number

    with Pool(Setup(make, (0,)), 1) as pool:
        next(iter(pool.run(work, pieces())))
    assert taken <= (CHUNKS_AHEAD + 1) * base.CHUNK


def test_workers_are_kept_between_runs() -> None:
    with Pool(Setup(make, (1,)), 1) as pool:
        assert dict(pool.run(work, [1])) == {1: 2}
        kept = pool._processes
        assert dict(pool.run(work, [2])) == {2: 3}
        assert pool._processes is kept

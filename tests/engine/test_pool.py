"""A piece of work that crashes, hangs or raises costs only itself."""

from __future__ import annotations

import os
import time

from grader.engine.pool import Job, Lost, run


def setup(offset: int) -> int:
    return offset


def work(offset: int, piece: int) -> int:
    if piece == 3:
        os._exit(7)
    if piece == 5:
        raise ValueError("five")
    if piece == 7:
        time.sleep(60)
    return piece + offset


def test_each_piece_gets_its_result_or_a_reason() -> None:
    results = dict(run(Job(setup, (100,), work), list(range(10)), workers=2, deadline=1.0))
    assert set(results) == set(range(10))
    lost = {piece: result.reason for piece, result in results.items() if isinstance(result, Lost)}
    assert set(lost) == {3, 5, 7}
    assert "died" in lost[3]
    assert "five" in lost[5]
    assert "longer than" in lost[7]
    assert all(results[piece] == piece + 100 for piece in results.keys() - lost.keys())


def test_no_work_is_fine() -> None:
    assert list(run(Job(setup, (1,), work), [], workers=2)) == []

"""Kill -9 at any moment, then run again: the same final bytes, nothing done twice, no row lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.kills import (
    Undisturbed,
    done_twice,
    points,
    run_trials,
)

SEED = 20240501
POINTS = 10
"""`bench/faults.py` tries fifty."""


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    return Undisturbed(tmp_path_factory.mktemp("undisturbed") / "class", SEED)


def test_the_class_has_everything(undisturbed: Undisturbed) -> None:
    assert len(undisturbed.stands) >= 60
    assert undisturbed.counts["scores"] > 100
    assert not done_twice(undisturbed.root)
    book = undisturbed.reports["gradebook.json"].decode()
    for outcome in ("graded", "blank", "unreadable", "review"):
        assert f'"{outcome}"' in book


def test_killed_at_random_moments(undisturbed: Undisturbed, tmp_path: Path) -> None:
    assert run_trials(undisturbed, tmp_path, points(SEED, POINTS)) == []
    assert len(undisturbed.stages) > 1, "not always at the same point"

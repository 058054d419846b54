"""A ledger of format 1, which held decisions only, becomes one of this format; a copy of it is kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import pytest

from grader.ledger import Kind, Ledger, schema
from tests.ledger.building import act, decision

ROWS = [
    ("1a", "a1", "item", "1/2", "nearly", "kari", "2025-06-01T10:00:00+00:00"),
    ("2", "a2", "item", "0", "", "ola", "2025-06-02T10:00:00+00:00"),
    ("1a", "a1", "item", "3/4", "on second thoughts", "ola", "2025-06-03T10:00:00+00:00"),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.sqlite"
    names = ("question", "answer", "item", "credit", "comment", "decided_by", "decided_at")
    columns = ", ".join(f"{name} TEXT NOT NULL" for name in names)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"CREATE TABLE decisions (number INTEGER PRIMARY KEY, {columns})")
        connection.executemany(
            f"INSERT INTO decisions ({', '.join(names)}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            ROWS,
        )
        connection.execute("PRAGMA user_version = 1")
    return path


def old_rows(path: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT * FROM decisions ORDER BY number").fetchall()
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    return [row[1:] for row in rows]


def migrate(path: Path) -> None:
    with Ledger(path).writing(act()):
        pass


def test_decisions_stay_in_force_and_a_copy_is_kept(path: Path) -> None:
    migrate(path)
    ledger = Ledger(path)
    check_decisions(ledger)
    ledger.close()
    assert old_rows(path.with_name("ledger.sqlite.format1")) == ROWS
    with ledger.writing(act()) as writer:
        writer.decisions([decision("a9")])
    assert len(Ledger(path).acts()) == 2


def check_decisions(ledger: Ledger) -> None:
    assert {key: one.credit for key, one in ledger.decisions().items()} == {
        ("1a", "a1"): Fraction(3, 4),
        ("2", "a2"): Fraction(0),
    }
    assert [(one.number, one.comment, one.by) for one in ledger.all_decisions()] == [
        (1, "nearly", "kari"),
        (2, "", "ola"),
        (3, "on second thoughts", "ola"),
    ]
    (migrated,) = ledger.acts()
    assert (migrated.kind, migrated.at) == (Kind.MIGRATED, ROWS[-1][-1])


def test_reading_leaves_an_older_file_as_it_is(path: Path) -> None:
    """Only whoever writes holds the ledger alone; a run of the older version may be at it now."""
    before = path.read_bytes()
    ledger = Ledger(path)
    check_decisions(ledger)
    assert list(ledger.standings()) == []
    ledger.close()
    assert path.read_bytes() == before
    assert {one.name for one in path.parent.iterdir()} == {path.name}
    with ledger.writing(act()) as writer:
        writer.decisions([decision("a9")])
    assert len(ledger.decisions()) == 3, "what was read before does not stay"
    ledger.close()


@pytest.mark.parametrize("step", ["_take_over_decisions", "_guard", "_keep_copy"])
def test_an_interrupted_migration_leaves_the_old_file_usable(
    path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(schema, step, broken)
        with pytest.raises(KeyboardInterrupt):
            migrate(path)
    assert old_rows(path) == ROWS
    migrate(path)
    assert len(Ledger(path).decisions()) == 2
    assert old_rows(path.with_name("ledger.sqlite.format1")) == ROWS


def test_a_copy_that_was_cut_off_is_made_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(schema.os, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            migrate(path)
    assert not path.with_name("ledger.sqlite.format1").exists()
    migrate(path)
    assert len(Ledger(path).decisions()) == 2
    assert old_rows(path.with_name("ledger.sqlite.format1")) == ROWS


def test_an_earlier_copy_is_not_written_over(path: Path) -> None:
    kept = path.with_name("ledger.sqlite.format1")
    kept.write_bytes(b"of another time")
    migrate(path)
    assert kept.read_bytes() == b"of another time"

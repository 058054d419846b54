"""The ledger: rows are only added, everything is there as of any act, and a file that cannot be used says why."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from grader.errors import EngineError
from grader.ledger import Damaged, Entry, Ledger, store, writing
from grader.ledger.faults import explained
from grader.ledger.schema import COLUMNS, FORMAT
from tests.ledger.building import act, damage, decision, filled, judged, standing

ROOT = Path(__file__).parents[2]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = filled(tmp_path / "ledger.sqlite")
    yield made
    made.close()


@pytest.mark.parametrize("table", COLUMNS)
def test_what_was_written_stays(ledger: Ledger, table: str) -> None:
    with closing(sqlite3.connect(ledger.path)) as connection:
        (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
        assert count
        for statement in (f"UPDATE {table} SET sum = ''", f"DELETE FROM {table}"):  # noqa: S608
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(statement)


def test_reading_makes_no_file(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    assert ledger.acts() == []
    assert ledger.decisions() == {}
    assert list(ledger.standings()) == []
    assert ledger.judged_elsewhere("engine") == 0
    assert list(tmp_path.iterdir()) == []


def test_an_act_that_changed_nothing_is_not_recorded(ledger: Ledger) -> None:
    with ledger.writing(act("nothing")) as writer:
        assert writer.number == 0
    assert [one.reason for one in ledger.acts()] == ["first", "second"]


def test_the_state_as_of_any_act(ledger: Ledger) -> None:
    with ledger.writing(act("third")) as writer:
        score = writer.judged(judged("f" * 32))
        writer.standing(replace(standing("c2", 2, score), made_from="later"))
        writer.standing(replace(standing("c3", 3, 3), entries=(), scores={}))
        writer.decisions([decision(credit="1")])
    before = {one.candidate: one for one in ledger.standings(2)}
    now = {one.candidate: one for one in ledger.standings()}
    assert list(before) == ["c1", "c2", "c3"]
    assert list(now) == ["c1", "c2"], "who left is not among them"
    assert before["c2"].scores == {"1a": (2, "a1", "said")}
    assert now["c2"].scores == {"1a": (4, "a1", "said")}
    assert before["c1"] == now["c1"]
    assert [one.act for one in ledger.history("c3")] == [1, 3]
    assert ledger.standings_of(["c3", "nobody"])["c3"].gone
    assert [ledger.decisions(upto)["1a", "a1"].credit for upto in (2, 3)] == [1 / 2, 1]
    assert [one.act for one in ledger.all_decisions()] == [2, 3]
    assert ledger.decisions(1) == {}
    assert [one.reason for one in ledger.acts(2)] == ["first", "second"]


def test_a_clock_going_backwards_changes_nothing(ledger: Ledger) -> None:
    with ledger.writing(act("later by number", at="1999-01-01T00:00:00+00:00")) as writer:
        writer.decisions([replace(decision(credit="0"), at="1999-01-01T00:00:00+00:00")])
        writer.standing(replace(standing("c1", 1, 2)))
    assert [one.number for one in ledger.acts()] == [1, 2, 3]
    assert ledger.decisions()["1a", "a1"].credit == 0
    assert next(ledger.standings()).scores["1a"][0] == 2


def test_what_was_done_before_a_failure_stays(ledger: Ledger) -> None:
    def interrupted() -> None:
        with ledger.writing(act("third")) as writer:
            writer.judged(judged("f" * 32))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert ledger.works(["f" * 32])


def test_what_was_added_is_there_for_others_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of a burst wait for each other, but not for whatever comes after a long time."""
    clock = [100.0]
    monkeypatch.setattr(writing, "monotonic", lambda: clock[0])
    other = Ledger(tmp_path / "ledger.sqlite")
    with Ledger(other.path).writing(act()) as writer:
        writer.judged(judged("1" * 32))
        assert not other.works(["1" * 32])
        clock[0] += writing.COMMIT_SECONDS * 2
        writer.judged(judged("2" * 32))
        assert len(other.works(["1" * 32, "2" * 32])) == 2
        with closing(sqlite3.connect(other.path, timeout=0)) as connection:
            connection.execute("BEGIN IMMEDIATE")  # nobody holds the file meanwhile
    other.close()


def test_an_act_is_not_there_before_what_it_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "COMMIT_SECONDS", -1.0)
    other = Ledger(tmp_path / "ledger.sqlite")
    with Ledger(other.path).writing(act()) as writer:
        writer.record()
        assert other.acts() == []
        writer.judged(judged("1" * 32))
        assert len(other.acts()) == 1
    other.close()


def test_a_reader_sees_what_is_written_later(tmp_path: Path) -> None:
    """Also one that came while nobody was writing, when nothing lies beside the file."""
    path = tmp_path / "ledger.sqlite"
    filled(path).close()
    reader = Ledger(path)
    assert len(reader.acts()) == 2
    for expected in (3, 4):
        with Ledger(path).writing(act("more")) as writer:
            writer.record()
        assert len(reader.acts()) == expected
    reader.close()


def test_entries_of_one_candidate_belong_together(ledger: Ledger) -> None:
    handed = ledger.entries(["c2.yaml"])["c2.yaml"].handed
    with ledger.writing(act("third")) as writer:
        assert handed is not None
        writer.entry(Entry("C2", "b", "r", handed), "C2")
        writer.entry(Entry("c3.yaml", "", "r", None), "c3")
    assert sorted(ledger.grouped_entries()) == [(1,), (4, 2)], "by their names"
    assert sorted(ledger.entry_names()) == ["C2", "c1.yaml", "c2.yaml"]


def test_half_characters_of_people_are_kept_as_they_would_write_them(ledger: Ledger) -> None:
    with ledger.writing(replace(act("\udce6"), by="\ud800")) as writer:
        writer.decisions([decision("a2", comment="\ud800 ŷ")])
    assert ledger.decisions()["1a", "a2"].comment == "\\ud800 ŷ"
    assert (ledger.acts()[-1].by, ledger.acts()[-1].reason) == ("\\ud800", "\\udce6")


def test_a_copy_is_the_same(ledger: Ledger, tmp_path: Path) -> None:
    copy = ledger.copy_to(tmp_path / "copy")
    assert copy.acts() == ledger.acts()
    assert list(copy.standings()) == list(ledger.standings())
    copy.close()


# --- files that cannot be used ---


def test_a_newer_format_is_refused_and_left_alone(ledger: Ledger) -> None:
    ledger.close()
    with closing(sqlite3.connect(ledger.path)) as connection:
        connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    before = ledger.path.read_bytes()
    with pytest.raises(EngineError, match=f"newer version .format {FORMAT + 1}"):
        ledger.acts()
    with pytest.raises(EngineError, match="newer version"), ledger.writing(act()):
        pass
    assert ledger.path.read_bytes() == before


def test_what_is_no_database_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"not a database at all\n" * 500)
    before = path.read_bytes()
    with pytest.raises(Damaged, match="ledger check"):
        Ledger(path).acts()
    with pytest.raises(Damaged, match="ledger check"), Ledger(path).writing(act()):
        pass
    assert path.read_bytes() == before


def test_a_damaged_row_is_named_where_it_is_read(ledger: Ledger) -> None:
    damage(ledger.path, "UPDATE scores SET content = replace(content, 'equal', 'EQUAL')")
    assert ledger.acts()
    with pytest.raises(Damaged, match=r"row 2 of scores is damaged.*ledger check.*ledger rescue"):
        ledger.scores([2])


def test_a_row_that_is_no_text_any_more_is_named(ledger: Ledger) -> None:
    damage(ledger.path, "UPDATE standings SET bonus = CAST(x'ff00fe' AS TEXT) WHERE number = 3")
    with pytest.raises(Damaged, match="row 3 of standings is damaged"):
        list(ledger.standings())


def test_a_row_that_is_gone_is_named(ledger: Ledger) -> None:
    damage(ledger.path, "DELETE FROM scores WHERE number = 2")
    with pytest.raises(Damaged, match="row 2 of scores is missing"):
        ledger.score_contents([1, 2, 3])


def test_a_file_locked_by_another_program(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LOCK_SECONDS", 0.05)
    with closing(sqlite3.connect(ledger.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO papers VALUES (99, '', '', '', '', '')")
        with (
            pytest.raises(EngineError, match="locked by another program"),
            ledger.writing(act()) as writer,
        ):
            writer.record()
        assert len(ledger.acts()) == 2, "reading goes on"
        other.execute("ROLLBACK")


def test_a_file_held_alone_by_another_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "LOCK_SECONDS", 0.05)
    path = tmp_path / "ledger.sqlite"
    filled(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(EngineError, match="locked by another program"):
            Ledger(path).acts()


READ_ONLY = """
import sys
from grader.errors import EngineError
from grader.ledger import Act, Kind, Ledger
from pathlib import Path
ledger = Ledger(Path(sys.argv[1]))
try:
    print(len(ledger.acts()), len(list(ledger.standings())))
    with ledger.writing(Act(Kind.GRADED, "x", "now")) as writer:
        writer.record()
except EngineError as failure:
    print(failure)
"""


def read_only(folder: Path, path: Path) -> str:
    """What a program says to which a folder is read-only, whoever runs it: in a mount namespace of its own."""
    shell = f'mount --bind -o ro "{folder}" "{folder}" && mount -o remount,bind,ro "{folder}" && exec "$@"'
    line = ["unshare", "-rm", "sh", "-c", shell, "sh", sys.executable, "-c", READ_ONLY, str(path)]
    ran = subprocess.run(
        line, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)}, check=False
    )
    if "unshare" in ran.stderr or "mount" in ran.stderr:
        pytest.skip(f"no mount namespaces here: {ran.stderr}")
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.skipif(not shutil.which("unshare"), reason="needs unshare")
def test_a_read_only_disk(ledger: Ledger) -> None:
    ledger.close()
    said = read_only(ledger.path.parent, ledger.path)
    assert said.startswith("2 3\n")
    assert "cannot be opened or written here; look at the rights" in said


@pytest.mark.skipif(not shutil.which("unshare"), reason="needs unshare")
def test_a_read_only_disk_with_rows_beside_the_file(ledger: Ledger, tmp_path: Path) -> None:
    """The last rows of a killed run stand in a log that cannot be read there: nothing is told without them."""
    copy = tmp_path / "copy"
    copy.mkdir()
    with ledger.writing(act("third")) as writer:
        writer.record()
        writer.commit()
        for ending in ("", "-wal"):
            shutil.copy(f"{ledger.path}{ending}", copy)
    said = read_only(copy, copy / ledger.path.name)
    assert "cannot be opened or written here; look at the rights" in said
    assert not said[0].isdecimal()


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (sqlite3.OperationalError("database or disk is full"), "the disk is full; .* run again"),
        (OSError(28, "No space left on device"), "the disk is full"),
        (OSError(30, "Read-only file system"), "look at the rights"),
        (PermissionError(13, "Permission denied"), "look at the rights"),
        (sqlite3.OperationalError("disk I/O error"), "full or failing"),
        (sqlite3.OperationalError("something else"), "cannot be used: something else"),
    ],
)
def test_faults_are_explained(failure: Exception, said: str) -> None:
    assert re.search(said, explained(failure))

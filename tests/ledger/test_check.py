"""`grader ledger`: every damaged row is named, and all that still reads can be kept."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from grader.errors import EngineError
from grader.ledger import Act, Kind, Ledger
from grader.ledger.check import rescue, survey
from tests.cli.conftest import Ran
from tests.conftest import Folder
from tests.ledger.building import act, damage, decision, filled

Run = Callable[..., Ran]
RESCUE = Act(Kind.RESCUED, "kari", "2026-02-02T00:00:00+00:00", "the disk failed")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.sqlite"
    filled(path).close()
    return path


def lost(path: Path) -> list[str]:
    return [str(row) for row in survey(path).lost]


def test_a_sound_ledger(path: Path) -> None:
    found = survey(path)
    assert not found.damaged
    assert found.sound == {
        "acts": 2,
        "papers": 1,
        "runs": 2,
        "entries": 3,
        "scores": 3,
        "standings": 3,
        "decisions": 1,
    }


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE scores SET question = '9x' WHERE number = 2", "row 2 of scores: .*'9x'"),
        ("UPDATE scores SET sum = '' WHERE number = 3", "row 3 of scores: .*'1a'"),
        ("UPDATE scores SET settled = 0 WHERE number = 3", "row 3 of scores"),
        ("UPDATE entries SET handed = '' WHERE number = 1", "row 1 of entries: .*'c1.yaml'"),
        ("UPDATE acts SET by = x'ff' WHERE number = 1", "row 1 of acts"),
        ("UPDATE decisions SET credit = '1'", "row 1 of decisions: .*'1a', credit '1'.*'kari'"),
        ("UPDATE papers SET content = '{}'", "row 1 of papers: .*'rubric'"),
        ("DELETE FROM standings WHERE number = 2", "row 2 of standings: cannot be read"),
    ],
)
def test_every_damaged_row_is_named(path: Path, statement: str, said: str) -> None:
    damage(path, statement)
    (first, *_) = [row for row in lost(path) if "refers" not in row]
    assert re.match(said, first)


def test_what_refers_to_a_lost_row_is_named_too(path: Path) -> None:
    damage(path, "DELETE FROM scores WHERE number = 2")
    assert lost(path) == [
        "row 2 of scores: cannot be read",
        "row 2 of standings: refers to a score that is lost (candidate 'c2')",
    ]


def test_a_torn_page(tmp_path: Path) -> None:
    """Pages in the middle of the file are overwritten: SQLite cannot read them, all others still count."""
    path = tmp_path / "ledger.sqlite"
    filled(path, 400).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (page,) = (
            connection.execute(
                "SELECT pageno FROM dbstat WHERE name = 'scores' AND pagetype = 'leaf'"
                " ORDER BY pageno LIMIT 1 OFFSET 5"
            ).fetchone()
            if has_dbstat(connection)
            else (None,)
        )
    if page is None:
        page = leaf_with(path, size, f"{200:032x}".encode())
    content = bytearray(path.read_bytes())
    content[(page - 1) * size : page * size] = b"\xa5" * size
    path.write_bytes(content)
    found = survey(path)
    assert found.damaged
    assert found.said
    assert 300 < found.sound["scores"] < 400
    assert found.sound["entries"] == 400
    gone = {row.number for row in found.lost if row.table == "scores"}
    assert len(gone) == 400 - found.sound["scores"]
    with pytest.raises(EngineError):
        Ledger(path).scores(range(1, 401))
    done = rescue(path, RESCUE)
    assert done.survey.sound == found.sound
    assert not survey(path).damaged
    assert len(list(Ledger(path).standings())) == 400 - len(gone)


def has_dbstat(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("SELECT 1 FROM dbstat LIMIT 1")
    except sqlite3.OperationalError:
        return False
    return True


def leaf_with(path: Path, size: int, text: bytes) -> int:
    return path.read_bytes().index(text) // size + 1


def test_a_rescue_keeps_all_that_reads(path: Path) -> None:
    before = Ledger(path)
    scores, acts = before.scores([1, 3]), before.acts()
    before.close()
    damage(path, "UPDATE scores SET content = '' WHERE number = 2")
    damage(path, "UPDATE acts SET reason = 'other' WHERE number = 1")
    damaged = path.read_bytes()
    done = rescue(path, RESCUE)
    assert done.kept.read_bytes() == damaged
    assert done.kept.name == "ledger.sqlite.damaged-1"
    ledger = Ledger(path)
    assert ledger.scores([1, 3]) == scores
    assert list(ledger.decisions()) == [("1a", "a1")]
    assert [one.candidate for one in ledger.standings()] == ["c1", "c3"]
    assert set(ledger.entry_names()) == {"c1.yaml", "c2.yaml", "c3.yaml"}
    first, second, third = ledger.acts()
    assert first.reason == "(this act was damaged) other"
    assert second == acts[1]
    assert (third.kind, third.by, third.reason) == (Kind.RESCUED, "kari", "the disk failed")
    ledger.close()
    assert not survey(path).damaged, "what is known to be lost is not told again"
    with Ledger(path).writing(act("later")) as writer:
        writer.decisions([decision("a2")])
        writer.decisions([decision("a3")])
    damage(path, "DELETE FROM decisions WHERE number = 2")
    assert lost(path) == ["row 2 of decisions: cannot be read"], "but what is lost later is"
    assert rescue(path, RESCUE).kept.name == "ledger.sqlite.damaged-2"


def test_a_lost_act_leaves_its_place(path: Path) -> None:
    damage(path, "DELETE FROM acts WHERE number = 1")
    assert lost(path) == ["row 1 of acts: cannot be read"]
    rescue(path, RESCUE)
    assert [one.reason for one in Ledger(path).acts()] == [
        *("this act was lost", "second", "the disk failed"),
    ]


def test_a_lost_act_is_of_the_kind_of_its_rows(path: Path) -> None:
    damage(path, "DELETE FROM acts WHERE number = 2")
    damage(path, "UPDATE acts SET kind = '?' WHERE number = 1")
    rescue(path, RESCUE)
    acts = Ledger(path).acts()
    assert [one.kind for one in acts] == [Kind.GRADED, Kind.DECIDED, Kind.RESCUED]


def test_rows_of_a_killed_run_are_rescued_too(path: Path, tmp_path: Path) -> None:
    """They stand in the log beside the file, which must not be played into the new one."""
    copy = tmp_path / "copy" / path.name
    copy.parent.mkdir()
    with Ledger(path).writing(act("third")) as writer:
        writer.decisions([decision("a2")])
        writer.commit()
        for ending in ("", "-wal"):
            copy.with_name(copy.name + ending).write_bytes(Path(f"{path}{ending}").read_bytes())
    damage(copy, "UPDATE scores SET sum = ''")
    done = rescue(copy, RESCUE)
    assert set(Ledger(copy).decisions()) == {("1a", "a1"), ("1a", "a2")}
    assert survey(done.kept).lost == done.survey.lost
    assert done.survey.sound["scores"] == 0
    assert not survey(copy).damaged


def test_a_rescue_that_was_cut_off_is_begun_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage(path, "DELETE FROM standings WHERE number = 3")
    before = path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr("grader.ledger.check._replace_acts", interrupted)
        with pytest.raises(KeyboardInterrupt):
            rescue(path, RESCUE)
    assert path.read_bytes() == before
    rescue(path, RESCUE)
    assert len(Ledger(path).acts()) == 3


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


# --- the verb ---

ANSWERS = "candidate: {}\nanswers: {{1a: '{}', 1b: '6', 2: Many factors are multiplied.}}\n"


@pytest.fixture
def graded(folder: Folder, run: Run) -> Path:
    for number in range(4):
        folder.submit(f"{number}.yaml", ANSWERS.format(number, number))
    ran = run("grade", "small", "--workers", "1")
    assert ran.code == 0, ran.err
    return folder.root / "reports/small/ledger.sqlite"


def test_check_and_rescue_from_the_command_line(graded: Path, run: Run) -> None:
    reports = {
        name: (graded.parent / name).read_bytes()
        for name in ("gradebook.csv", "gradebook.json", "students/2.html", "index.html")
    }
    ran = run("ledger", "check", "small")
    assert ran.code == 0, ran.err
    assert "Nothing is damaged" in ran.out
    ran = run("ledger", "rescue", "small", "--reason", "why not")
    assert (ran.code, "nothing was done" in ran.out) == (0, True)
    filled_in = "INSERT INTO decisions VALUES (1, '2', 'a', 'i', '1/2', 'fine', 'ola', '', 1, '')"
    damage(graded, filled_in)
    damage(graded, "UPDATE scores SET answer = ''")
    ran = run("grade", "small", "--workers", "1")
    assert ran.code == 3
    assert "is damaged" in ran.err
    assert "grader ledger check" in ran.err
    ran = run("ledger", "check", "small")
    assert ran.code == 1
    assert "row 1 of scores" in ran.out
    assert "decided_by 'ola'" in ran.out
    assert "grader ledger rescue small" in ran.out
    ran = run("ledger", "rescue", "small", "--reason", "the disk failed", "--by", "kari")
    assert ran.code == 0, ran.err
    assert "made again (1)" in ran.out
    assert run("ledger", "check", "small").code == 0
    ran = run("grade", "small", "--workers", "1")
    assert ran.code == 0, ran.err
    assert reports == {name: (graded.parent / name).read_bytes() for name in reports}
    kinds = [one.kind for one in Ledger(graded).acts()]
    assert kinds == [Kind.GRADED, Kind.RESCUED, Kind.GRADED]


def test_a_file_that_is_no_database(graded: Path, run: Run) -> None:
    Ledger(graded).close()
    for ending in ("-wal", "-shm"):
        Path(f"{graded}{ending}").unlink(missing_ok=True)
    graded.write_bytes(b"\0" * 8192)
    for arguments in (("check", "small"), ("rescue", "small", "--reason", "x")):
        ran = run("ledger", *arguments)
        assert ran.code == 1
        assert "backup" in ran.err
    ran = run("grade", "small", "--workers", "1")
    assert ran.code == 3
    assert "ledger check" in ran.err
    assert graded.read_bytes() == b"\0" * 8192
    assert not list(graded.parent.glob("*damaged*"))


def test_nothing_to_check(folder: Folder, run: Run) -> None:
    ran = run("ledger", "check", "small")
    assert ran.code == 1
    assert "there is no ledger" in ran.err

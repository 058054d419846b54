"""What an entry's bytes are called: changes wherever it would be read otherwise, and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.loading import entries
from grader.loading.entries import content_digest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "7"
    path.mkdir()
    for name in ("1a.txt", "1b.txt"):
        (path / name).write_text("3")
    return path


def test_what_cannot_be_opened_hides_nothing_of_the_rest(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = content_digest(folder)
    read_bytes = Path.read_bytes

    def failing(path: Path) -> bytes:
        if path.name == "1a.txt":
            raise PermissionError(13, "Permission denied")
        return read_bytes(path)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", failing)
        before = content_digest(folder)
        (folder / "1b.txt").write_text("4")
        assert content_digest(folder) != before
        (folder / "1b.txt").write_text("3")
        assert content_digest(folder) == before != whole
    assert content_digest(folder) == whole


def test_names_and_contents_are_told_apart(tmp_path: Path) -> None:
    """As parts with their lengths: no file can hold what looks like the next one."""
    found = set()
    for number, content in enumerate(
        ({"a": "", "b": ""}, {"a": "b\x0032768\x00"}, {"a": "b"}, {"ab": ""})
    ):
        folder = tmp_path / str(number) / "7"
        folder.mkdir(parents=True)
        for name, text in content.items():
            (folder / name).write_text(text)
        found.add(content_digest(folder))
    assert len(found) == 4


def test_files_that_are_not_read_do_not_count(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "MAX_FILES", 2)
    before = content_digest(folder)
    for name in ("_notes.txt", ".hidden"):
        (folder / name).write_text("not read")
    assert content_digest(folder) == before
    (folder / "1b.txt").write_text("4")
    assert content_digest(folder) != before, "the last file within the limit"


def test_a_file_too_many_changes_what_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder with too many files is refused with their number."""
    monkeypatch.setattr(entries, "MAX_FILES", 1)
    before = content_digest(folder)
    (folder / "2.txt").write_text("3")
    assert content_digest(folder) != before


def test_a_file_that_is_too_large_is_named_by_its_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "MAX_FILE_BYTES", 0)
    before = content_digest(folder)
    os.utime(folder / "1a.txt", ns=(1, 1))
    assert content_digest(folder) != before


def test_what_is_not_there() -> None:
    assert content_digest(Path("nowhere")) == content_digest(Path("nowhere"))

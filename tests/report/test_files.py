"""Files that are whole or absent, and pages that tell whether they are still right."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from grader.report.files import remove_unfinished, whole, write_atomically
from grader.report.stamp import is_current, stamped

PAGE = '<!DOCTYPE html>\n<html lang="en"><p>Ø\r\n</p></html>\n'


def test_text_is_written_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("old", encoding="utf-8")
    write_atomically(path, PAGE + "\ud800")
    assert path.read_bytes() == PAGE.encode() + b"?"
    assert list(tmp_path.iterdir()) == [path]


def test_others_may_read_it(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    write_atomically(tmp_path / "page", PAGE)
    assert (tmp_path / "page").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_atomically(path, "old")

    def interrupted() -> None:
        with whole(path) as out:
            out.write("new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="needs kill -9")
def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    program = """
import os, signal, sys
from pathlib import Path
from grader.report.files import whole
with whole(Path(sys.argv[1])) as out:
    out.write("half")
    out.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""
    path = tmp_path / "page.html"
    killed = subprocess.run([sys.executable, "-c", program, str(path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not path.exists()
    assert len(list(tmp_path.iterdir())) == 1
    foreign = tmp_path / "notes.part"
    foreign.touch()
    remove_unfinished(tmp_path)
    assert list(tmp_path.iterdir()) == [foreign]


def test_a_stamped_page_knows_itself(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    page = stamped(PAGE, "answers and rubric")
    assert page.startswith(PAGE)
    last = page.removeprefix(PAGE)
    assert last.startswith("<!-- ")
    assert last.endswith(" -->\n")
    assert last.count("-->") == last.count("\n") == 1
    write_atomically(path, page)
    assert is_current(path, "answers and rubric")
    assert not is_current(path, "other answers")


def test_inputs_cannot_leave_the_comment() -> None:
    assert stamped(PAGE, "--><script>\ud800").count("-->") == 1


def test_half_characters_do_not_disturb_the_stamp(tmp_path: Path) -> None:
    write_atomically(tmp_path / "page", stamped("\ud800", "x"))
    assert is_current(tmp_path / "page", "x")


WRITTEN = stamped(PAGE, "x").encode()


@pytest.mark.parametrize(
    "changed",
    [
        b"",
        WRITTEN[:-1],
        WRITTEN[1:],
        WRITTEN + b"\n",
        WRITTEN.replace(b"<p>", b"<b>"),
        WRITTEN.replace(b"\r\n", b"\n"),
        PAGE.encode(),
        b"a page of somebody else",
        b"\xff" * 500,
    ],
)
def test_a_changed_page_is_not_current(tmp_path: Path, changed: bytes) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(changed)
    assert not is_current(path, "x")


def test_what_is_no_file_is_not_current(tmp_path: Path) -> None:
    assert not is_current(tmp_path / "missing.html", "x")
    assert not is_current(tmp_path, "x")

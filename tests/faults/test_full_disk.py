"""A disk that fills up in the middle: it is said, and once there is room the run ends as if nothing had been."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.kills import PATIENCE, ROOT, done_twice, finish, make_class, reports

SEED = 4
SCRIPT = """
set -e
mount -t tmpfs -o size=$1k tmpfs "$2"
cp -a "$3/." "$2/"
shift 3
status=0
"$@" || status=$?
mount -o remount,size=64m "$WHERE"
cp -a "$WHERE/." "$KEPT/"
exit $status
"""
"""Runs a program on a small disk, and keeps what is on it afterwards."""
LIMITED = """
import resource, signal, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from grader.cli import main
main(sys.argv[2:])
"""


def has_namespaces() -> bool:
    """Whether a disk of our own can be mounted here; root in a container often may not."""
    try:
        ran = subprocess.run(
            ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return ran.returncode == 0


def grade_on_small_disk(kept: Path, where: Path, kilobytes: int) -> tuple[int, str]:
    """Grade a class with its workspace on a disk of that size; exit code and what was said."""
    where.mkdir(exist_ok=True)
    grade = [sys.executable, "-m", "grader", "grade", "small", "--workspace", str(where)]
    options = ["--workers", "1", "--by", "kari"]
    line = ["unshare", "-rm", "sh", "-c", SCRIPT, "sh", str(kilobytes), str(where), str(kept)]
    return _run([*line, *grade, *options], {"WHERE": str(where), "KEPT": str(kept)})


def grade_with_small_files(root: Path, kilobytes: int) -> tuple[int, str]:
    """The same where no disk can be mounted: no file may grow larger."""
    line = [sys.executable, "-c", LIMITED, str(kilobytes << 10), "grade", "small"]
    return _run([*line, "--workspace", str(root), "--workers", "1", "--by", "kari"], {})


def _run(line: list[str], variables: dict[str, str]) -> tuple[int, str]:
    ran = subprocess.run(
        line,
        capture_output=True,
        text=True,
        env={**os.environ, **variables, "PYTHONPATH": str(ROOT)},
        timeout=PATIENCE,
        check=False,
    )
    return ran.returncode, ran.stdout + ran.stderr


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    root = tmp_path_factory.mktemp("undisturbed")
    make_class(root, SEED)
    finish(root)
    return reports(root)


@pytest.mark.parametrize("kilobytes", [330, 450, 700])
def test_a_disk_that_fills_up(
    tmp_path: Path, undisturbed: dict[str, bytes], kilobytes: int
) -> None:
    """At these sizes it is full when the ledger is made, in the middle of it, and while reports are written."""
    if not has_namespaces():
        pytest.skip("no disk can be mounted here; the next test stands in")
    kept = tmp_path / "kept"
    make_class(kept, SEED)
    code, said = grade_on_small_disk(kept, tmp_path / "disk", kilobytes)
    assert code == 3, said
    assert "full" in said
    assert "Traceback" not in said
    finish(kept)
    assert reports(kept) == undisturbed
    assert not done_twice(kept)


@pytest.mark.parametrize("kilobytes", [150])
def test_files_that_cannot_grow(
    tmp_path: Path, undisturbed: dict[str, bytes], kilobytes: int
) -> None:
    make_class(tmp_path, SEED)
    code, said = grade_with_small_files(tmp_path, kilobytes)
    assert code == 3, said
    assert "full" in said
    assert "Traceback" not in said
    finish(tmp_path)
    assert reports(tmp_path) == undisturbed
    assert not done_twice(tmp_path)

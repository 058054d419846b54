"""What judges and what writes pages each have a name, which changes with them and with nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from grader.engine import version
from grader.engine.version import engine_digest
from grader.pipeline.pages import printer_digest


def forget() -> None:
    engine_digest.cache_clear()
    printer_digest.cache_clear()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of ours that may be changed."""
    copy = tmp_path / "grader"
    shutil.copytree(version.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(version, "PACKAGE", str(copy))
    forget()
    yield copy
    forget()


def names() -> tuple[str, str]:
    forget()
    return engine_digest(), printer_digest()


@pytest.mark.parametrize(
    ("file", "judges", "prints"),
    [
        ("scoring.py", True, False),
        ("checkers/numeric.py", True, False),
        ("expressions/parser.py", True, False),
        ("exam.py", True, True),
        ("score.py", True, True),
        ("figure.py", False, True),
        ("gradebook/tallying.py", False, True),
        ("pipeline/pages.py", False, True),
        ("pipeline/state.py", False, True),
        ("report/student.py", False, True),
        ("report/templates/student.html", False, True),
        ("pipeline/run.py", False, False),
        ("cli/grade.py", False, False),
    ],
)
def test_changed_code(package: Path, file: str, judges: bool, prints: bool) -> None:
    before = names()
    with (package / file).open("a") as changed:
        changed.write("\n")
    after = names()
    assert (after[0] != before[0], after[1] != before[1]) == (judges, prints)


def test_every_style_sheet_counts(package: Path) -> None:
    before = names()
    for path in package.rglob("*.css"):
        path.write_text("p { color: red }")
    assert names()[1] != before[1]


@pytest.mark.parametrize(
    ("library", "judges", "prints"),
    [
        ("python-flint", True, False),
        ("torch", True, False),
        ("jinja2", False, True),
        ("latex2mathml", False, True),
        ("markdown-it-py", False, True),
        ("markupsafe", False, True),
        ("mdit-py-plugins", False, True),
        ("click", False, False),
    ],
)
def test_another_version_of_a_library(
    monkeypatch: pytest.MonkeyPatch, library: str, judges: bool, prints: bool
) -> None:
    before = names()
    known = metadata.version
    with monkeypatch.context() as patch:
        patch.setattr(version, "version", lambda name: "0" if name == library else known(name))
        after = names()
    forget()
    assert (after[0] != before[0], after[1] != before[1]) == (judges, prints)

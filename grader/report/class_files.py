"""The files about a whole class. A further one is one class here and one entry in `REPORTERS`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from grader.errors import Problem
from grader.exam import Exam
from grader.gradebook import Gradebook, Result, csv_text, gradebook, json_text
from grader.report.class_page import render_class


class Reporter(Protocol):
    """Writes one file about a class."""

    @property
    def name(self) -> str:
        """The file's name."""

    def text(self, book: Gradebook) -> str:
        """Its content; the same gradebook gives the same text."""


class ClassPage:
    """`index.html`: the class at a glance."""

    name = "index.html"

    def text(self, book: Gradebook) -> str:
        return render_class(book)


class CsvTable:
    """`gradebook.csv`: for spreadsheets and learning platforms."""

    name = "gradebook.csv"

    def text(self, book: Gradebook) -> str:
        return csv_text(book)


class JsonDocument:
    """`gradebook.json`: for programs."""

    name = "gradebook.json"

    def text(self, book: Gradebook) -> str:
        return json_text(book)


REPORTERS: tuple[Reporter, ...] = (ClassPage(), CsvTable(), JsonDocument())


def write_class(
    out_dir: Path,
    exam: Exam,
    results: Iterable[Result],
    rubric_digest: str,
    problems: Iterable[Problem] = (),
) -> list[Path]:
    """Write every class file into `out_dir`, which is made if need be; the same bytes for the same results."""
    book = gradebook(exam, rubric_digest, results, problems)
    out_dir.mkdir(parents=True, exist_ok=True)
    return [_write(out_dir / reporter.name, reporter.text(book)) for reporter in REPORTERS]


def _write(path: Path, text: str) -> Path:
    path.write_bytes(text.encode("utf-8", "replace"))
    return path

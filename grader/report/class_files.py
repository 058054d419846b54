"""The files about a whole class. A further one is one class here and one entry in `REPORTERS`.

Results come one by one and are let go of: a class of any size takes the same memory.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import ClassVar, Protocol, TextIO

from grader.errors import Problem
from grader.exam import Exam
from grader.gradebook import (
    ClassCounter,
    ClassStatistics,
    Result,
    candidate_json,
    csv_header,
    csv_row,
)
from grader.report.class_page import ClassPage
from grader.report.files import remove_unfinished, whole


class Reporter(Protocol):
    """Writes one file about a class; the same results give the same bytes."""

    name: ClassVar[str]
    """The file's name."""

    def __init__(self, out: TextIO, exam: Exam, rubric_digest: str, held: ExitStack) -> None:
        """Begin the file. What must be let go of in the end, also after a failure, is entered into `held`."""

    def add(self, result: Result) -> None:
        """Take in the next candidate."""

    def note(self, problem: Problem) -> None:
        """Take in what is wrong with a file that was handed in; comes after all candidates."""

    def finish(self, numbers: ClassStatistics) -> None:
        """End the file."""


class CsvTable:
    """`gradebook.csv` (RFC 4180): for spreadsheets and learning platforms. One line per candidate."""

    name: ClassVar[str] = "gradebook.csv"

    def __init__(self, out: TextIO, exam: Exam, rubric_digest: str, held: ExitStack) -> None:
        self.exam = exam
        self._rows = csv.writer(out, lineterminator="\r\n")
        self._rows.writerow(csv_header(exam))

    def add(self, result: Result) -> None:
        self._rows.writerow(csv_row(self.exam, result))

    def note(self, problem: Problem) -> None:
        """A table of points has no place for it."""

    def finish(self, numbers: ClassStatistics) -> None:
        """Nothing follows the last line."""


class JsonDocument:
    """`gradebook.json`: for programs. One candidate per line, so that a diff shows whose marks moved."""

    name: ClassVar[str] = "gradebook.json"

    def __init__(self, out: TextIO, exam: Exam, rubric_digest: str, held: ExitStack) -> None:
        head = json.dumps({"exam": exam.exam, "rubric_digest": rubric_digest}, ensure_ascii=False)
        out.write(f'{head.removesuffix("}")}, "candidates": [\n')
        self._out = out
        self._between = ""

    def add(self, result: Result) -> None:
        self._out.write(self._between)
        self._out.write(json.dumps(candidate_json(result), ensure_ascii=False))
        self._between = ",\n"

    def note(self, problem: Problem) -> None:
        """Those that matter to a candidate stand in that candidate's object."""

    def finish(self, numbers: ClassStatistics) -> None:
        self._out.write("\n]}\n")


REPORTERS: tuple[type[Reporter], ...] = (ClassPage, CsvTable, JsonDocument)


def write_class(
    out_dir: Path,
    exam: Exam,
    results: Iterable[Result],
    rubric_digest: str,
    problems: Iterable[Problem] = (),
) -> tuple[list[Path], ClassStatistics]:
    """Write every class file into `out_dir`, which is made if need be; the same bytes for the same results.

    `results` must come in the class's order (`natural`). They are read once, and only then `problems`, in any order.
    The files take their places when all of them are whole. Nobody else may be writing them.

    Raises:
        OSError: a file cannot be written; the old files stay.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    remove_unfinished(out_dir)
    counter = ClassCounter(exam)
    paths = [out_dir / reporter.name for reporter in REPORTERS]
    with ExitStack() as held:
        outs = [held.enter_context(whole(path)) for path in paths]
        reporters = [
            reporter(out, exam, rubric_digest, held)
            for reporter, out in zip(REPORTERS, outs, strict=True)
        ]
        for result in results:
            counter.add(result)
            for reporter in reporters:
                reporter.add(result)
        for problem in problems:
            for reporter in reporters:
                reporter.note(problem)
        numbers = counter.statistics()
        for reporter in reporters:
            reporter.finish(numbers)
    return paths, numbers

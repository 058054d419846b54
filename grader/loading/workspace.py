"""A folder laid out as `exams/ rubrics/ submissions/ reports/`, and what is loaded from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader.checkers.code.sourcefile import READER
from grader.errors import AuthorError, Problem, SubmissionError
from grader.exam import Exam, inconsistencies
from grader.loading.models import M, build, nearest
from grader.loading.text import read_text
from grader.loading.yaml import Document, load_yaml
from grader.rubric import Paper, Rubric, mismatches


@dataclass(frozen=True)
class Workspace:
    """Where the users' files lie."""

    root: Path

    def exams(self) -> list[str]:
        """Ids of all exams, sorted."""
        return sorted(path.stem for path in (self.root / "exams").glob("*.yaml"))

    def submissions(self, exam: str) -> Path:
        return self.root / "submissions" / exam

    def reports(self, exam: str) -> Path:
        return self.root / "reports" / exam

    def ledger(self, exam: str) -> Path:
        """What people decided; it stays here wherever reports are written."""
        return self.reports(exam) / "ledger.sqlite"

    def shown(self, path: Path) -> str:
        """A path as people know it: from the workspace where it lies inside."""
        return str(path.relative_to(self.root)) if path.is_relative_to(self.root) else str(path)

    def document(self, folder: str, exam: str) -> Document:
        """The YAML of one exam or rubric.

        Raises:
            AuthorError: there is no such file, or it is not YAML.
        """
        path = self.root / folder / f"{exam}.yaml"
        if not path.is_file():
            raise AuthorError(Problem(self.shown(path), 0, 0, self._absent(folder, exam)))
        try:
            return load_yaml(path, self.shown(path), by_staff=True)
        except SubmissionError as failure:
            raise AuthorError(failure.problems) from None

    def _absent(self, folder: str, exam: str) -> str:
        known = self.exams()
        if exam in known:
            return f"there is no such file; the exam {exam!r} has nothing in `{folder}/`"
        listed = f"exams here are {', '.join(known)}" if known else "there is no exam in `exams/`"
        return f"there is no exam {exam!r}{nearest(exam, known)}; {listed}"

    def exam(self, name: str) -> Exam:
        """Load one exam; the rubric is not needed.

        Raises:
            AuthorError: with every problem of the file.
        """
        document = self.document("exams", name)
        exam, problems = self._build(Exam, document, name)
        if exam is None or problems:
            raise AuthorError(problems)
        return exam

    def paper(self, name: str, known_good: Callable[[str], bool] = lambda _: False) -> Paper:
        """Load an exam with its rubric. Whether items fit their questions is not looked at where they are known to.

        Raises:
            AuthorError: with every problem of both files.
        """
        paper, problems = self.examine(name, known_good)
        if paper is None or problems:
            raise AuthorError(problems)
        return paper

    def examine(
        self, name: str, known_good: Callable[[str], bool] = lambda _: False
    ) -> tuple[Paper | None, list[Problem]]:
        """Load an exam with its rubric as far as possible, with every problem found.

        Raises:
            AuthorError: a file is missing or not YAML.
        """
        documents: list[Document] = []
        problems: list[Problem] = []
        for folder in ("exams", "rubrics"):
            try:
                documents.append(self.document(folder, name))
            except AuthorError as failure:
                problems += failure.problems
                if name not in self.exams():
                    break
        if problems:
            return None, problems
        exam, exam_problems = self._build(Exam, documents[0], name)
        rubric, rubric_problems = self._build(Rubric, documents[1], name)
        problems = [*exam_problems, *rubric_problems]
        if exam is None or rubric is None:
            return None, problems
        if not exam_problems:
            found = mismatches(exam, rubric, known_good)
            problems += [documents[1].problem(place, message) for place, message in found]
        return Paper(exam, rubric), problems

    def files(self, exam: str) -> dict[str, str]:
        """The text of every file that an exam and its rubric are made of, by its path from the root.

        Call it after `paper` has read them all without a fault.
        """
        programs = (self.root / "rubrics" / exam).rglob("*.py")
        paths = [self.root / "exams" / f"{exam}.yaml", self.root / "rubrics" / f"{exam}.yaml"]
        return {
            path.relative_to(self.root).as_posix(): read_text(path, self.shown(path), 100).text
            for path in (*paths, *sorted(programs))
        }

    def _source(self, exam: str, name: str) -> str:
        """The text of a program below a rubric's folder.

        Raises:
            ValueError: it is missing, too large, or no text.
        """
        path = self.root / "rubrics" / exam / name
        if not path.is_file():
            raise ValueError(f"there is no file {self.shown(path)}")
        try:
            return read_text(path, self.shown(path)).text
        except SubmissionError as failure:
            raise ValueError("; ".join(str(problem) for problem in failure.problems)) from None

    def _build(
        self, model: type[M], document: Document, name: str
    ) -> tuple[M | None, list[Problem]]:
        context = {READER: partial(self._source, name)}
        value, problems = build(model, document, context)
        written = getattr(value, "exam", name)
        if value is not None and written != name:
            message = f"the file is named {name!r} but says `exam: {written}`; make them agree"
            problems = [document.problem(("exam",), message)]
        if isinstance(value, Exam):
            problems += [document.problem(where, text) for where, text in inconsistencies(value)]
        return value, problems

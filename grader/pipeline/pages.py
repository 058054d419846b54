"""The candidates' reports: written where something they say has changed, left alone where it has not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from grader.engine.version import code_digest
from grader.errors import Problem
from grader.gradebook import Result
from grader.ledger import Standing
from grader.pipeline.state import Candidate, State
from grader.report import MADE_BY, Dossier, ItemKey, StudentReport, item_keys, stand_in
from grader.report.files import remove_unfinished, write_atomically
from grader.report.stamp import is_current, stamped
from grader.rubric import Paper
from grader.score import Outcome, Reading, Score, digest

STUDENTS = "students"
NO_READING = Reading("")
PRINTING = (
    "exam.py",
    "figure.py",
    "gradebook",
    "pipeline/pages.py",
    "pipeline/state.py",
    "report",
    "score.py",
)
"""What of the package makes a page; of the reports also the files about a class, which are made from the pages' names."""
PRINTING_LIBRARIES = (
    "jinja2",
    "latex2mathml",
    "markdown-it-py",
    "markupsafe",
    "mdit-py-plugins",
)
"""Libraries whose output stands in a page."""


@dataclass(frozen=True, slots=True)
class Page:
    """One report to be written. `made_from` names everything that it says."""

    standing: Standing
    made_from: str


@dataclass(frozen=True, slots=True)
class Slim:
    """What the files about a class need of a candidate, and no more: it travels between processes."""

    result: Result
    problems: tuple[Problem, ...]


def student_report(paper: Paper, *, with_key: bool) -> StudentReport:
    """What renders the candidates' reports under a paper."""
    return StudentReport(paper.exam, _keys(paper, with_key=with_key), with_key=with_key)


def _keys(paper: Paper, *, with_key: bool) -> dict[str, ItemKey] | None:
    return item_keys(paper) if with_key else None


class Printer:
    """Renders reports in one process; keeps what candidates share."""

    def __init__(self, state: State, out: Path | None, *, with_key: bool) -> None:
        self.state = state
        self.out = out
        self.report = student_report(state.paper, with_key=with_key)

    def write(self, page: Page) -> Slim | OSError:
        """Write a page; what comes back is what the class needs of it, or why the disk did not take it."""
        (candidate,) = self.state.those([page.standing])
        assert self.out is not None  # noqa: S101 - pages are only asked for where they are wanted
        text = self.report.render(dossier(candidate))
        path = page_path(self.out, candidate.result.candidate)
        try:
            write_atomically(path, stamped(text, page.made_from))
        except OSError as failure:  # that is no fault of this page
            return failure
        return slim(candidate)


class Pages:
    """The folder of reports under one paper: which are right, and what makes them so."""

    def __init__(self, state: State, out: Path, *, with_key: bool) -> None:
        self.state = state
        self.out = out
        self.with_key = with_key
        exam = state.paper.exam.model_dump(mode="json")
        keys = _keys(state.paper, with_key=with_key)
        self._exam = digest(exam, repr(keys), printer_digest(), ordered=True, length=32)

    def made_from(self, standing: Standing) -> str:
        """Names all that a candidate's page says and how it looks, and nothing of how the ledger came to hold it: a run
        that was cut off and went on writes the same bytes. With the key a page says more of the scores.
        """
        scores = self.state.contents(standing) if self.with_key else []
        return digest(self._exam, self.state.told(standing), scores, length=32)

    def current(self, standing: Standing, made_from: str) -> bool:
        """Whether the page is there and right."""
        return is_current(page_path(self.out, standing.candidate), made_from)

    def give_up(self, candidate: Candidate, reason: str) -> None:
        """A page for a candidate whose own could not be written: every answer waits for a person."""
        exam = self.state.paper.exam
        text = stand_in(
            exam, candidate.result.candidate, f"our fault, no report could be written: {reason}"
        )
        write_atomically(page_path(self.out, candidate.result.candidate), text)


def clear_pages(out: Path, candidates: set[str]) -> None:
    """Remove our pages of candidates who are no longer in the class, and what a killed run left."""
    folder = out / STUDENTS
    folder.mkdir(parents=True, exist_ok=True)
    remove_unfinished(folder)
    for page in folder.glob("*.html"):
        if page.stem not in candidates and _is_ours(page):
            page.unlink()


def page_path(out: Path, candidate: str) -> Path:
    """Where a candidate's report stands."""
    return out / STUDENTS / f"{candidate}.html"


def dossier(candidate: Candidate) -> Dossier:
    """What a report is made from."""
    handed = candidate.handed
    problem = handed.failed or "; ".join(
        problem.message for problem in handed.problems if problem.severity == "error"
    )
    return Dossier(
        candidate.result.candidate,
        candidate.standing.group,
        handed.answers,
        candidate.scores,
        candidate.result,
        problem=problem,
    )


def slim(candidate: Candidate) -> Slim:
    """The result without what only the candidate's own report tells."""
    questions = {
        key: replace(marked, score=_slim(marked.score))
        for key, marked in candidate.result.questions.items()
    }
    return Slim(replace(candidate.result, questions=questions), candidate.handed.problems)


def _slim(score: Score) -> Score:
    """Staff are told on the class page why we failed on an answer."""
    evidence = score.evidence if score.outcome is Outcome.ERROR else ""
    return replace(score, reading=NO_READING, findings=(), evidence=evidence, notes=())


def _is_ours(page: Path) -> bool:
    with page.open(encoding="utf-8", errors="replace") as file:
        return MADE_BY in file.read(len(MADE_BY) + 1000)


@cache
def printer_digest() -> str:
    """Names what makes a page of what is told: the same wherever the same results look the same."""
    return code_digest(PRINTING, PRINTING_LIBRARIES, (".py", ".html", ".css"))


def all_pages(state: State, pages: Pages) -> Iterator[tuple[Page, bool]]:
    """Every page there must be, in the class's order, and whether it is there and right."""
    for some in state.standings():
        for standing in some:
            made_from = pages.made_from(standing)
            yield Page(standing, made_from), pages.current(standing, made_from)

"""Releases: what candidates see is frozen, and whatever comes later is a new release that says what changed for whom.

Released pages carry no stamp (see `report.stamp`): nobody brings them up to date, and made again from the ledger they
are the same bytes as long as this version writes pages as the one did that made them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from grader.engine.base import Lost, Setup
from grader.engine.pool import Pool
from grader.engine.version import engine_digest
from grader.errors import AuthorError, EngineError, Problem
from grader.gradebook import Result
from grader.gradebook.moving import Moved
from grader.ledger import NOW, Act, Ledger, Standing
from grader.pipeline.moves import alike, compare
from grader.pipeline.pages import Slim, clear_pages, dossier, page_path, slim, student_report
from grader.pipeline.papers import (
    Loaded,
    last_paper,
    paper_as_of,
    paper_from,
    refuse_cut_off,
    releases,
)
from grader.pipeline.state import Candidate, State
from grader.report import write_class
from grader.report.files import write_atomically
from grader.report.moves import Told, write_moves
from grader.rubric import Paper
from grader.score import digest

RELEASED = "released"
"""The folder of the releases, one in each folder below it, beside the reports."""


@dataclass(frozen=True, slots=True)
class Release:
    """A frozen state, its number among the releases, and whose marks changed since the one before, if there is one."""

    number: int
    folder: Path
    candidates: int
    moved: Moved | None


def refuse_released(out: Path) -> None:
    """What was released is never written again.

    Raises:
        AuthorError: the folder is a release, or lies in one.
    """
    if any(folder.parent.name == RELEASED for folder in (out.resolve(), *out.resolve().parents)):
        message = "is a release, and what was released stays as it is; write to another folder"
        raise AuthorError(Problem(str(out), 0, 0, message))


def refuse_after_release(ledger: Ledger, loaded: Loaded) -> None:
    """Once candidates have seen marks, another rubric is applied on purpose or not at all.

    Raises:
        AuthorError: marks were released, and what judges answers or counts points has changed since.
    """
    released = releases(ledger)
    name = last_paper(ledger)
    if not released or name == digest(loaded.files, length=32):
        return
    paper, exam = loaded.paper, loaded.paper.exam.exam
    before = paper_from(ledger.paper(name), exam)
    if before.digest == paper.digest:
        return
    changed = [key for key, name in paper.digests.items() if before.digests.get(key) != name]
    what = (
        f"the items of {', '.join(changed)} have" if changed else "points or the grade scale have"
    )
    message = (
        f"{what} changed since marks were released ({released[-1].at}). See whose marks would move with "
        f"`grader diff {exam}`, then `grader apply {exam} --reason '…'`"
    )
    raise AuthorError(Problem(f"rubrics/{exam}.yaml", 0, 0, message))


def open_answers(state: State) -> list[tuple[str, int]]:
    """Candidates with answers that wait, and how many."""
    return [
        (one.result.candidate, one.result.waiting + len(_never_judged(state, one)))
        for one in state.candidates()
        if not one.result.complete
    ]


def _never_judged(state: State, candidate: Candidate) -> set[str]:
    return state.paper.exam.asked(candidate.standing.group).keys() - candidate.scores.keys()


def release(ledger: Ledger, exam: str, act: Act, folder: Path, workers: int) -> Release:
    """Write what candidates see into `folder`/NUMBER and record it. The caller holds the ledger's lock.

    Raises:
        AuthorError: nothing was graded, nothing has changed since the last release, or the folder is there already.
    """
    refuse_cut_off(ledger, exam)
    before = releases(ledger)
    number = len(before) + 1
    place = folder / str(number)
    name, paper = last_paper(ledger), paper_as_of(ledger, exam)
    if before and alike(_as_of(ledger, exam, before[-1]), State(ledger, paper)):
        message = f"nothing has changed since release {number - 1} ({before[-1].at}): there is nothing to release"
        if not (folder / str(number - 1)).exists():
            message += f". Its folder is not here; `grader report {exam} --release {number - 1}` writes it again"
        raise AuthorError(message)
    _refuse_folder(place, number)
    with _unfinished(place) as unfinished:
        act = replace(act, paper=name, engine=engine_digest())
        written = _write_release(ledger, exam, [*before, act], unfinished, workers)
        with ledger.writing(act) as writer:
            writer.record()
    return replace(written, folder=place)


def release_again(
    ledger: Ledger, exam: str, number: int, place: Path, workers: int, *, with_key: bool = False
) -> Release:
    """Write an earlier release once more, from the ledger.

    Raises:
        AuthorError: the folder is there already.
    """
    _refuse_folder(place, number)
    with _unfinished(place) as unfinished:
        some = releases(ledger)[:number]
        written = _write_release(ledger, exam, some, unfinished, workers, with_key=with_key)
    return replace(written, folder=place)


def _refuse_folder(place: Path, number: int) -> None:
    if place.exists():
        message = f"is there already and stays as it is; move it away, or write release {number} to another folder"
        raise AuthorError(Problem(str(place), 0, 0, message))


@contextmanager
def _unfinished(place: Path) -> Iterator[Path]:
    """A folder that takes its place when all of it is written."""
    unfinished = place.with_name(f".{place.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)  # of a run that was killed
    unfinished.mkdir(parents=True)
    try:
        yield unfinished
        os.replace(unfinished, place)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _write_release(
    ledger: Ledger, exam: str, some: list[Act], out: Path, workers: int, *, with_key: bool = False
) -> Release:
    """The last of some releases; one that is not recorded yet is the present state."""
    state = _as_of(ledger, exam, some[-1])
    count = write_state(state, out, workers, with_key=with_key)
    moved = None
    if some[:-1]:
        moved = compare(_as_of(ledger, exam, some[-2]), state)
        told = Told(
            f"Release {len(some)}: what changed",
            f"release {len(some) - 1} of {some[-2].at}",
            f"release {len(some)} of {some[-1].at}: {some[-1].reason}",
        )
        exam_ = state.paper.exam
        write_moves(exam_, moved, told, out / "changes.csv", out / "changes.html")
    return Release(len(some), out, count, moved)


def _as_of(ledger: Ledger, exam: str, act: Act) -> State:
    upto = act.number or NOW
    return State(ledger, paper_as_of(ledger, exam, upto), upto)


class Press:
    """Writes pages of a state that stays as it is, in one process."""

    def __init__(self, paper: Paper, ledger: Path, upto: int, out: Path, with_key: bool) -> None:
        self.state = State(Ledger(ledger), paper, upto)
        self.out = out
        self.report = student_report(paper, with_key=with_key)

    def write(self, standing: Standing) -> Slim:
        """A candidate's page."""
        (candidate,) = self.state.those([standing])
        path = page_path(self.out, candidate.result.candidate)
        write_atomically(path, self.report.render(dossier(candidate)))
        return slim(candidate)


def write_state(state: State, out: Path, workers: int, *, with_key: bool = False) -> int:
    """Write all reports of a state, from the ledger alone; how many candidates there are.

    Raises:
        EngineError: a page cannot be written.
    """
    names = {one.candidate for some in state.standings() for one in some}
    clear_pages(out, names)
    problems: list[Problem] = []
    setup = Setup(Press, (state.paper, state.ledger.path, state.upto, out, with_key))
    with Pool(setup, workers) as pool:
        results = _results(state, pool, problems)
        write_class(out, state.paper.exam, results, state.paper.digest, problems)
    return len(names)


def _results(state: State, pool: Pool, problems: list[Problem]) -> Iterator[Result]:
    """Every result in the class's order, its page written; `problems` fills up on the way."""
    for some in state.standings():
        made: dict[str, Slim] = {}
        for standing, written in pool.run(Press.write, some):
            if isinstance(written, Lost):
                message = f"no report could be written: {written.reason}"
                raise EngineError(Problem(standing.candidate, 0, 0, message))
            made[standing.candidate] = written
        for standing in some:
            written = made[standing.candidate]
            problems.extend(written.problems)
            yield written.result

"""Reports on candidates and on the class, from the ledger; what is there and right is left alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, field
from pathlib import Path
from typing import Any

from grader.engine.base import Engine, Lost
from grader.engine.pool import chunked
from grader.errors import Problem
from grader.gradebook import Result
from grader.ledger.faults import fault
from grader.pipeline.pages import Page, Pages, Slim, all_pages, clear_pages
from grader.pipeline.pages import slim as slim_of
from grader.pipeline.setting import Worker
from grader.pipeline.state import TOGETHER, State
from grader.pipeline.watch import Watch
from grader.report import REPORTERS, write_class
from grader.report.files import write_atomically

AHEAD = 2_000
"""Pages that are written before their turn, at most."""
STAMP = ".made-from.json"
"""Stands beside the class files: what they were made from, their digests, and what a run says of them."""


@dataclass
class Told:
    """What a run says in the end."""

    candidates: int = 0
    complete: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    """Answers by outcome."""
    failed: list[tuple[str, str]] = field(default_factory=list)
    """Candidates of whom nothing could be read, and why."""
    problems: list[tuple[Any, ...]] = field(default_factory=list)
    """What is wrong with files, as the fields of `Problem`."""

    def add(self, result: Result, problems: Sequence[Problem]) -> None:
        """Count one candidate in."""
        self.problems += map(astuple, problems)
        self.candidates += 1
        self.complete += result.complete
        for marked in result.questions.values():
            name = marked.score.outcome.value
            self.outcomes[name] = self.outcomes.get(name, 0) + 1
        if result.problem:
            self.failed.append((result.candidate, result.problem))


class Reports:
    """The folder of reports of one exam as of now."""

    def __init__(self, state: State, out: Path, writers: Engine, *, with_key: bool) -> None:
        self.state = state
        self.out = out
        self.writers = writers
        self.pages = Pages(state, out, with_key=with_key)

    def write(self, watch: Watch) -> Told:
        """Bring every report up to date.

        Raises:
            EngineError: they cannot be written.
        """
        names, stale, made_from = self._survey()
        told = self._unchanged(made_from)
        if told is not None and not stale:
            return told
        watch.stage("Writing reports", len(names))
        try:
            return self._rewrite(names, stale, made_from, watch)
        except OSError as failure:
            raise fault(failure.filename or self.out, failure) from failure

    def _rewrite(
        self,
        names: set[str],
        stale: Sequence[str],
        made_from: str,
        watch: Watch,
    ) -> Told:
        clear_pages(self.out, names)
        told = Told()
        paths, _ = write_class(
            self.out,
            self.state.paper.exam,
            self._results(stale, told, watch),
            self.state.paper.digest,
            _all_problems(told),
        )
        stamp = {"made from": made_from, "files": _digests(paths), "told": asdict(told)}
        write_atomically(self.out / STAMP, json.dumps(stamp))
        return told

    def _survey(self) -> tuple[set[str], list[str], str]:
        """The candidates, those of them whose page is not right, and what the class files are to be made from."""
        names, stale = set[str](), list[str]()
        whole = hashlib.blake2b(digest_size=16)
        whole.update(self.state.paper.digest.encode())
        for page, current in all_pages(self.state, self.pages):
            names.add(page.standing.candidate)
            if not current:
                stale.append(page.standing.candidate)
            whole.update(page.made_from.encode())
        return names, stale, whole.hexdigest()

    def _unchanged(self, made_from: str) -> Told | None:
        """What was said when the class files were written, if they are there and right."""
        try:
            stamp = json.loads((self.out / STAMP).read_text(encoding="utf-8"))
            paths = [self.out / reporter.name for reporter in REPORTERS]
            if stamp["made from"] == made_from and stamp["files"] == _digests(paths):
                return Told(**stamp["told"])
        except (OSError, ValueError, KeyError, TypeError):  # missing, or not as we write it
            return None
        return None

    def _results(self, stale: Sequence[str], told: Told, watch: Watch) -> Iterator[Result]:
        """Every result in the class's order, while the pages that are not right are written."""
        coming, waiting = self._written(stale), set(stale)
        written: dict[str, Slim] = {}
        for some in self.state.standings():
            rest = [one for one in some if one.candidate not in waiting]
            made = {one.standing.candidate: one for one in self.state.those(rest)}
            for standing in some:
                name = standing.candidate
                while name in waiting and name not in written:
                    page, slim = next(coming)
                    written[page.standing.candidate] = slim
                if name in waiting:
                    slim = written.pop(name)
                else:
                    slim = Slim(made[name].result, made[name].handed.problems)
                told.add(slim.result, slim.problems)
                yield slim.result
            watch.done(len(some))

    def _written(self, stale: Sequence[str]) -> Iterator[tuple[Page, Slim]]:
        """Write the pages that are not right; they come about in their order, written ahead of being asked for.

        A page whose writer is lost comes last: what waits for it is bounded.
        """
        for some in chunked(stale, AHEAD):
            for page, slim in self.writers.run(Worker.write, self._pages_of(some)):
                if isinstance(slim, OSError):
                    raise slim
                if isinstance(slim, Lost):
                    (candidate,) = self.state.those([page.standing])
                    self.pages.give_up(candidate, slim.reason)
                    yield page, slim_of(candidate)
                else:
                    yield page, slim

    def _pages_of(self, candidates: Sequence[str]) -> Iterator[Page]:
        for some in chunked(candidates, TOGETHER):
            standings = self.state.ledger.standings_of(some)
            for name in some:
                yield Page(standings[name], self.pages.made_from(standings[name]))


def _all_problems(told: Told) -> Iterator[Problem]:
    """What is wrong with files; complete once all results were read."""
    for problem in told.problems:
        yield Problem(*problem)


def _digests(paths: Sequence[Path]) -> dict[str, str]:
    """By file name a digest of what is in it."""
    found = {}
    for path in paths:
        with path.open("rb") as file:
            found[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found

"""`grader grade`: a whole class."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

import grader.checkers  # registers the answer kinds  # noqa: F401
from grader.cli import safe, trust_option, workspace_option
from grader.engine.pool import default_workers
from grader.ledger import Ledger
from grader.loading.workspace import Workspace
from grader.pipeline import Outcomes, grade_class
from grader.score import Outcome

PLAIN_STEP = 100
"""Candidates between two progress lines when the output is no terminal."""
MAX_NAMED = 20
"""Problems listed in the closing table; the class report has all."""


@click.command("grade")
@click.argument("exam")
@click.option("--submissions", type=click.Path(path_type=Path), help="Default: submissions/EXAM.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Default: reports/EXAM."
)
@click.option(
    "--workers", type=click.IntRange(1, 256), help="Worker processes (default: all processors)."
)
@click.option("--with-key", is_flag=True, help="Put keys and solutions into the reports.")
@trust_option
@workspace_option
def command(
    exam: str,
    submissions: Path | None,
    out: Path | None,
    workers: int | None,
    with_key: bool,
    trust_code: bool,
    workspace: Path,
) -> None:
    """Grade every submission of EXAM and write its reports."""
    place = Workspace(workspace)
    paper = place.paper(exam)
    folder = submissions or place.submissions(exam)
    out = out or place.reports(exam)
    with _progress() as (started, tick):
        outcomes = grade_class(
            paper,
            folder,
            Ledger(place.ledger(exam)),
            out=out,
            workers=workers or default_workers(),
            with_key=with_key,
            trust_code=trust_code,
            started=started,
            tick=tick,
        )
    _summarise(outcomes, out)


@contextmanager
def _progress() -> Iterator[tuple[Callable[[int], None], Callable[[], None]]]:
    """A bar on a terminal, plain lines elsewhere: (tell the count, one more is done)."""
    if not sys.stderr.isatty():
        yield _plain_progress()
        return
    from rich.console import Console  # only on a terminal
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("Grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("grade", total=None)
        yield lambda count: bar.update(task, total=count), lambda: bar.advance(task)


def _plain_progress() -> tuple[Callable[[int], None], Callable[[], None]]:
    state = {"done": 0, "total": 0}

    def started(count: int) -> None:
        state["total"] = count
        click.echo(f"Grading {count} candidates.", err=True)

    def tick() -> None:
        state["done"] += 1
        if state["done"] % PLAIN_STEP == 0:
            click.echo(f"{state['done']} of {state['total']} done.", err=True)

    return started, tick


def _summarise(outcomes: Outcomes, out: Path) -> None:
    counts = Counter(
        marked.score.outcome for result in outcomes.results for marked in result.questions.values()
    )
    rows = [
        ("candidates", len(outcomes.results)),
        ("  complete", sum(result.complete for result in outcomes.results)),
        ("answers graded", counts[Outcome.GRADED] + counts[Outcome.BLANK]),
        ("  to review", counts[Outcome.REVIEW]),
        ("  unreadable", counts[Outcome.UNREADABLE]),
        ("  ours (errors)", counts[Outcome.ERROR]),
    ]
    width = max(len(name) for name, _ in rows)
    for name, count in rows:
        click.echo(f"{name:<{width}}  {count:>7}")
    failed = [one for one in outcomes.handed.values() if one.failed]
    if failed:
        click.echo(f"\nLeft to a person as a whole ({len(failed)}):")
        for one in failed:
            click.echo(safe(f"  {one.candidate}: {one.failed}"))
        click.echo("Mend the file, or enter the answers for the candidate, and grade again.")
    told = {str(problem) for one in failed for problem in one.problems}
    others = [str(problem) for problem in outcomes.problems if str(problem) not in told]
    _list("Noticed in submissions", others)
    stale = [f"question {d.question}, decided by {d.by}" for d in outcomes.stale]
    _list("Decisions whose rubric item has changed since (still in force)", stale)
    click.echo(f"\nReports: {out / 'index.html'}")


def _list(title: str, lines: list[str]) -> None:
    if not lines:
        return
    click.echo(f"\n{title} ({len(lines)}):")
    for line in lines[:MAX_NAMED]:
        click.echo(safe(f"  {line}"))
    if len(lines) > MAX_NAMED:
        click.echo(f"  … and {len(lines) - MAX_NAMED} more, all in the class report.")

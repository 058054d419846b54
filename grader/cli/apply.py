"""`grader apply`: what the ledger holds is graded again, on purpose."""

from __future__ import annotations

from pathlib import Path

import click

import grader.checkers  # registers the answer kinds  # noqa: F401
from grader.cli import safe, trust_option, workspace_option
from grader.cli.running import act_now, alone, by_option, progress, workers_option
from grader.cli.telling import SHOWN, tell_moves
from grader.ledger import Kind, Ledger
from grader.loading.workspace import Workspace
from grader.pipeline import Wish, grade_class
from grader.pipeline.moves import Kept, compare, kept
from grader.pipeline.papers import load_paper, paper_as_of, still
from grader.pipeline.planning import Losses
from grader.pipeline.state import State
from grader.report.moves import mark_text

MAX_NAMED = 50
"""Scores that were kept, listed here; the class has them all in `grader history`."""


def not_blank(_context: click.Context, _option: click.Parameter, text: str) -> str:
    """A reason that says something."""
    if not text.strip():
        raise click.BadParameter("say in a few words why; it stays in the ledger")
    return text.strip()


reason_option = click.option(
    "--reason", required=True, callback=not_blank, help="Why; it stays in the ledger."
)


@click.command("apply")
@click.argument("exam")
@reason_option
@click.option("--only-up", is_flag=True, help="Apply gains; keep what would fall, for a person.")
@click.option("--engine", is_flag=True, help="Judge again what an earlier version judged.")
@click.option("--with-key", is_flag=True, help="Put keys and solutions into the reports.")
@click.option("--show", type=click.IntRange(0), default=SHOWN, help="Candidates listed here.")
@workers_option
@by_option
@trust_option
@workspace_option
def command(
    exam: str,
    reason: str,
    only_up: bool,
    engine: bool,
    with_key: bool,
    show: int,
    workers: int,
    by: str,
    trust_code: bool,
    workspace: Path,
) -> None:
    """Grade what the ledger holds of EXAM again under the workspace's rubric; `grader diff` shows first what moves."""
    place = Workspace(workspace)
    ledger = Ledger(place.ledger(exam))
    loaded = load_paper(place, ledger, exam)
    paper_as_of(ledger, exam)  # refuses where nothing was graded, before anything is made
    out = place.reports(exam)
    losses = Losses.KEPT if only_up else Losses.TAKEN
    wish = Wish(out, workers, with_key, trust_code, losses, float(engine))
    with alone(ledger, f"grader apply {exam}"):
        loaded = still(place, ledger, loaded)
        last = ledger.acts()[-1].number
        before = State(ledger, paper_as_of(ledger, exam, last), last)
        act = act_now(Kind.APPLIED, by, reason)
        with progress() as watch:
            outcomes = grade_class(loaded.paper, loaded.files, None, ledger, act, wish, watch)
        after = State(ledger, loaded.paper)
        tell_moves(compare(before, after), show)
        _tell_kept(kept(after), exam)
    done = f"Recorded as act {outcomes.act}." if outcomes.act else "There was nothing to apply."
    click.echo(f"{done} Reports: {out / 'index.html'}")


def _tell_kept(found: list[Kept], exam: str) -> None:
    if not found:
        return
    click.echo(f"\nKept, because the rubric would give less; left to a person ({len(found)}):")
    for one in found[:MAX_NAMED]:
        points = f"{mark_text(one.kept)} kept, would be {mark_text(one.would_be)}"
        click.echo(safe(f"  {one.candidate}, question {one.question}: {points}"))
    if len(found) > MAX_NAMED:
        click.echo(f"  … and {len(found) - MAX_NAMED} more.")
    click.echo(
        f"`grader review {exam}` puts them into the sheet; `grader apply` without --only-up takes them all.\n"
    )

"""`grader grade`: a whole class."""

from __future__ import annotations

from pathlib import Path

import click

import grader.checkers  # registers the answer kinds  # noqa: F401
from grader.cli import safe, trust_option, workspace_option
from grader.cli.running import (
    act_now,
    alone,
    by_option,
    engine_option,
    run,
    submissions_option,
    workers_option,
)
from grader.engine.pool import warm_up
from grader.errors import Problem
from grader.ledger import Kind, Ledger
from grader.loading.workspace import Workspace
from grader.pipeline import Outcomes, Wish
from grader.pipeline.papers import load_paper, still
from grader.pipeline.releasing import refuse_after_release, refuse_released
from grader.score import Outcome

MAX_NAMED = 20
"""Problems listed in the closing table; the class report has all."""


@click.command("grade")
@click.argument("exam")
@submissions_option
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Default: reports/EXAM."
)
@workers_option
@engine_option
@click.option("--with-key", is_flag=True, help="Put keys and solutions into the reports.")
@click.option("--json-log", is_flag=True, help="Tell progress as lines of JSON.")
@by_option
@trust_option
@workspace_option
def command(
    exam: str,
    submissions: Path | None,
    out: Path | None,
    workers: int,
    cluster: str,
    with_key: bool,
    json_log: bool,
    by: str,
    trust_code: bool,
    workspace: Path,
) -> None:
    """Grade every submission of EXAM and write its reports. What was graded before is not graded again."""
    place = Workspace(workspace)
    ledger = Ledger(place.ledger(exam))
    loaded = load_paper(place, ledger, exam, otherwise=warm_up)
    out = out or place.reports(exam)
    refuse_released(out)
    wish = Wish(out, workers, with_key, trust_code)
    with alone(ledger, f"grader grade {exam}"):
        loaded = still(place, ledger, loaded)
        refuse_after_release(ledger, loaded)
        outcomes = run(
            place,
            loaded,
            ledger,
            act_now(Kind.GRADED, by),
            wish,
            submissions=submissions,
            cluster=cluster,
            json_log=json_log,
        )
    summarise(outcomes, out, exam)


def summarise(outcomes: Outcomes, out: Path, exam: str) -> None:
    """What came of a run, for people."""
    told = outcomes.told
    assert told is not None  # noqa: S101 - reports were asked for
    counts = told.outcomes
    rows = [
        ("candidates", told.candidates),
        ("  complete", told.complete),
        ("answers graded", counts.get(Outcome.GRADED, 0) + counts.get(Outcome.BLANK, 0)),
        ("  to review", counts.get(Outcome.REVIEW, 0)),
        ("  unreadable", counts.get(Outcome.UNREADABLE, 0)),
        ("  ours (errors)", counts.get(Outcome.ERROR, 0)),
        ("judged now", outcomes.judging.judged),
    ]
    width = max(len(name) for name, _ in rows)
    for name, count in rows:
        click.echo(f"{name:<{width}}  {count:>7}")
    if told.failed:
        click.echo(f"\nLeft to a person as a whole ({len(told.failed)}):")
        for candidate, problem in told.failed:
            click.echo(safe(f"  {candidate}: {problem}"))
        click.echo("Mend the file, or enter the answers for the candidate, and grade again.")
    said = "\n".join(problem for _, problem in told.failed)
    others = [str(Problem(*one)) for one in told.problems]
    _list("Noticed in submissions", [one for one in others if one not in said])
    _list("A bonus, but nothing was handed in", [*outcomes.unused_bonus])
    _list(
        "Changed since they were graded (the earlier scores stay in the history)",
        [*outcomes.taken.changed],
    )
    _list("Gone since they were graded (kept in the history)", outcomes.judging.gone)
    stale = [f"question {d.question}, decided by {d.by}" for d in outcomes.stale]
    _list("Decisions whose rubric item has changed since (still in force)", stale)
    if outcomes.judging.held:
        click.echo(f"\n{outcomes.judging.held} scores would fall under the rubric and were kept.")
    if outcomes.earlier_engine:
        click.echo(
            f"\n{outcomes.earlier_engine} scores were given by another version of the grader; "
            f"`grader diff {exam} --engine` shows what would move."
        )
    click.echo(f"\nReports: {out / 'index.html'}")


def _list(title: str, lines: list[str]) -> None:
    if not lines:
        return
    click.echo(f"\n{title} ({len(lines)}):")
    for line in lines[:MAX_NAMED]:
        click.echo(safe(f"  {line}"))
    if len(lines) > MAX_NAMED:
        click.echo(f"  … and {len(lines) - MAX_NAMED} more, all in the class report.")

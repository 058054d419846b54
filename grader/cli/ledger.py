"""`grader ledger`: is the record of an exam's grading whole, and if not, what can be kept of it?"""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli import FINE, YOUR_INPUT, safe, workspace_option
from grader.cli.running import act_now, alone, by_option
from grader.errors import AuthorError
from grader.ledger import Damaged, Kind, Ledger
from grader.ledger.check import Survey, rescue, survey
from grader.loading.workspace import Workspace

MAX_NAMED = 100
"""Damaged rows named one by one."""
NOTHING_READS = (
    "Nothing in it can be read. Put a copy from your backup in its place. Without one, move the file away "
    "and grade again: scores come back, but what people decided is lost with it."
)


@click.group("ledger")
def command() -> None:
    """Check the record of an exam's grading, or rescue what reads of a damaged one."""


@command.command("check")
@click.argument("exam")
@workspace_option
def check_command(exam: str, workspace: Path) -> int:
    """Read every row of EXAM's ledger and name those that are damaged."""
    ledger = _existing(exam, workspace)
    try:
        found = survey(ledger.path)
    except Damaged as failure:
        click.echo(safe(f"{failure}\n{NOTHING_READS}"), err=True)
        return YOUR_INPUT
    _tell(found)
    if not found.damaged:
        click.echo("Nothing is damaged.")
        return FINE
    click.echo(f"\nNext: grader ledger rescue {exam} --reason '…'")
    return YOUR_INPUT


@command.command("rescue")
@click.argument("exam")
@click.option("--reason", required=True, help="What happened; it is recorded.")
@by_option
@workspace_option
def rescue_command(exam: str, reason: str, by: str, workspace: Path) -> int:
    """Put a ledger with every row of EXAM's that still reads in its place; the damaged one is kept beside it."""
    ledger = _existing(exam, workspace)
    with alone(ledger, f"grader ledger rescue {exam}"):
        try:
            if not survey(ledger.path).damaged:
                click.echo("Nothing is damaged, so nothing was done.")
                return FINE
            done = rescue(ledger.path, act_now(Kind.RESCUED, by, reason))
        except Damaged as failure:
            click.echo(safe(f"{failure}\n{NOTHING_READS}"), err=True)
            return YOUR_INPUT
    _tell(done.survey)
    click.echo(f"\nThe damaged ledger is kept: {done.kept}")
    decisions = [str(row) for row in done.survey.lost if row.table == "decisions"]
    if decisions:
        click.echo(f"\nDecisions that are lost and have to be made again ({len(decisions)}):")
        click.echo(safe("\n".join(f"  {line}" for line in decisions)))
    click.echo(f"\nNext: grader grade {exam} (scores that were lost are judged again)")
    return FINE


def _existing(exam: str, workspace: Path) -> Ledger:
    ledger = Ledger(Workspace(workspace).ledger(exam))
    if not ledger.exists():
        raise AuthorError(f"{ledger.path}: there is no ledger; nothing of {exam} was graded yet")
    return ledger


def _tell(found: Survey) -> None:
    click.echo("Rows that read:")
    for table, count in found.sound.items():
        click.echo(f"  {table:<9}  {count:>8}")
    if found.lost:
        click.echo(f"\nDamaged ({len(found.lost)}):")
        for row in found.lost[:MAX_NAMED]:
            click.echo(safe(f"  {row}"))
        if len(found.lost) > MAX_NAMED:
            click.echo(f"  … and {len(found.lost) - MAX_NAMED} more")
    if found.said:
        click.echo("\nThe database says of its file:")
        for line in found.said:
            click.echo(safe(f"  {line}"))

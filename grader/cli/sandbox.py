"""`grader sandbox check`: what holds on this machine when submitted code runs."""

from __future__ import annotations

import click

from grader.cli import FINE, YOUR_INPUT, safe
from grader.errors import AuthorError

LEVELS = {
    "open": "nothing confines submitted code on this machine",
    "kernel": "confined by the kernel (Landlock, call filter, limits); no namespaces of its own",
    "namespaces": "confined by the kernel, in namespaces and a root folder of its own; no bubblewrap around it",
    "wall": "confined by the kernel, in namespaces of its own, inside bubblewrap",
}


@click.group()
def command() -> None:
    """Running code that candidates wrote."""


@command.command()
@click.option(
    "--wall/--no-wall", default=None, help="With or without bubblewrap (default: if it works)."
)
def check(wall: bool | None) -> int:
    """Try on this machine what the jail promises, and print what holds."""
    try:
        from grader.sandbox.check import check as findings  # numpy, only for this command
        from grader.sandbox.jail import Jail  # as above
        from grader.sandbox.machine import shortcomings  # as above
    except ModuleNotFoundError as missing:
        raise AuthorError(
            f"Running code needs {missing.name}, which is not installed. Install the extra: pip install 'examgrader[code]'."
        ) from missing
    failed = 0
    with Jail(wall=wall) as jail:
        click.echo(f"Level {jail.level.name.lower()}: {LEVELS[jail.level.name.lower()]}.")
        for why in shortcomings():
            click.echo(safe(f"  Missing: {why}."))
        for finding in findings(jail):
            failed += not finding.kept
            mark = "holds" if finding.kept else "FAILS"
            click.echo(
                safe(f"  {mark}  {finding.name}" + f" ({finding.detail})" * bool(finding.detail))
            )
    if failed:
        click.echo(
            f"{failed} of the promises do not hold: do not run code of others on this machine."
        )
        return YOUR_INPUT
    click.echo("Every promise holds.")
    return FINE

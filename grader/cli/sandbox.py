"""`grader sandbox check`: what holds on this machine when submitted code runs."""

from __future__ import annotations

import click

from grader.cli import FINE, YOUR_INPUT, safe

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
    from grader.sandbox import Jail, launch, machine  # the rest of the program starts without them

    launch.need_libraries()
    from grader.sandbox.check import check as findings  # imports numpy

    failed = 0
    with Jail(wall=wall) as jail:
        click.echo(f"Level {jail.level.name.lower()}: {LEVELS[jail.level.name.lower()]}.")
        for why in machine.shortcomings():
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

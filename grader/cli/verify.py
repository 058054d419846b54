"""`grader verify`: hold rubrics to their own examples."""

from __future__ import annotations

from pathlib import Path

import click

import grader.checkers  # registers the answer kinds  # noqa: F401
from grader.cli import FINE, YOUR_INPUT, safe, trust_option, workspace_option
from grader.errors import AuthorError
from grader.loading.workspace import Workspace
from grader.proving.examples import verify


@click.command("verify")
@click.argument("exam", required=False)
@trust_option
@workspace_option
def command(exam: str | None, trust_code: bool, workspace: Path) -> int:
    """Try every example of EXAM's rubric (of all rubrics if none is named); failures name file and line."""
    place = Workspace(workspace)
    names = [exam] if exam else place.exams()
    if not names:
        raise AuthorError(f"there is no exam in {place.root / 'exams'}; add exams/NAME.yaml")
    failed = 0
    for name in names:
        report = verify(place.paper(name), trust_code=trust_code)
        document = place.document("rubrics", name)
        for failure in report.failures:
            click.echo(safe(str(document.problem(failure.place, failure.message))))
        failed += len(report.failures)
        click.echo(f"{name}: {report.tried - len(report.failures)} of {report.tried} hold.")
        if report.not_run:
            click.echo(safe(f"{name}: {report.not_run} more were not tried: {report.why_not}"))
    return YOUR_INPUT if failed else FINE

"""`grader lint`: every problem of an exam and its rubric at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

import grader.checkers  # registers the answer kinds  # noqa: F401
from grader.cli import FINE, YOUR_INPUT, safe, workspace_option
from grader.errors import AuthorError, Problem
from grader.loading.workspace import Workspace
from grader.proving.warnings import exam_warnings, rubric_warnings


@click.command("lint")
@click.argument("exam", required=False)
@workspace_option
def command(exam: str | None, workspace: Path) -> int:
    """Show every problem of EXAM (all exams if none is named), with file, line and what to write instead."""
    place = Workspace(workspace)
    names = [exam] if exam else place.exams()
    if not names:
        raise AuthorError(f"there is no exam in {place.root / 'exams'}; add exams/NAME.yaml")
    problems = [problem for name in names for problem in _examine(place, name)]
    errors = [problem for problem in problems if problem.severity == "error"]
    for problem in problems:
        click.echo(safe(f"{problem.severity}: {problem}"))
    warned = len(problems) - len(errors)
    click.echo(f"{len(names)} exam(s): {len(errors)} errors, {warned} warnings.")
    return YOUR_INPUT if errors else FINE


def _examine(place: Workspace, name: str) -> list[Problem]:
    paper, problems = place.examine(name)
    if paper is None or problems:
        return problems
    found = []
    for folder, warnings in (("exams", exam_warnings(paper)), ("rubrics", rubric_warnings(paper))):
        document = place.document(folder, name)
        found += [*document.warnings]
        found += [
            replace(document.problem(where, message), severity="warning")
            for where, message in warnings
        ]
    return found

"""`grader release`: what candidates see is frozen."""

from __future__ import annotations

from pathlib import Path

import click

import grader.checkers  # registers the answer kinds  # noqa: F401
from grader.cli import FINE, YOUR_INPUT, safe, workspace_option
from grader.cli.apply import reason_option
from grader.cli.running import act_now, alone, by_option, workers_option
from grader.cli.telling import tell_moves
from grader.errors import GraderError
from grader.ledger import Kind, Ledger
from grader.loading.workspace import Workspace
from grader.pipeline.papers import last_paper, paper_as_of
from grader.pipeline.releasing import RELEASED, open_answers, release
from grader.pipeline.state import State
from grader.report.words import counted
from grader.score import digest

MAX_NAMED = 20
"""Candidates with open answers who are named."""


@click.command("release")
@click.argument("exam")
@reason_option
@click.option("--even-open", is_flag=True, help="Release although answers wait for a person.")
@workers_option
@by_option
@workspace_option
def command(exam: str, reason: str, even_open: bool, workers: int, by: str, workspace: Path) -> int:
    """Freeze what candidates of EXAM see, as the ledger holds it, in reports/EXAM/released/NUMBER."""
    place = Workspace(workspace)
    ledger = Ledger(place.ledger(exam))
    paper = paper_as_of(ledger, exam)
    folder = place.reports(exam) / RELEASED
    with alone(ledger, f"grader release {exam}"):
        waiting = open_answers(State(ledger, paper))
        if waiting:
            _tell_waiting(waiting)
            if not even_open:
                click.echo(
                    f"Nothing was released. Decide them with `grader review {exam}`, or release with --even-open.",
                    err=True,
                )
                return YOUR_INPUT
        done = release(ledger, exam, act_now(Kind.RELEASED, by, reason), folder, workers)
    if _differs(place, exam, last_paper(ledger)):
        click.echo(
            "Note: the exam or rubric here has changed since; these marks are from the one they were graded with."
        )
    if done.moved is not None:
        tell_moves(done.moved)
    click.echo(
        f"Release {done.number}: {counted(done.candidates, 'candidate', 'candidates')}, {done.folder / 'index.html'}"
    )
    return FINE


def _tell_waiting(waiting: list[tuple[str, int]]) -> None:
    answers = sum(number for _, number in waiting)
    wait = counted(answers, "answer waits", "answers wait")
    who = counted(len(waiting), "candidate", "candidates")
    click.echo(f"{wait} for a person, of {who}:", err=True)
    for candidate, number in waiting[:MAX_NAMED]:
        click.echo(safe(f"  {candidate}: {number}"), err=True)
    if len(waiting) > MAX_NAMED:
        click.echo(f"  … and {len(waiting) - MAX_NAMED} more.", err=True)


def _differs(place: Workspace, exam: str, name: str) -> bool:
    """Whether the workspace has another exam or rubric than the one in force; without one it has none."""
    try:
        return digest(place.files(exam), length=32) != name
    except GraderError:  # releasing needs no workspace, and nothing is read from it
        return False

"""`grader report`: reports from the ledger alone."""

from __future__ import annotations

from pathlib import Path

import click

import grader.checkers  # registers the answer kinds  # noqa: F401
from grader.cli import workspace_option
from grader.cli.running import alone, progress, workers_option
from grader.engine.base import Setup
from grader.engine.pool import Pool
from grader.ledger import Ledger
from grader.loading.workspace import Workspace
from grader.pipeline.classwork import Reports
from grader.pipeline.papers import (
    paper_as_of,
    refuse_cut_off,
    release_act,
)
from grader.pipeline.releasing import RELEASED, refuse_released, release_again, write_state
from grader.pipeline.setting import Setting, Worker
from grader.pipeline.state import State


@click.command("report")
@click.argument("exam")
@click.option("--release", "number", type=click.IntRange(1), help="What was released, by number.")
@click.option("--with-key", is_flag=True, help="Put keys and solutions into the reports.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Default: reports/EXAM, for a release its folder there.",
)
@workers_option
@workspace_option
def command(
    exam: str, number: int | None, with_key: bool, out: Path | None, workers: int, workspace: Path
) -> None:
    """Write the reports of EXAM from the ledger alone: neither submissions nor rubric need be there."""
    place = Workspace(workspace)
    ledger = Ledger(place.ledger(exam))
    usual = place.reports(exam)
    if number is not None:
        release_act(ledger, str(number))
        out = out or usual / RELEASED / str(number)
        release_again(ledger, exam, number, out, workers, with_key=with_key)
    elif out is None:
        refuse_cut_off(ledger, exam)
        out = usual
        paper_as_of(ledger, exam)
        with alone(ledger, f"grader report {exam}"):
            _bring_up_to_date(ledger, exam, out, workers, with_key=with_key)
    else:
        refuse_released(out)
        refuse_cut_off(ledger, exam)
        paper = paper_as_of(ledger, exam)
        state = State(ledger, paper, ledger.acts()[-1].number)
        write_state(state, out, workers, with_key=with_key)
    click.echo(f"Reports: {out / 'index.html'}")


def _bring_up_to_date(
    ledger: Ledger, exam: str, out: Path, workers: int, *, with_key: bool
) -> None:
    """The folder that `grader grade` writes to: pages that are right stay."""
    paper = paper_as_of(ledger, exam)
    setting = Setting(paper, ledger.path, out, with_key)
    with Pool(Setup(Worker, (setting,)), workers) as pool, progress() as watch:
        state = State(ledger, paper, marks_only=True)
        Reports(state, out, pool, with_key=with_key).write(watch)

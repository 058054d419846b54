"""`grader review`: what waits for a person."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

import grader.checkers  # registers the answer kinds  # noqa: F401
from grader.cli import FINE, YOUR_INPUT, safe, trust_option, workspace_option
from grader.engine.pool import default_workers
from grader.ledger import Ledger
from grader.loading.workspace import Workspace
from grader.pipeline import Outcomes, digest_of, grade_class
from grader.review import apply_sheet, collect, write_sheet
from grader.rubric import Paper
from grader.score import Outcome, Raw, Score


@click.command("review")
@click.argument("exam")
@click.option(
    "--apply",
    "sheet",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Record the decisions in a sheet.",
)
@click.option(
    "--by", default="", help="Who decided, where the sheet does not say (default: your login)."
)
@click.option("--decided", is_flag=True, help="Write also what people have decided, to change it.")
@click.option("--submissions", type=click.Path(path_type=Path), help="Default: submissions/EXAM.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The sheet to write. Default: reports/EXAM/review.yaml.",
)
@trust_option
@workspace_option
def command(
    exam: str,
    sheet: Path | None,
    by: str,
    decided: bool,
    submissions: Path | None,
    out: Path | None,
    trust_code: bool,
    workspace: Path,
) -> int:
    """Write what waits for a person in EXAM to review.yaml, or record the decisions of a filled-in sheet."""
    place = Workspace(workspace)
    paper = place.paper(exam)
    folder = submissions or place.submissions(exam)
    ledger = Ledger(place.ledger(exam))
    outcomes = grade_class(
        paper, folder, ledger, out=None, workers=default_workers(), trust_code=trust_code
    )
    answers = list(_answers(paper, outcomes))
    if sheet is None:
        waiting = [one for one in answers if not one[4].outcome.decided or (decided and one[4].by)]
        path = out or place.reports(exam) / "review.yaml"
        groups = collect(paper, waiting)
        write_sheet(path, paper, groups, place.shown(path), ledger.decisions())
        click.echo(f"{len(waiting)} answers in {len(groups)} groups: {path}")
        return FINE
    known = {(question, digest) for _, question, digest, _, _ in answers}
    at = datetime.now(UTC).isoformat(timespec="seconds")
    decisions, refused = apply_sheet(
        sheet,
        place.shown(sheet),
        paper,
        known,
        ledger.decisions(),
        by=lambda: by or getpass.getuser(),
        at=at,
    )
    new = [decision for decision in decisions if not decision.number]
    ledger.record(new)
    for problem in refused:
        click.echo(safe(str(problem)), err=True)
    kept = len(decisions) - len(new)
    before = f", {kept} known before" if kept else ""
    click.echo(
        f"{len(new)} decisions recorded{before}, {len(refused)} refused. Next: grader grade {exam}"
    )
    return YOUR_INPUT if refused else FINE


def _answers(paper: Paper, outcomes: Outcomes) -> Iterator[tuple[str, str, str, Raw, Score]]:
    """(candidate, question, answer digest, raw, score) of every answer in a file that could be read."""
    for result in outcomes.results:
        handed, candidate = outcomes.handed[result.candidate], result.candidate
        if handed.failed:
            continue
        for key, marked in result.questions.items():
            score = marked.score
            if score.outcome is not Outcome.BLANK:
                yield (
                    candidate,
                    key,
                    digest_of(paper, key, handed),
                    handed.answers.get(key),
                    score,
                )

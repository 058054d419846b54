"""`grader review`: what waits for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

import grader.checkers  # registers the answer kinds  # noqa: F401
from grader.cli import FINE, YOUR_INPUT, safe, trust_option, workspace_option
from grader.cli.running import act_now, alone, by_option, run, submissions_option
from grader.engine.pool import default_workers
from grader.ledger import Kind, Ledger
from grader.loading.workspace import Workspace
from grader.pipeline import Wish
from grader.pipeline.papers import last_paper, load_paper, still
from grader.pipeline.releasing import refuse_after_release
from grader.pipeline.state import State
from grader.review import apply_sheet, collect, write_sheet
from grader.score import Outcome, Raw, Score


@click.command("review")
@click.argument("exam")
@click.option(
    "--apply",
    "sheet",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Record the decisions in a sheet.",
)
@by_option
@click.option("--decided", is_flag=True, help="Write also what people have decided, to change it.")
@submissions_option
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
    ledger = Ledger(place.ledger(exam))
    loaded = load_paper(place, ledger, exam)
    wish = Wish(workers=default_workers(), trust_code=trust_code)
    with alone(ledger, f"grader review {exam}"):
        loaded = still(place, ledger, loaded)
        refuse_after_release(ledger, loaded)
        run(place, loaded, ledger, act_now(Kind.GRADED, by), wish, submissions=submissions)
        state = State(ledger, loaded.paper)
        if sheet is None:
            return _write(place, state, out, decided=decided)
        return _apply(place, state, sheet, by)


def _write(place: Workspace, state: State, out: Path | None, *, decided: bool) -> int:
    exam = state.paper.exam.exam
    waiting = [answer for answer, held in _answers(state) if _asks(answer[4], held, decided)]
    path = out or place.reports(exam) / "review.yaml"
    groups = collect(state.paper, waiting)
    write_sheet(path, state.paper, groups, place.shown(path), state.decisions)
    click.echo(f"{len(waiting)} answers in {len(groups)} groups: {path}")
    return FINE


def _apply(place: Workspace, state: State, sheet: Path, by: str) -> int:
    act = act_now(Kind.DECIDED, by, f"sheet {sheet.name}")
    decisions, refused = apply_sheet(
        sheet,
        place.shown(sheet),
        state.paper,
        {(question, digest) for (_, question, digest, _, _), _ in _answers(state)},
        state.decisions,
        by=lambda: by,
        at=act.at,
    )
    new = [decision for decision in decisions if not decision.number]
    if new:
        with state.ledger.writing(replace(act, paper=last_paper(state.ledger))) as writer:
            writer.decisions(new)
    for problem in refused:
        click.echo(safe(str(problem)), err=True)
    kept = len(decisions) - len(new)
    before = f", {kept} known before" if kept else ""
    click.echo(
        f"{len(new)} decisions recorded{before}, {len(refused)} refused. "
        f"Next: grader grade {state.paper.exam.exam}"
    )
    return YOUR_INPUT if refused else FINE


def _asks(score: Score, held: bool, decided: bool) -> bool:
    """Whether a person is asked: about what is not decided, what `apply --only-up` kept, and what people may change."""
    if score.by:
        return decided
    return held or not score.outcome.decided


def _answers(state: State) -> Iterator[tuple[tuple[str, str, str, Raw, Score], bool]]:
    """(candidate, question, answer digest, raw, score) of every answer in a file that could be read, and whether its
    score was kept where the rubric would give less.
    """
    for one in state.candidates():
        if one.handed.failed:
            continue
        for key, score in one.scores.items():
            if score.outcome is not Outcome.BLANK:
                answer = one.standing.scores[key].answer
                held = key in one.standing.held
                yield (one.result.candidate, key, answer, one.raw(key), score), held

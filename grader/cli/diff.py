"""`grader diff`: whose marks would move. Nothing is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

import grader.checkers  # registers the answer kinds  # noqa: F401
from grader.cli import trust_option, workspace_option
from grader.cli.running import act_now, progress, workers_option
from grader.cli.telling import SHOWN, tell_moves
from grader.engine.version import engine_digest
from grader.errors import AuthorError
from grader.ledger import NOW, Kind, Ledger
from grader.loading.text import read_text
from grader.loading.workspace import Workspace
from grader.pipeline import Wish
from grader.pipeline.moves import compare
from grader.pipeline.papers import (
    Loaded,
    last_paper,
    load_paper,
    named_act,
    nothing_graded,
    paper_as_of,
    paper_from,
)
from grader.pipeline.planning import Losses
from grader.pipeline.state import State
from grader.pipeline.trying import tried
from grader.report.moves import Told, write_moves

SAMPLE = 500
"""Answers judged again by default, when the question is what another version of the grader would say."""

file_type = click.Path(dir_okay=False, path_type=Path)


@click.command("diff")
@click.argument("exam")
@click.option("--rubric", type=file_type, help="Another rubric for the same exam.")
@click.option("--since", metavar="WHEN", help="'release 2', an act's number or a rubric's digest.")
@click.option("--engine", is_flag=True, help="Judge again what an earlier version judged.")
@click.option(
    "--sample",
    type=click.IntRange(1),
    help=f"With --engine: about so many different answers (default: {SAMPLE}).",
)
@click.option("--all", "everything", is_flag=True, help="With --engine: all of them.")
@click.option("--csv", "table", type=file_type, help="Write the moves to a table, too.")
@click.option("--html", "page", type=file_type, help="Write the moves to a page, too.")
@click.option("--show", type=click.IntRange(0), default=SHOWN, help="Candidates listed here.")
@workers_option
@trust_option
@workspace_option
def command(
    exam: str,
    rubric: Path | None,
    since: str | None,
    engine: bool,
    sample: int | None,
    everything: bool,
    table: Path | None,
    page: Path | None,
    show: int,
    workers: int,
    trust_code: bool,
    workspace: Path,
) -> None:
    """Whose marks of EXAM would move under the rubric as it is in the workspace now. Nothing is recorded."""
    if sum((rubric is not None, since is not None, engine)) > 1:
        raise click.UsageError("Give one of --rubric, --since and --engine.")
    if (sample is not None or everything) and not engine:
        raise click.UsageError("--sample and --all go with --engine.")
    place = Workspace(workspace)
    ledger = Ledger(place.ledger(exam))
    wish = Wish(workers=workers, trust_code=trust_code, losses=Losses.TAKEN)  # as `apply` does
    if since is not None:
        sides = _since(ledger, exam, since)
    elif engine:
        sides = _engine(ledger, exam, wish, NOW if everything else sample or SAMPLE)
    else:
        sides = _rubric(place, ledger, exam, rubric, wish)
    with sides as (before, after, told):
        moved = compare(before, after)
        tell_moves(moved, show)
        if told.note:
            click.echo(told.note)
        write_moves(after.paper.exam, moved, told, table, page)
    for path in (table, page):
        if path is not None:
            click.echo(f"Written: {path}")


@contextmanager
def _rubric(
    place: Workspace, ledger: Ledger, exam: str, path: Path | None, wish: Wish
) -> Iterator[tuple[State, State, Told]]:
    """What the ledger holds, against a rubric: the workspace's, or one in another file."""
    loaded = load_paper(place, ledger, exam) if path is None else _other(place, exam, path)
    paper = loaded.paper
    name = str(path or place.shown(place.root / "rubrics" / f"{exam}.yaml"))
    act = act_now(Kind.APPLIED, "")
    with progress() as watch, tried(ledger, loaded, act, wish, watch) as trial:
        title = "Whose marks would move under another rubric"
        told = Told(title, _as_graded(trial.before), f"{name} ({paper.digest})")
        yield trial.before, trial.after, told


@contextmanager
def _since(ledger: Ledger, exam: str, since: str) -> Iterator[tuple[State, State, Told]]:
    """Two states that both are in the ledger."""
    if not last_paper(ledger):
        raise nothing_graded(exam)
    act, last = named_act(ledger, since), ledger.acts()[-1]
    before = State(ledger, paper_as_of(ledger, exam, act.number), act.number)
    after = State(ledger, paper_as_of(ledger, exam, last.number), last.number)
    told = Told(
        f"Whose marks moved since {since}",
        f"act {act.number}, {act.kind.value} {act.at}",
        f"act {last.number}, {last.kind.value} {last.at}",
    )
    yield before, after, told


@contextmanager
def _engine(
    ledger: Ledger, exam: str, wish: Wish, sample: int
) -> Iterator[tuple[State, State, Told]]:
    """The rubric in force, by the version that judged and by this one."""
    loaded = Loaded(paper_as_of(ledger, exam), ledger.paper(last_paper(ledger)))
    elsewhere = ledger.judged_elsewhere(engine_digest())
    wish = replace(wish, again=min(1.0, sample / max(elsewhere, 1)))
    act = act_now(Kind.APPLIED, "")
    with progress() as watch, tried(ledger, loaded, act, wish, watch) as trial:
        note = f"{trial.judging.judged} of {elsewhere} different answers that another version had judged were judged again."
        if not elsewhere:
            note = "All answers were judged by this version."
        elif sample < elsewhere:
            note += " --all judges every one."
        after = f"this version ({engine_digest()})"
        title = "Whose marks would move under this version of the grader"
        yield trial.before, trial.after, Told(title, _as_graded(trial.before), after, note)


def _as_graded(state: State) -> str:
    return f"what the ledger holds (rubric {state.paper.digest}, act {state.upto})"


def _other(place: Workspace, exam: str, path: Path) -> Loaded:
    """The exam with a rubric from another file, beside the same programs.

    Raises:
        AuthorError: with every problem, under the name of that file.
    """
    place.exam(exam)
    usual = f"rubrics/{exam}.yaml"
    files = {**place.files(exam), usual: read_text(path, str(path), 100).text}
    try:
        return Loaded(paper_from(files, exam), files)
    except AuthorError as failure:
        problems = failure.problems
        raise AuthorError(
            replace(one, file=str(path) if one.file == usual else one.file) for one in problems
        ) from None

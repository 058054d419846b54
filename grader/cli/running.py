"""What the verbs that grade have in common: options, the ledger's lock, progress."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from grader.cli import safe
from grader.engine.base import Engine, Setup
from grader.engine.pool import default_workers
from grader.ledger import Act, Kind, Ledger, only_writer, user
from grader.loading.workspace import Workspace
from grader.pipeline import Outcomes, Watch, Wish, grade_class
from grader.pipeline.papers import Loaded
from grader.rubric import Paper

PLAIN_SECONDS = 5.0
"""Between two progress lines where the output is no terminal."""

workers_option = click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=default_workers,
    show_default="all processors",
    help="Worker processes on this machine.",
)
engine_option = click.option(
    "--engine",
    "cluster",
    metavar="dask://HOST:PORT",
    default="",
    help="Judge on the workers of a Dask cluster instead of this machine.",
)
submissions_option = click.option(
    "--submissions", type=click.Path(path_type=Path), help="Default: submissions/EXAM."
)
by_option = click.option("--by", default=user, show_default="your login", help="Who does this.")


def act_now(kind: Kind, by: str, reason: str = "") -> Act:
    """Something that is done now."""
    return Act(kind, by, datetime.now(UTC).isoformat(timespec="seconds"), reason)


@contextmanager
def alone(ledger: Ledger, doing: str) -> Iterator[None]:
    """Hold the ledger; while somebody else has it, say who, and wait."""

    def tell(holder: str) -> None:
        click.echo(safe(f"Waiting: {holder} is at this exam. Ctrl-C to stop waiting."), err=True)

    with only_writer(ledger.path, doing, tell):
        try:
            yield
        finally:
            ledger.close()


def run(
    place: Workspace,
    loaded: Loaded,
    ledger: Ledger,
    act: Act,
    wish: Wish,
    *,
    submissions: Path | None = None,
    cluster: str = "",
    json_log: bool = False,
) -> Outcomes:
    """Grade the class of an exam, telling how it goes on. The caller holds the ledger."""
    if cluster:
        wish = replace(wish, cluster=partial(_cluster, cluster, loaded.paper))
    folder = submissions or place.submissions(loaded.paper.exam.exam)
    with ExitStack() as held:
        watch = _json_log() if json_log else held.enter_context(progress())
        return grade_class(loaded.paper, loaded.files, folder, ledger, act, wish, watch)


def _cluster(address: str, paper: Paper, setup: Setup) -> Engine:
    from grader.engine.cluster import Cluster, own_card  # only where one is asked for

    return Cluster(address, setup, own_card(programs=paper.seconds > 0))


def _json_log() -> Watch:
    """One line of JSON on standard error for every step."""
    state: dict[str, Any] = {}

    def stage(name: str, total: int | None) -> None:
        state.update(stage=name, total=total, done=0, since=time.monotonic())
        tell()

    def done(count: int) -> None:
        state["done"] += count
        tell()

    def tell() -> None:
        seconds = time.monotonic() - state["since"]
        line = {name: state[name] for name in ("stage", "done", "total")}
        click.echo(json.dumps({**line, "seconds": round(seconds, 3)}), err=True)

    return Watch(stage, done)


@contextmanager
def progress() -> Iterator[Watch]:
    """Counts, rate and time left: a bar on a terminal, plain lines elsewhere."""
    if not sys.stderr.isatty():
        yield _Plain().watch
        return
    from rich.console import Console  # only on a terminal
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """Steps per second."""

        def render(self, task: Task) -> Text:
            return Text("" if task.speed is None else f"{task.speed:.0f}/s")

    name = TextColumn("{task.description}")
    columns = (name, BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        tasks = [bar.add_task("Starting", total=None)]

        def stage(name: str, total: int | None) -> None:
            tasks.append(bar.add_task(name, total=total))

        yield Watch(stage, lambda count: bar.advance(tasks[-1], count))


class _Plain:
    """A line now and then."""

    def __init__(self) -> None:
        self.name = ""
        self.total: int | None = None
        self.count = 0
        self.began = self.told = time.monotonic()
        self.watch = Watch(self.stage, self.done)

    def stage(self, name: str, total: int | None) -> None:
        self.name, self.total, self.count = name, total, 0
        self.began = self.told = time.monotonic()

    def done(self, count: int) -> None:
        self.count += count
        now = time.monotonic()
        if now - self.told < PLAIN_SECONDS:
            return
        self.told = now
        rate = self.count / (now - self.began)
        of = f" of {self.total}" if self.total else ""
        left = f", {(self.total - self.count) / rate:.0f} s left" if self.total and rate else ""
        click.echo(f"{self.name}: {self.count}{of}, {rate:.0f}/s{left}", err=True)

"""`grader history`: how a candidate's marks came about."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

import click

import grader.checkers  # registers the answer kinds  # noqa: F401
from grader.cli import safe, workspace_option
from grader.errors import AuthorError
from grader.ledger import Act, Ledger
from grader.loading.models import nearest
from grader.loading.workspace import Workspace
from grader.pipeline.chronicle import Chronicle
from grader.pipeline.papers import nothing_graded

NEAR = 3
"""Names offered instead of one that is not there."""


@click.command("history")
@click.argument("exam")
@click.argument("candidate")
@click.argument("question", required=False, default="")
@workspace_option
def command(exam: str, candidate: str, question: str, workspace: Path) -> None:
    """How the marks of CANDIDATE in EXAM, or the one for QUESTION, came about: who did what, when and why."""
    ledger = Ledger(Workspace(workspace).ledger(exam))
    name = known_candidate(ledger, exam, candidate)
    chronicle = Chronicle(ledger, exam, name, question)
    known = chronicle.questions()
    if question and question not in known:
        raise AuthorError(unknown_question(question, name, known))
    for chapter in chronicle.chapters():
        clock = " (the clock went back)" if chapter.backwards else ""
        click.echo(safe(f"{told_act(chapter.act)}{clock}"))
        for line in chapter.lines:
            click.echo(safe("  " + " ".join(line.split())))


def told_act(act: Act) -> str:
    """An act in one line."""
    by = f" by {act.by}" if act.by else ""
    reason = f": {act.reason}" if act.reason else ""
    return f"act {act.number}  {act.at}  {act.kind.value}{by}{reason}"


def known_candidate(ledger: Ledger, exam: str, candidate: str) -> str:
    """The candidate as the ledger names them.

    Raises:
        AuthorError: the ledger has no such candidate; with the nearest names.
    """
    if not ledger.acts():
        raise nothing_graded(exam)
    if ledger.standings_of([candidate]):
        return candidate
    names = [standing.candidate for standing in ledger.standings()]
    same = [name for name in names if name.casefold() == candidate.casefold()]
    near = same or get_close_matches(candidate, names, n=NEAR)
    offered = f"; near are {', '.join(near)}" if near else f"; it has {len(names)} candidates"
    raise AuthorError(f"the ledger of {exam} has no candidate {candidate!r}{offered}")


def unknown_question(question: str, candidate: str, known: list[str]) -> str:
    """What is said of a question that has no score."""
    listed = ", ".join(known) or "none"
    return f"candidate {candidate} has no score for question {question!r}{nearest(question, known)}; there are {listed}"

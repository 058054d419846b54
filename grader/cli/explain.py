"""`grader explain`: what one mark rests on, and how a person can repeat it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

import click

import grader.checkers  # registers the answer kinds  # noqa: F401
from grader.cli import safe, trust_option, workspace_option
from grader.cli.history import known_candidate, told_act, unknown_question
from grader.engine.version import engine_digest
from grader.errors import AuthorError, GraderError
from grader.gradebook import mark
from grader.ledger import Decision, Judged, Ledger
from grader.ledger.codec import score_text
from grader.loading.workspace import Workspace
from grader.pipeline.papers import paper_as_of
from grader.pipeline.planning import is_settled
from grader.pipeline.state import Candidate, State
from grader.report.files import write_atomically
from grader.report.moves import mark_text
from grader.report.words import decimal_text
from grader.rubric import Paper
from grader.score import Raw, Score, show
from grader.scoring import Work, score_work, seed_for, works_of

MAX_COMMAND = 1500
"""Characters of a command that can still be copied; longer answers go through a file."""
MAX_ANSWER = 20_000
"""Characters of an answer that are shown."""


@click.command("explain")
@click.argument("exam")
@click.argument("candidate")
@click.argument("question")
@click.option(
    "--save",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the answer to a file that `grader try --jsonl` reads.",
)
@trust_option
@workspace_option
def command(
    exam: str, candidate: str, question: str, save: Path | None, trust_code: bool, workspace: Path
) -> None:
    """What the mark of CANDIDATE for QUESTION of EXAM rests on, and whether it comes out the same again."""
    place = Workspace(workspace)
    ledger = Ledger(place.ledger(exam))
    name = known_candidate(ledger, exam, candidate)
    case = _case(ledger, exam, name, question)
    click.echo(safe("\n".join(_told(case))))
    if case.work.unopened:
        click.echo("\nTo repeat it, the file itself is needed: it could not be opened.")
    else:
        click.echo("\nTo repeat it:")
        click.echo(safe(indent(_repeat(case, workspace, save), "  ")))
    click.echo(safe(_again(case, trust_code)))
    if _differs(place, case):
        click.echo(
            "The rubric item in the workspace is another than the one of this mark; `grader try` uses the one there."
        )


@dataclass(frozen=True)
class _Case:
    """One mark and all that is known of it."""

    paper: Paper
    candidate: Candidate
    question: str
    work: Work
    judged: Judged
    machine: Score
    decision: Decision | None
    act: str

    @property
    def held(self) -> bool:
        return self.question in self.candidate.standing.held


def _case(ledger: Ledger, exam: str, name: str, question: str) -> _Case:
    paper = paper_as_of(ledger, exam)
    state = State(ledger, paper)
    standing = ledger.standings_of([name])[name]
    if standing.gone:
        raise AuthorError(
            f"candidate {name} has left; `grader history {exam} {name}` shows what was"
        )
    if question not in standing.scores:
        raise AuthorError(unknown_question(question, name, list(standing.scores)))
    (candidate,) = state.those([standing])
    number = standing.scores[question].number
    judged = ledger.scores([number])[number]
    act = next(act for act in ledger.acts() if act.number == judged.act)
    return _Case(
        paper,
        candidate,
        question,
        works_of(paper, candidate.handed)[question],
        judged,
        judged.score,
        state.decided(standing).get(question),
        told_act(act),
    )


def _told(case: _Case) -> Iterator[str]:
    asked = case.paper.exam.questions[case.question]
    marked = case.candidate.result.questions[case.question]
    machine, judged = case.machine, case.judged
    yield f"candidate  {case.candidate.result.candidate}"
    yield f"question   {case.question}: {asked.title}"
    yield f"points     {mark_text(marked)} of {decimal_text(asked.points)}"
    yield from _answer("answer", case.work.raw, case.work.unopened.get(case.question, ""))
    for source in sorted(case.work.inputs):
        unopened = case.work.unopened.get(source, "")
        yield from _answer(f"follows {source}", case.work.inputs[source], unopened)
    yield f"read as    {machine.reading.text}"
    credit = "none yet" if machine.credit is None else str(machine.credit)
    proposed = " (a proposal)" if machine.credit is not None and not machine.outcome.decided else ""
    worth = mark_text(mark(machine, asked.points))
    yield f"machine    {machine.outcome.value}, credit {credit}{proposed}, points {worth}"
    for finding in machine.findings:
        share = f" [{finding.credit}]" if finding.credit else ""
        yield f"  {finding.id}{share}: {' '.join(finding.message.split())}"
        if finding.staff:
            yield indent(f"for staff: {finding.staff}", "    ")
    yield from (f"  note: {note}" for note in machine.notes)
    yield f"evidence   {machine.evidence or '–'}"
    if case.decision is not None:
        yield from _decided(case, case.decision)
    if case.held:
        yield "kept       the rubric would give less; `grader apply --only-up` left this to a person"
    yield f"seed       {seed_for(case.paper, case.question, case.work.raw)}"
    yield f"item       {judged.item}"
    yield f"engine     {judged.engine}"
    yield f"confined   {judged.level or 'no program was run'}"
    yield f"judged in  {case.act}"


def _answer(label: str, raw: Raw, unopened: str) -> Iterator[str]:
    """As entered; what has several lines stands below its label."""
    text = show(raw)
    if unopened:
        text = f"could not be opened: {unopened}"
    elif raw is None or not text:
        text = "nothing"
    if len(text) > MAX_ANSWER:
        text = f"{text[:MAX_ANSWER]}\n… and {len(text) - MAX_ANSWER} more characters"
    if "\n" in text or len(label) > 10:
        yield label
        yield indent(text, "  | ", lambda _line: True)
    else:
        yield f"{label:<11}{text}"


def _decided(case: _Case, decision: Decision) -> Iterator[str]:
    comment = f": {decision.comment}" if decision.comment else ""
    yield f"decided    credit {decision.credit} by {decision.by} at {decision.at}{comment}"
    if decision.item != case.paper.digests[case.question]:
        yield f"           under another version of the item ({decision.item}); still in force"


# --- doing it again ---


def _repeat(case: _Case, workspace: Path, save: Path | None) -> str:
    """A command for a POSIX shell that judges the same answer under the workspace's rubric."""
    exam, raw = case.paper.exam.exam, case.work.raw
    where = [] if workspace == Path() else ["--workspace", str(workspace)]
    group = case.candidate.result.group
    line = {"question": case.question, "answer": raw, "group": group}
    others = {key: value for key, value in case.work.inputs.items() if value is not None}
    text = json.dumps({**line, "answers": others} if others else line)
    if save is not None:
        write_atomically(save, f"{text}\n")
        return shlex.join(["grader", "try", exam, *where, "--jsonl", str(save)])
    if isinstance(raw, str) and not others and _plain(raw):
        end = ["--"] if raw.startswith("-") else []
        options = ["--group", group, *where, *end]
        return shlex.join(["grader", "try", *options, exam, case.question, raw])
    if len(text) > MAX_COMMAND:
        name = case.candidate.result.candidate
        saving = ["grader", "explain", exam, name, case.question, "--save", "answer.jsonl", *where]
        trying = ["grader", "try", exam, *where, "--jsonl", "answer.jsonl"]
        return f"{shlex.join(saving)}\n{shlex.join(trying)}"
    reading = shlex.join(["grader", "try", exam, *where, "--jsonl", "-"])
    return f"printf '%s\\n' {shlex.quote(text)} | {reading}"


def _plain(raw: str) -> bool:
    """Whether a text can stand on a command line and is taken there for what it is."""
    short = 0 < len(raw) <= MAX_COMMAND and raw.isprintable()
    return short and not raw.lstrip().startswith(("{", "["))


def _again(case: _Case, trust_code: bool) -> str:
    """Whether judging it now, under the rubric in force, gives the same; if not, what is other."""
    now = score_work(case.paper, case.work, trust_code)
    if score_text(now) == score_text(case.machine):
        return "Judged again just now: the same."
    asked = case.paper.exam.questions[case.question]
    told = f"{now.outcome.value}, points {mark_text(mark(now, asked.points))}"
    return f"Judged again just now: not the same, but {told} ({now.evidence or 'no evidence'}). {_reason(case, now)}"


def _reason(case: _Case, now: Score) -> str:
    exam = case.paper.exam.exam
    if not is_settled(now):
        return "This machine could not judge it, so that says nothing about the mark."
    if case.held:
        return "The score was kept when another rubric was applied with --only-up."
    if case.judged.work != case.work.identity(case.paper):
        return f"The rubric or the answer has changed since; run `grader grade {exam}`."
    if case.judged.engine != engine_digest():
        return (
            f"Another version of the grader ({case.judged.engine}) judged it; this one is {engine_digest()}. "
            f"`grader diff {exam} --engine` shows what would move."
        )
    if not case.judged.settled:
        return (
            f"It was not about the answer but about the machine; `grader grade {exam}` tries again."
        )
    return "Neither rubric, answer nor grader has changed: please report it."


def _differs(place: Workspace, case: _Case) -> bool:
    """Whether the workspace judges the question otherwise; without a rubric there it does not."""
    try:
        there = place.paper(case.paper.exam.exam)
    except GraderError:  # explaining needs no workspace
        return False
    return there.judged_by.get(case.question) != case.paper.judged_by[case.question]

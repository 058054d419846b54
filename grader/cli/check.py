"""`grader check`: a candidate's own look before handing in. Needs the exam file alone."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import click

import grader.checkers  # registers the answer kinds  # noqa: F401
from grader.cli import FINE, YOUR_INPUT, safe, workspace_option
from grader.exam import Exam
from grader.loading.submissions import read_entry
from grader.loading.workspace import Workspace
from grader.score import Outcome, Unread
from grader.submission import Handed


@click.command("check")
@click.argument("exam")
@click.argument("path", metavar="FILE-OR-FOLDER", type=click.Path(path_type=Path))
@click.option("--group", help="Your group, where the file does not say.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@workspace_option
def command(exam: str, path: Path, group: str | None, as_json: bool, workspace: Path) -> int:
    """Show how each of your answers is read, what is missing and what cannot be read.

    Says nothing about right or wrong.
    """
    paper = Workspace(workspace).exam(exam)
    path = Path(os.path.abspath(path))  # `.` has a name too
    handed = read_entry(path, path.parent, paper)
    if group and group not in paper.groups:
        raise click.UsageError(
            f"There is no group {group!r}; groups are {', '.join(paper.groups)}."
        )
    result = examine(paper, handed, group or handed.group)
    click.echo(json.dumps(result, indent=1) if as_json else _told(result))
    states = {one["state"] for one in result["questions"].values()}
    unread = states & {"unreadable", "partly read"}
    wrong = [problem for problem in handed.problems if problem.severity == "error"]
    return YOUR_INPUT if unread or wrong or handed.failed else FINE


def examine(exam: Exam, handed: Handed, group: str) -> dict[str, Any]:
    """State, reading, notes and form of every question: nothing but what the exam file says."""
    questions = {}
    asked = {} if handed.failed else exam.asked(group)
    for key, question in asked.items():
        read = question.response.read(handed.answers.get(key), exam.conventions)
        entry: dict[str, Any] = {
            "title": question.title,
            "state": "read",
            "reading": "",
            "notes": [],
        }
        if key in handed.unread:
            entry.update(state="unreadable", notes=[handed.unread[key]])
        elif isinstance(read, Unread):
            state = "missing" if read.outcome is Outcome.BLANK else "unreadable"
            notes = [text for text in (read.message, read.excerpt) if text]
            entry.update(state=state, notes=[*notes, question.response.describe()])
        else:
            warnings = question.response.warnings(read)
            parts = question.response.part_names()
            partly = any(question.response.unseen(read, part) for part in parts)
            state = "partly read" if partly else "read"
            notes = [*read.notes, *(text for text in warnings if text not in read.notes)]
            entry.update(state=state, reading=read.reading.text, notes=notes)
        questions[key] = entry
    return {
        "exam": exam.exam,
        "candidate": handed.candidate,
        "group": group or exam.default_group,
        "problems": [str(problem) for problem in handed.problems],
        "questions": questions,
    }


def _told(result: dict[str, Any]) -> str:
    lines = [f"{result['exam']}, candidate {result['candidate']}, group {result['group']}"]
    lines += [f"! {problem}" for problem in result["problems"]]
    states = [entry["state"] for entry in result["questions"].values()]
    for key, entry in result["questions"].items():
        lines.append(f"{key:<5} {entry['state']:<11} {entry['title']}")
        if entry["reading"]:
            lines += [f"        {line}" for line in entry["reading"].split("\n")]
        lines += [f"      ! {line}" for note in entry["notes"] for line in note.split("\n")]
    if not result["questions"]:
        lines.append("Nothing could be read; mend this first.")
    counts = ", ".join(
        f"{states.count(state)} {state}"
        for state in ("read", "partly read", "missing", "unreadable")
    )
    lines.append(f"{counts}. This looks at form only; it says nothing about right or wrong.")
    return safe("\n".join(lines))

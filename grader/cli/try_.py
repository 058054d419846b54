"""`grader try`: one answer, how it was read and how it was decided."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

import grader.checkers  # registers the answer kinds  # noqa: F401
from grader.cli import YOUR_INPUT, safe, trust_option, workspace_option
from grader.errors import AuthorError, Problem, SubmissionError
from grader.gradebook import mark, marked_json, number
from grader.loading.models import nearest
from grader.loading.text import read_text
from grader.loading.workspace import Workspace
from grader.rubric import Paper
from grader.score import Raw, Score, as_raw
from grader.scoring import Scorer

NOT_ASKED = "not-asked"


@click.command("try", context_settings={"ignore_unknown_options": True})
@click.argument("exam")
@click.argument("question", required=False)
@click.argument("answer", required=False)
@click.option(
    "--file",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Read the answer from a file.",
)
@click.option("--group", help="The candidate's group (default: one that the question is asked of).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--jsonl", type=click.Path(path_type=Path), help="Answers as JSON lines; - is standard input."
)
@trust_option
@workspace_option
def command(
    exam: str,
    question: str | None,
    answer: str | None,
    file: Path | None,
    group: str | None,
    as_json: bool,
    jsonl: Path | None,
    trust_code: bool,
    workspace: Path,
) -> int:
    """Grade one ANSWER to QUESTION of EXAM and show how it was read and decided."""
    paper = Workspace(workspace).paper(exam)
    trial = _Trial(paper, trust_code)
    if sum(source is not None for source in (answer, file, jsonl)) > 1:
        raise click.UsageError("Give the answer itself, --file or --jsonl, not several of them.")
    if jsonl is not None:
        return _many(trial, jsonl)
    if question is None:
        raise click.UsageError("Name a question, or give --jsonl FILE.")
    raw: Raw = answer
    if file is not None:
        raw = read_text(file, str(file)).text.strip("\n")
    elif answer is None and not sys.stdin.isatty():
        raw = sys.stdin.read().strip("\n")
    result = trial.run({"question": question, "answer": _structured(raw), "group": group})
    click.echo(json.dumps(result) if as_json else _told(result))
    return 0


def _parse(text: str) -> Any:
    """JSON with every number as the text that was written."""
    return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)


def _structured(raw: Raw) -> Raw:
    """On the command line a mapping or a list may be written as JSON."""
    if isinstance(raw, str) and raw.lstrip().startswith(("{", "[")):
        try:
            value = _parse(raw)
            return as_raw(value) if isinstance(value, dict) else raw
        except (ValueError, RecursionError):
            return raw
    return raw


def _many(trial: _Trial, path: Path) -> int:
    code = 0
    for number_, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            result = trial.run(_entry(line, number_))
        except (AuthorError, SubmissionError) as failure:
            code = YOUR_INPUT
            result = {
                "line": number_,
                "error": "; ".join(str(problem) for problem in failure.problems),
            }
        click.echo(json.dumps(result))
    return code


def _lines(path: Path) -> Iterator[str]:
    if str(path) == "-":
        yield from sys.stdin
        return
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape") as file:
            yield from file
    except OSError as failure:
        problem = Problem(str(path), 0, 0, f"cannot be opened: {failure.strerror}")
        raise SubmissionError(problem) from None


def _entry(line: str, number_: int) -> dict[str, Any]:
    """One line of a JSONL file.

    Raises:
        SubmissionError: it is no such line.
    """
    try:
        entry = _parse(line)
    except (ValueError, RecursionError) as failure:
        raise SubmissionError(
            Problem("", number_, 0, f"line {number_} is not JSON: {failure}")
        ) from None
    if not isinstance(entry, dict) or not isinstance(entry.get("question"), str):
        message = f'line {number_}: write {{"question": id, "answer": value}}'
        raise SubmissionError(Problem("", number_, 0, message))
    return entry


class _Trial:
    """Grades single answers of one exam."""

    def __init__(self, paper: Paper, trust_code: bool) -> None:
        self.paper = paper
        self.scorer = Scorer(paper, trust_code=trust_code)

    def run(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """One result, in the form that `--json` prints.

        Raises:
            AuthorError: unknown question or group.
            SubmissionError: the answer is no text, number, list or mapping.
        """
        exam, key = self.paper.exam, str(entry["question"])
        if key not in exam.questions:
            listed = ", ".join(exam.questions)
            raise AuthorError(
                f"there is no question {key!r}{nearest(key, exam.questions)}; questions are {listed}"
            )
        asked = [group for group in exam.groups if exam.questions[key].asked_of(group)]
        group = entry.get("group") or next(iter(asked), exam.default_group)
        if not isinstance(group, str) or group not in exam.groups:
            raise AuthorError(f"there is no group {group!r}; groups are {', '.join(exam.groups)}")
        if group not in asked:
            why = (
                exam.questions[key].withheld
                or f"This question is not asked of {exam.groups[group]}."
            )
            return _not_asked(key, why)
        others = entry.get("answers")
        try:
            answers = {
                str(k): as_raw(v) for k, v in (others if isinstance(others, dict) else {}).items()
            }
            answers[key] = as_raw(entry.get("answer"))
        except (ValueError, RecursionError) as failure:
            raise SubmissionError(str(failure)) from None
        score = self.scorer.score_one(answers, group, key)
        return as_json(key, score, exam.questions[key].points)


def as_json(question: str, score: Score, max_points: Decimal) -> dict[str, Any]:
    """The stable JSON form of one score. `points` is null while undecided; under `review` the credit is a proposal."""
    return {
        "question": question,
        **marked_json(mark(score, max_points)),
        "reading": score.reading.text,
        "findings": [
            {"id": finding.id, "credit": number(finding.credit), "message": finding.message}
            for finding in score.findings
        ],
        "evidence": score.evidence,
        **({"notes": list(score.notes)} if score.notes else {}),
    }


def _not_asked(question: str, why: str) -> dict[str, Any]:
    finding = {"id": NOT_ASKED, "credit": 0, "message": why}
    decided = {
        "question": question,
        "outcome": NOT_ASKED,
        "credit": None,
        "points": None,
        "max_points": 0,
    }
    return {**decided, "reading": "", "findings": [finding], "evidence": why}


def _told(result: Mapping[str, Any]) -> str:
    """The same for people."""
    points = "open" if result["points"] is None else f"{result['points']} of {result['max_points']}"
    lines = [
        f"question  {result['question']}",
        f"outcome   {result['outcome']}",
        f"points    {points}",
    ]
    if result["outcome"] == "review" and result["credit"] is not None:
        lines.append(f"proposal  credit {result['credit']}, a person decides")
    lines.append(f"read as   {result['reading']}")
    lines += [f"  {finding['id']}: {finding['message']}" for finding in result["findings"]]
    lines += [f"  note: {note}" for note in result.get("notes", ())]
    if result["evidence"]:
        lines.append(f"evidence  {result['evidence']}")
    return safe("\n".join(lines))

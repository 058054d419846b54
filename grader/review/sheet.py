"""A YAML sheet of everything that waits: by question, equal answers grouped, with the proposal. A person fills in
credit and comment; reading it back refuses what has become stale since.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from grader.checkers.base import parse_credit
from grader.errors import AuthorError, Problem, SubmissionError
from grader.ledger import Decision
from grader.loading.models import nearest
from grader.loading.yaml import Document, load_yaml
from grader.rubric import Paper
from grader.score import Raw, Score, show, words

HEAD = """\
# What waits for a person in {exam}. Fill in `credit:` (0 to 1, such as 1/2 or 0.25) and, if you like, `comment:` for the
# candidate; leave `credit:` empty to decide later. `by:` is your name or initials; leave `id:` as it is. Then:
#     grader review {exam} --apply {file}
"""


Recorded = Mapping[tuple[str, str], Decision]
"""The decision in force by (question, digest of the answer)."""


FIELDS = ("answer", "candidates", "why", "proposal", "found", "decided", "id", "credit", "comment")


@dataclass(frozen=True, slots=True)
class Group:
    """Equal answers to one question that wait together."""

    question: str
    answer: str
    """Digest of the answer."""
    item: str
    raw: Raw
    candidates: tuple[str, ...]
    score: Score


def collect(paper: Paper, waiting: Iterable[tuple[str, str, str, Raw, Score]]) -> list[Group]:
    """Group (candidate, question, answer digest, raw, score) by question in the exam's order, largest groups first."""
    found: dict[tuple[str, str], list[tuple[str, Raw, Score]]] = {}
    for candidate, question, answer, raw, score in waiting:
        found.setdefault((question, answer), []).append((candidate, raw, score))
    groups = [
        Group(q, a, paper.digests[q], ones[0][1], tuple(c for c, _, _ in ones), ones[0][2])
        for (q, a), ones in found.items()
    ]
    order = {key: number for number, key in enumerate(paper.exam.questions)}
    return sorted(groups, key=lambda g: (order[g.question], -len(g.candidates), g.candidates))


def write_sheet(
    path: Path, paper: Paper, groups: Sequence[Group], shown: str, recorded: Recorded
) -> None:
    """Write the sheet. One that somebody filled in and that is not `recorded` yet is never overwritten.

    Raises:
        AuthorError: there is such a sheet at `path`.
    """
    if path.exists() and _unrecorded(load_yaml(path, shown, by_staff=True), recorded):
        message = "holds entries that somebody filled in and nobody has applied; apply it first, or move it away"
        raise AuthorError(Problem(shown, 0, 0, message))
    questions: dict[str, Any] = {}
    for group in groups:
        question = paper.exam.questions[group.question]
        entry = questions.setdefault(
            group.question, {"title": question.title, "points": str(question.points), "groups": []}
        )
        entry["groups"].append(_entry(group, recorded.get((group.question, group.answer))))
    content = {"exam": paper.exam.exam, "by": None, "questions": questions}
    text = yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        HEAD.format(exam=paper.exam.exam, file=shown) + text, encoding="utf-8", newline="\n"
    )


def _entry(group: Group, decided: Decision | None) -> dict[str, Any]:
    score = group.score
    found = [
        {
            "id": finding.id,
            "credit": str(finding.credit),
            "message": finding.message or finding.staff,
        }
        | ({"words": words(finding, group.raw)} if finding.spans else {})
        for finding in score.findings
    ]
    return {
        "answer": show(group.raw),
        "candidates": list(group.candidates),
        "why": score.outcome.value,
        "proposal": None if score.credit is None else str(score.credit),
        "found": found,
        **({"decided": f"{decided.credit} by {decided.by}"} if decided else {}),
        "id": f"{group.answer}/{group.item}/{decided.number if decided else 0}",
        "credit": None,
        "comment": None,
    }


class _Dumper(yaml.SafeDumper):
    """Empty values as nothing, long text as blocks."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style="|" if "\n" in text else None
    )


def _represent_nothing(dumper: yaml.SafeDumper, _nothing: None) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:null", "")


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(type(None), _represent_nothing)


def _unrecorded(document: Document, recorded: Recorded) -> bool:
    """Whether an entry holds a credit or a comment that the ledger does not know."""
    for place, entry in _entries(document):
        credit, comment = entry.get("credit") or "", entry.get("comment") or ""
        answer = str(entry.get("id") or "").partition("/")[0]
        known = recorded.get((str(place[1]), answer))
        if (credit or comment) and (known is None or not _says(known, credit, comment)):
            return True
    return False


def _says(decision: Decision, credit: str, comment: str) -> bool:
    try:
        return (_credit(credit), comment) == (decision.credit, decision.comment)
    except ValueError:
        return False


def _credit(written: object) -> Fraction:
    """A credit as people fill it in, also with a decimal comma.

    Raises:
        ValueError: with what to write instead.
    """
    credit = parse_credit(str(written).replace(",", "."))
    if not 0 <= credit <= 1:
        raise ValueError(f"a credit lies between 0 and 1, not {written}")
    return credit


def _entries(document: Document) -> list[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
    """(place, entry) of every group in a sheet; what has another form is passed over."""
    value: Any = document.value
    questions = value.get("questions") if isinstance(value, Mapping) else None
    found: list[tuple[tuple[str | int, ...], Mapping[str, Any]]] = []
    for key, question in (questions or {}).items() if isinstance(questions or {}, Mapping) else ():
        groups = question.get("groups") if isinstance(question, Mapping) else None
        for number, entry in enumerate(groups if isinstance(groups, list) else []):
            if isinstance(entry, Mapping):
                found.append((("questions", key, "groups", number), entry))
    return found


def apply_sheet(
    path: Path,
    shown: str,
    paper: Paper,
    known: Container[tuple[str, str]],
    recorded: Recorded,
    *,
    by: Callable[[], str],
    at: str,
) -> tuple[list[Decision], list[Problem]]:
    """The decisions in a filled-in sheet, and what was refused.

    `known` are the answers of this class by (question, digest), `recorded` what is in force for them; a decision
    that is recorded already comes back with its number. `by` tells who decides where the sheet names nobody.

    Raises:
        AuthorError: the file is no sheet of this exam.
    """
    try:
        document = load_yaml(path, shown, by_staff=True)
    except SubmissionError as failure:
        raise AuthorError(failure.problems) from None
    value: Any = document.value
    if not isinstance(value, Mapping) or value.get("exam") != paper.exam.exam:
        raise AuthorError(
            document.problem(("exam",), f"this is no review sheet of {paper.exam.exam}")
        )
    if not isinstance(value.get("questions"), Mapping):
        message = "write `question: {groups: [...]}` entries here, as in the sheet that was written"
        raise AuthorError(document.problem(("questions",), message))
    decided_by = str(value.get("by") or by())
    decisions: list[Decision] = []
    refused: list[Problem] = []
    for place, entry in _entries(document):
        try:
            _refuse_odd(entry)
            if entry.get("credit") in (None, ""):
                continue
            decision = _decision(place, entry, paper, known, recorded, decided_by, at)
            if any(
                (d.question, d.answer) == (decision.question, decision.answer) for d in decisions
            ):
                raise ValueError("refused: this answer stands twice in the sheet; keep one")
            decisions.append(decision)
        except ValueError as problem:
            refused.append(document.problem((*place, "credit"), str(problem)))
    return decisions, refused


def _refuse_odd(entry: Mapping[str, Any]) -> None:
    """Notice what would otherwise be lost without a word.

    Raises:
        ValueError: a misspelt field, a missing id, or a comment without a credit.
    """
    for name in entry:
        if name not in FIELDS:
            raise ValueError(f"refused: there is no field {name!r} here{nearest(name, FIELDS)}")
    if entry.get("credit") in (None, "") and entry.get("comment") not in (None, ""):
        raise ValueError("refused: there is a comment but no credit; write one")
    if entry.get("credit") not in (None, "") and not entry.get("id"):
        raise ValueError("refused: `id:` is missing; copy it from the sheet as it was written")


def _decision(
    place: tuple[str | int, ...],
    entry: Mapping[str, Any],
    paper: Paper,
    known: Container[tuple[str, str]],
    recorded: Recorded,
    by: str,
    at: str,
) -> Decision:
    """One filled-in entry.

    Raises:
        ValueError: it cannot be used, with the reason.
    """
    question = str(place[1])
    answer, item, number = (*str(entry.get("id") or "").split("/"), "", "", "")[:3]
    if question not in paper.rubric.items:
        raise ValueError(f"refused: there is no question {question!r}")
    if (question, answer) not in known:
        raise ValueError(
            "refused as stale: nobody in this class has this answer any more; write a new sheet"
        )
    if item != paper.digests[question]:
        raise ValueError("refused as stale: the rubric item has changed since; write a new sheet")
    credit, comment = _credit(entry["credit"]), str(entry.get("comment") or "")
    decision = Decision(question, answer, item, credit, comment, by, at)
    before = recorded.get((question, answer))
    if before is not None and decision.repeats(before):
        return before
    if before is not None and str(before.number) != number:
        raise ValueError(
            f"refused as stale: {before.by} has decided this as {before.credit} since; to change it, "
            "write a new sheet with --decided"
        )
    return decision

"""Scores and submissions as JSON text, exactly there and back. Plain ASCII: half characters survive."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from grader.errors import Problem
from grader.score import FULL, NOTHING, Finding, Outcome, Reading, Score
from grader.submission import Handed

_ENCODER = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))


def dump(value: object) -> str:
    """The one way in which the ledger writes JSON."""
    return _ENCODER.encode(value)


def score_text(score: Score) -> str:
    """A score. What is as usual is left out."""
    content: dict[str, Any] = {"outcome": score.outcome.value}
    if score.credit is not None:
        content["credit"] = str(score.credit)
    if not score.outcome.decided:
        content["bounds"] = [str(score.least), str(score.most)]
    if score.reading.text or score.reading.latex:
        content["reading"] = [score.reading.text, score.reading.latex]
    if score.findings:
        content["findings"] = [_finding(finding) for finding in score.findings]
    if score.evidence:
        content["evidence"] = score.evidence
    if score.notes:
        content["notes"] = list(score.notes)
    return dump(content)


def _finding(finding: Finding) -> dict[str, Any]:
    content: dict[str, Any] = {"id": finding.id}
    if finding.credit:
        content["credit"] = str(finding.credit)
    for name in ("message", "staff", "excerpt"):
        if getattr(finding, name):
            content[name] = getattr(finding, name)
    if finding.spans:
        content["spans"] = [list(span) for span in finding.spans]
    if finding.path:
        content["path"] = list(finding.path)
    return content


def score_from(text: str) -> Score:
    """The score that `score_text` wrote."""
    content = json.loads(text)
    least, most = content.get("bounds", (NOTHING, FULL))
    credit = content.get("credit")
    return Score(
        Outcome(content["outcome"]),
        None if credit is None else Fraction(credit),
        Reading(*content.get("reading", ("",))),
        tuple(_finding_from(finding) for finding in content.get("findings", ())),
        content.get("evidence", ""),
        Fraction(least),
        Fraction(most),
        tuple(content.get("notes", ())),
    )


def seen(text: str) -> str:
    """What a report without the key tells of a score, as text: our own faults are for staff, and told."""
    content = json.loads(text)
    if content["outcome"] != Outcome.ERROR.value:
        content.pop("evidence", None)
    for finding in content.get("findings", ()):
        finding.pop("staff", None)
    return dump(content)


def mark_from(text: str) -> Score:
    """Of the score that `score_text` wrote, what a class needs: no reading, findings or notes, and evidence only of our
    own faults, which staff are told.
    """
    content = json.loads(text)
    least, most = content.get("bounds", (NOTHING, FULL))
    credit = content.get("credit")
    outcome = Outcome(content["outcome"])
    return Score(
        outcome,
        None if credit is None else Fraction(credit),
        evidence=content.get("evidence", "") if outcome is Outcome.ERROR else "",
        least=Fraction(least),
        most=Fraction(most),
    )


def _finding_from(content: Mapping[str, Any]) -> Finding:
    return Finding(
        content["id"],
        Fraction(content.get("credit", NOTHING)),
        content.get("message", ""),
        content.get("staff", ""),
        tuple((start, end) for start, end in content.get("spans", ())),
        tuple(content.get("path", ())),
        content.get("excerpt", ""),
    )


def handed_text(handed: Handed | None) -> str:
    """What was read in a file or folder; empty where it is gone."""
    if handed is None:
        return ""
    content: dict[str, Any] = {"candidate": handed.candidate, "group": handed.group}
    content["answers"] = handed.answers
    for name in ("unread", "failed", "nameless"):
        if getattr(handed, name):
            content[name] = getattr(handed, name)
    if handed.problems:
        content["problems"] = [
            [p.file, p.line, p.column, p.message, p.severity] for p in handed.problems
        ]
    return dump(content)


def handed_from(text: str) -> Handed | None:
    """What `handed_text` wrote."""
    if not text:
        return None
    content = json.loads(text)
    return Handed(
        content["candidate"],
        content["group"],
        content["answers"],
        content.get("unread", {}),
        tuple(Problem(*problem) for problem in content.get("problems", ())),
        content.get("failed", ""),
        content.get("nameless", False),
    )

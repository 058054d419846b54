"""`grader verify`: every example of every item must come out as written, the key must earn full credit, a blank none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.checkers.base import Place
from grader.rubric import Example, Paper
from grader.score import FULL, Outcome, Raw, Score
from grader.scoring import Scorer


@dataclass(frozen=True, slots=True)
class Failure:
    """What did not come out as written; `place` leads to it in the rubric."""

    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was tried and what failed."""

    tried: int
    failures: tuple[Failure, ...]


def verify(paper: Paper) -> Report:
    """Try everything."""
    scorer = Scorer(paper)
    tried, failures = 0, []
    for key in paper.rubric.items:
        for passed in _verify_item(paper, key, scorer):
            tried += 1
            if passed is not None:
                failures.append(passed)
    return Report(tried, tuple(failures))


def _verify_item(paper: Paper, key: str, scorer: Scorer) -> Iterator[Failure | None]:
    """One result per trial; None where it held."""
    if paper.exam.questions[key].withheld:
        return
    place: Place = ("items", key)
    item = paper.item(key)
    group = next(g for g in paper.exam.groups if paper.exam.questions[key].asked_of(g))

    def score(raw: Raw, others: dict[str, Raw] | None = None) -> Score:
        return scorer.score({**(others or {}), key: raw}, group, only=key)[key]

    blank = score(None)
    held = blank.outcome is Outcome.BLANK and not blank.credit
    yield None if held else Failure(place, f"a blank answer comes out as {_said(blank)}")
    response = paper.exam.questions[key].response
    model = item.check.model_answer(response, paper.official_given(key))
    if model is not None:
        got = score(model)
        waits = got.outcome is Outcome.REVIEW and item.check.undecidable()
        fine = got.credit == FULL or waits
        yield (
            None
            if fine
            else Failure(place, f"the key itself, {model!r}, comes out as {_said(got)}")
        )
    for number, example in enumerate(item.examples):
        got = score(example.answer, dict(example.answers))
        message = _mismatch(example, got)
        yield None if not message else Failure((*place, "examples", number), message)


def _mismatch(example: Example, got: Score) -> str:
    """What is not as the example says; empty if nothing."""
    if got.outcome is not example.outcome:
        return f"comes out as {_said(got)}, not {example.outcome.value}"
    if example.credit is not None and got.credit != example.credit:
        return f"gets credit {got.credit}, not {example.credit} ({_findings(got)})"
    missing = set(example.shows) - {finding.id for finding in got.findings}
    if missing:
        return f"does not show {', '.join(sorted(missing))} ({_findings(got)})"
    return ""


def _said(score: Score) -> str:
    credit = "" if score.credit is None else f" with credit {score.credit}"
    return f"{score.outcome.value}{credit} ({_findings(score)})"


def _findings(score: Score) -> str:
    found = ", ".join(finding.id for finding in score.findings)
    return f"{found or 'no finding'}; {score.evidence}" if score.evidence else found or "no finding"

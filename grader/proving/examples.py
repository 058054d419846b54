"""`grader verify`: every example of every item must come out as written, the key must earn full credit, a blank none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.checkers.base import Place
from grader.checkers.code.checker import NOT_RUN
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
    """What was tried and what failed; programs that this machine cannot run are not tried."""

    tried: int
    failures: tuple[Failure, ...]
    not_run: int
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """One answer that was tried: what it came to, and what is not as written (nothing if empty)."""

    place: Place
    score: Score
    message: str

    @property
    def not_run(self) -> str:
        """Why this machine could not run a program in it, "" where it could."""
        told = (f.staff for f in self.score.findings if f.id.rpartition(".")[2] == NOT_RUN)
        return next(told, "")


def verify(paper: Paper, *, trust_code: bool = False) -> Report:
    """Try everything."""
    scorer = Scorer(paper, trust_code=trust_code)
    trials = [trial for key in paper.rubric.items for trial in _trials(paper, key, scorer)]
    run = [trial for trial in trials if not trial.not_run]
    left = [trial for trial in trials if trial.not_run]
    failures = tuple(Failure(trial.place, trial.message) for trial in run if trial.message)
    return Report(len(run), failures, len(left), left[0].not_run if left else "")


def _trials(paper: Paper, key: str, scorer: Scorer) -> Iterator[Trial]:
    """A blank answer, the key and every example of one item."""
    if paper.exam.questions[key].withheld:
        return
    place: Place = ("items", key)
    item = paper.item(key)
    group = next(g for g in paper.exam.groups if paper.exam.questions[key].asked_of(g))

    def score(raw: Raw, others: dict[str, Raw] | None = None) -> Score:
        return scorer.score_one({**(others or {}), key: raw}, group, key)

    blank = score(None)
    held = blank.outcome is Outcome.BLANK and not blank.credit
    yield Trial(place, blank, "" if held else f"a blank answer comes out as {_said(blank)}")
    response = paper.exam.questions[key].response
    model = item.check.model_answer(response, paper.official_given(key))
    if model is not None:
        got = score(model)
        whole = got.least == got.credit and got.most == FULL  # only what a person judges is open
        waits = got.outcome is Outcome.REVIEW and (item.check.undecidable() or whole)
        fine = got.credit == FULL or waits
        yield Trial(
            place, got, "" if fine else f"the key itself, {model!r}, comes out as {_said(got)}"
        )
    for number, example in enumerate(item.examples):
        got = score(example.answer, dict(example.answers))
        yield Trial((*place, "examples", number), got, _mismatch(example, got))


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

"""One answer, with those it may follow from -> its score. The only place that turns an exception into a record."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from grader.checkers.base import Tools, attempt, better, hold
from grader.expressions import Unreadable
from grader.rubric import Item, Paper
from grader.score import (
    NOTHING,
    Answer,
    Finding,
    Outcome,
    Raw,
    Reading,
    Score,
    Unread,
    digest,
    from_unread,
    show,
)
from grader.submission import Handed

log = logging.getLogger(__name__)


MAX_REMEMBERED = 50_000
"""Scores a scorer remembers; equal answers are judged once."""


@dataclass(frozen=True, slots=True)
class Work:
    """One answer to judge, with the answers it may follow from: all that its score depends on beside the paper.

    `unopened` says for this question or one of those inputs why what was handed in could not even be opened.
    """

    question: str
    raw: Raw
    inputs: Mapping[str, Raw] = field(default_factory=dict)
    unopened: Mapping[str, str] = field(default_factory=dict)

    def identity(self, paper: Paper) -> str:
        """Equal for equal work in every process; changes with anything that the score may depend on."""
        inputs = [[key, self.inputs[key]] for key in sorted(self.inputs)]
        unopened = sorted(self.unopened.items())
        return digest(paper.judged_by[self.question], self.raw, inputs, unopened, length=32)


def works_for(
    paper: Paper,
    answers: Mapping[str, Raw],
    group: str,
    unopened: Mapping[str, str] | None = None,
) -> dict[str, Work]:
    """What there is to judge of a candidate's answers, in the exam's order: what counts for the group, and no more."""
    asked = paper.exam.asked(group)
    opened = {key: raw for key, raw in answers.items() if key in asked}
    return {key: _work_for(paper, key, opened, unopened or {}) for key in asked}


def works_of(paper: Paper, handed: Handed) -> dict[str, Work]:
    """What there is to judge of what a candidate handed in; where nothing could be read, every question waits."""
    if not handed.failed:
        return works_for(paper, handed.answers, handed.group, handed.unread)
    why = f"The file could not be read: {handed.failed}"
    return works_for(paper, {}, handed.group, dict.fromkeys(paper.exam.asked(handed.group), why))


def _work_for(
    paper: Paper, key: str, answers: Mapping[str, Raw], unopened: Mapping[str, str]
) -> Work:
    inputs = {source: answers.get(source) for source in paper.needs[key]}
    unread = {k: unopened[k] for k in (key, *inputs) if k in unopened}
    return Work(key, answers.get(key), inputs, unread)


class Scorer:
    """Scores answers of one exam. Equal work is done once and remembered."""

    def __init__(self, paper: Paper, *, trust_code: bool = False) -> None:
        self.paper = paper
        self.trust_code = trust_code
        self._known: dict[str, Score] = {}

    def score(self, answers: Mapping[str, Raw], group: str) -> dict[str, Score]:
        """The scores of a candidate's answers, in the exam's order: what counts for the group."""
        works = works_for(self.paper, answers, group)
        return {key: self.judge(work) for key, work in works.items()}

    def score_one(self, answers: Mapping[str, Raw], group: str, key: str) -> Score:
        """The score of the answer to one question that is asked of the group."""
        return self.judge(works_for(self.paper, answers, group)[key])

    def judge(self, work: Work) -> Score:
        """The score of one answer."""
        name = work.identity(self.paper)
        if name not in self._known:
            if len(self._known) >= MAX_REMEMBERED:
                self._known.clear()
            self._known[name] = score_work(self.paper, work, self.trust_code)
        return self._known[name]


def score_work(paper: Paper, work: Work, trust_code: bool = False) -> Score:
    """Read and judge one answer."""
    key = work.question
    try:
        answer = _read(paper, work, key, work.raw)
        if isinstance(answer, Unread):
            return from_unread(answer)
        return _judge(paper, key, answer, _inputs(paper, work), trust_code)
    except (
        Exception
    ) as failure:  # the one place: our fault must cost the machine, not the candidate
        log.exception("question %s could not be judged", key)
        return engine_fault(work.raw, f"{type(failure).__name__}: {failure}")


def _read(paper: Paper, work: Work, key: str, raw: Raw) -> Answer | Unread:
    if key in work.unopened:
        return Unread(raw, Outcome.UNREADABLE, work.unopened[key])
    return paper.exam.questions[key].response.read(raw, paper.exam.conventions)


def _inputs(paper: Paper, work: Work) -> dict[str, Answer | Unread]:
    """The answers this one may follow from. One that breaks our reader holds back what builds on it."""
    read: dict[str, Answer | Unread] = {}
    for key, raw in work.inputs.items():
        try:
            read[key] = _read(paper, work, key, raw)
        except Exception:  # as above; the question itself is judged in a work of its own
            log.exception("the answer to %s could not be read", key)
            read[key] = Unread(raw, Outcome.UNREADABLE, "The grader failed on this answer.")
    return read


def engine_fault(raw: Raw, reason: str) -> Score:
    """The score of an answer that we failed on: a person looks, it is never 0."""
    message = "The grading program failed on this answer; a person will look at it."
    finding = Finding("engine-fault", NOTHING, message, reason)
    return Score(Outcome.ERROR, None, Reading(show(raw)), (finding,), reason)


def _judge(
    paper: Paper,
    key: str,
    answer: Answer,
    read: Mapping[str, Answer | Unread],
    trust_code: bool,
) -> Score:
    item = paper.item(key)
    seed = seed_for(paper, key, answer.raw)
    official = paper.official_given(key)
    score = item.check.check(answer, Tools(seed, official, trust_code))
    if score.credit == 1 or not item.given:
        return score
    own = _own_given(paper, key, read)
    followed = None if own is None else attempt(item.check, answer, Tools(seed, own, trust_code))
    if followed is not None:
        followed = _credit_followed(item, paper, key, followed)
        # a person who decides should see the candidate's own values where both come to the same
        kinder = (followed, score) if item.check.undecidable() else (score, followed)
        score = better(*kinder)
    unseen = _unseen_sources(paper, key, read)
    if unseen:
        why = f"It may follow from your {', '.join(unseen)}, which could not be read."
        return hold(score, item.follow_credit, why)
    return score


def seed_for(paper: Paper, key: str, raw: Raw) -> int:
    """Where chance is used in judging, it begins here: the same for the same answer, everywhere."""
    return int(digest(paper.exam.exam, key, raw), 16)


def _unseen_sources(paper: Paper, key: str, read: Mapping[str, Answer | Unread]) -> list[str]:
    """The given answers that were handed in but could not be read, and so may hide that this one follows from them."""
    found = []
    for source in paper.sources(key).values():
        answer = read.get(source.question)
        if isinstance(answer, Answer):
            unseen = answer.response.unseen(answer, source.part)
        else:
            unseen = answer is not None and answer.outcome is Outcome.UNREADABLE
        if unseen:
            found.append(source.question)
    return sorted(set(found))


def _own_given(
    paper: Paper, key: str, read: Mapping[str, Answer | Unread]
) -> dict[str, Any] | None:
    """The candidate's own given values where they can be read, the official ones elsewhere, and what is derived.

    None if nothing is own, or if the own values give a derivation none (a division by their 0).
    """
    own: dict[str, Any] = {}
    for name, source in paper.sources(key).items():
        answer = read.get(source.question)
        value = (
            answer.response.value_of(answer, source.part) if isinstance(answer, Answer) else None
        )
        if value is not None:
            own[name] = value
    try:
        return paper.own_given(key, own) if own else None
    except Unreadable:
        return None


def _credit_followed(item: Item, paper: Paper, key: str, score: Score) -> Score:
    """The score under the candidate's own values, at the credit the item gives for that, and saying so."""
    if not score.most:
        return score
    factor: Fraction = item.follow_credit
    sources = ", ".join(sorted({source.question for source in paper.sources(key).values()}))
    finding = Finding("follow-through", NOTHING, f"Judged with your own result of {sources}.")
    credit = None if score.credit is None else score.credit * factor
    return replace(
        score,
        credit=credit,
        least=score.least * factor,
        most=score.most * factor if score.outcome.decided else score.most,
        findings=(finding, *score.findings),
        evidence=f"with own values of {sources}: {score.evidence}",
    )

"""One submission -> one score per question, in dependency order. The only place that turns an exception into a record."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
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
    key_of,
    show,
)

log = logging.getLogger(__name__)


MAX_REMEMBERED = 50_000
"""Scores a scorer remembers; equal answers are judged once."""


class Scorer:
    """Scores submissions of one exam. Equal answers with equal given answers are judged once and remembered."""

    def __init__(self, paper: Paper, *, trust_code: bool = False) -> None:
        self.paper = paper
        self.trust_code = trust_code
        self._needs = _needed_answers(paper)
        self._known: dict[tuple[str, ...], tuple[Answer | Unread, Score]] = {}

    def score(
        self,
        answers: Mapping[str, Raw],
        group: str,
        unread: Mapping[str, str] | None = None,
        *,
        only: str | None = None,
    ) -> dict[str, Score]:
        """Score all answers that count for the group, in the exam's order; with `only`, that question and what it needs.

        `unread` says for single questions why what was handed in could not even be opened.
        """
        unread = unread or {}
        asked = self.paper.exam.asked(group)
        wanted = asked.keys() if only is None else {only, *self._needs[only]} & asked.keys()
        read: dict[str, Answer | Unread] = {}
        scores: dict[str, Score] = {}
        for key in self.paper.order:
            if key not in wanted:
                continue
            if key in unread:
                missing = Unread(answers.get(key), Outcome.UNREADABLE, unread[key])
                read[key], scores[key] = missing, from_unread(missing)
            else:
                read[key], scores[key] = self._remember(key, answers, unread, read)
        return {key: scores[key] for key in asked if key in scores}

    def _remember(
        self,
        key: str,
        answers: Mapping[str, Raw],
        unread: Mapping[str, str],
        read: Mapping[str, Answer | Unread],
    ) -> tuple[Answer | Unread, Score]:
        needed = (key_of(None if n in unread else answers.get(n)) for n in (key, *self._needs[key]))
        name = (key, *needed)
        if name not in self._known:
            if len(self._known) >= MAX_REMEMBERED:
                self._known.clear()
            self._known[name] = score_question(
                self.paper, key, answers.get(key), read, self.trust_code
            )
        return self._known[name]


def _needed_answers(paper: Paper) -> dict[str, tuple[str, ...]]:
    """For each question the others whose answers can change its score, sorted: those it takes values from."""
    return {
        key: tuple(sorted({source.question for source in paper.sources(key).values()}))
        for key in paper.order
    }


def score_question(
    paper: Paper,
    key: str,
    raw: Raw,
    read: Mapping[str, Answer | Unread],
    trust_code: bool = False,
) -> tuple[Answer | Unread, Score]:
    """Read and score one answer; `read` holds the candidate's answers to the questions it builds on."""
    question = paper.exam.questions[key]
    try:
        answer = question.response.read(raw, paper.exam.conventions)
        if isinstance(answer, Unread):
            return answer, from_unread(answer)
        return answer, _judge(paper, key, answer, read, trust_code)
    except (
        Exception
    ) as failure:  # the one place: our fault must cost the machine, not the candidate
        log.exception("question %s could not be judged", key)
        unread = Unread(raw, Outcome.UNREADABLE, "The grader failed on this answer.")
        return unread, engine_fault(raw, f"{type(failure).__name__}: {failure}")


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
    seed = int(digest(paper.exam.exam, key, answer.raw), 16)
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

"""What a ledger says as of an act, put together: submissions, scores with people's decisions in them, results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from grader import gradebook
from grader.ledger import NOW, Decision, Ledger, Standing
from grader.ledger.codec import mark_from, score_from
from grader.loading.entries import merged
from grader.rubric import Paper
from grader.score import Outcome, Raw, Score, digest
from grader.submission import Handed

TOGETHER = 200
"""Candidates looked up at once."""
REMEMBERED = 2_000
"""Scores kept in mind: many candidates give the same answer."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One candidate as of an act."""

    standing: Standing
    handed: Handed
    scores: dict[str, Score]
    result: gradebook.Result

    def raw(self, question: str) -> Raw:
        """The answer as entered."""
        return self.handed.answers.get(question)


class State:
    """An exam as of an act, under a paper."""

    def __init__(
        self, ledger: Ledger, paper: Paper, upto: int = NOW, *, marks_only: bool = False
    ) -> None:
        """With `marks_only` scores hold what a class needs of them (see `codec.mark_from`)."""
        self.ledger = ledger
        self._read = mark_from if marks_only else score_from
        self.paper = paper
        self.upto = upto
        self._scores: dict[int, Score] = {}

    @cached_property
    def decisions(self) -> dict[tuple[str, str], Decision]:
        """What people have decided, by (question, digest of the answer)."""
        return self.ledger.decisions(self.upto)

    def standings(self) -> Iterator[list[Standing]]:
        """Where everybody stands, some at a time, in natural order."""
        some: list[Standing] = []
        for standing in self.ledger.standings(self.upto):
            some.append(standing)
            if len(some) == TOGETHER:
                yield some
                some = []
        if some:
            yield some

    def candidates(self) -> Iterator[Candidate]:
        """Everybody, in natural order."""
        for some in self.standings():
            yield from self.those(some)

    def those(self, standings: Sequence[Standing]) -> Iterator[Candidate]:
        """Some candidates."""
        self._look_up(number for one in standings for number, _, _ in one.scores.values())
        entries = self.ledger.entries_numbered({n for one in standings for n in one.entries})
        for standing in standings:
            read = [entries[number].handed for number in standing.entries]
            handed = merged([one for one in read if one is not None])
            yield self._candidate(standing, handed)

    def decided(self, standing: Standing) -> dict[str, Decision]:
        """The decisions that are about a candidate's answers, by question."""
        if not self.decisions:
            return {}
        found = {
            question: self.decisions.get((question, placed.answer))
            for question, placed in standing.scores.items()
        }
        return {question: decision for question, decision in found.items() if decision is not None}

    def told(self, standing: Standing) -> str:
        """Names all that a candidate's report says beside the exam itself."""
        said = [
            (question, str(d.credit), d.comment, d.by)
            for question, d in self.decided(standing).items()
        ]
        return digest(standing.candidate, standing.identity, said, length=32)

    def contents(self, standing: Standing) -> list[str]:
        """All that was recorded of a candidate's scores, in the exam's order."""
        numbers = [placed.number for placed in standing.scores.values()]
        found = self.ledger.score_contents(numbers)
        return [found[number] for number in numbers]

    def score(self, number: int) -> Score:
        """A score by its number in the ledger, as the machine gave it."""
        self._look_up([number])
        return self._scores[number]

    def _candidate(self, standing: Standing, handed: Handed) -> Candidate:
        decided = self.decided(standing)
        scores = {
            question: _with(self._scores[placed.number], decided.get(question))
            for question, placed in standing.scores.items()
        }
        result = gradebook.tally(
            self.paper.exam,
            standing.candidate,
            standing.group,
            scores,
            Decimal(standing.bonus),
            handed.failed,
        )
        return Candidate(standing, handed, scores, result)

    def _look_up(self, numbers: Iterable[int]) -> None:
        needed = set(numbers)
        missing = needed - self._scores.keys()
        if not missing:
            return
        if len(self._scores) + len(missing) > REMEMBERED:
            self._scores.clear()
            missing = needed
        found = self.ledger.score_contents(sorted(missing))
        self._scores |= {number: self._read(text) for number, text in found.items()}


def _with(score: Score, decision: Decision | None) -> Score:
    """A score with a person's word in it; a blank answer needs none."""
    if decision is None or score.outcome is Outcome.BLANK:
        return score
    return replace(
        score,
        outcome=Outcome.GRADED,
        credit=decision.credit,
        by=decision.by,
        notes=(*score.notes, *((decision.comment,) if decision.comment else ())),
    )

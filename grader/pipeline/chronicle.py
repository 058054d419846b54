"""How a candidate's marks came about, act by act, from the ledger alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from grader.errors import GraderError
from grader.ledger import Act, Decision, Judged, Kind, Ledger, Standing
from grader.ledger.codec import score_from
from grader.pipeline.papers import paper_as_of
from grader.pipeline.state import State
from grader.report.words import decimal_text, grade_text, range_text, total_text
from grader.rubric import Paper
from grader.score import Score


@dataclass(frozen=True, slots=True)
class Chapter:
    """What an act did to one candidate, in lines."""

    act: Act
    lines: tuple[str, ...]
    backwards: bool
    """Whether the clock said less than at the act before."""


class Chronicle:
    """One candidate's history; with a question, what concerns it.

    Only papers of acts that touch the candidate are loaded.
    """

    def __init__(self, ledger: Ledger, exam: str, candidate: str, question: str = "") -> None:
        self.ledger = ledger
        self.exam = exam
        self.candidate = candidate
        self.question = question
        self.acts = ledger.acts()
        self.standings = ledger.history(candidate)
        self._papers: dict[str, Paper | None] = {}

    def chapters(self) -> Iterator[Chapter]:
        """In the order of acts, whatever the clock said."""
        standings = {one.act: (before, one) for before, one in self._steps()}
        decisions = self._decisions()
        latest = ""
        for act in self.acts:
            lines: list[str] = []
            if act.number in standings:
                lines += self._moved(act, *standings[act.number])
            lines += [self._decided(act, one) for one in decisions.get(act.number, ())]
            if act.kind is Kind.RELEASED:
                lines += self._released(act)
            if lines:
                yield Chapter(act, tuple(lines), act.at < latest)
            latest = max(latest, act.at)

    def questions(self) -> list[str]:
        """Every question that ever had a score."""
        return list(dict.fromkeys(key for one in self.standings for key in one.scores))

    def _steps(self) -> Iterator[tuple[Standing | None, Standing]]:
        """Where the candidate stood before and after each act; of several within one act the last counts."""
        last = {one.act: one for one in self.standings}
        before = None
        for one in last.values():
            yield before, one
            before = one

    def _about(self, questions: Iterable[str]) -> list[str]:
        return [key for key in questions if self.question in ("", key)]

    # --- what was handed in and how it was scored ---

    def _moved(self, act: Act, before: Standing | None, after: Standing) -> Iterator[str]:
        yield from self._entries(before, after)
        if not self.question and before and before.bonus != after.bonus and not after.gone:
            yield f"bonus {before.bonus} -> {after.bonus}"
        was = before.scores if before else {}
        changed = [
            key
            for key in self._about(after.scores)
            if was.get(key, (0,))[0] != after.scores[key][0]
        ]
        judged = self.ledger.scores([after.scores[key][0] for key in changed])
        for key in changed:
            yield f"question {key}: {self._judged(act, key, judged[after.scores[key][0]])}"
        yield from self._held(act, before, after)

    def _entries(self, before: Standing | None, after: Standing) -> Iterator[str]:
        """What was handed in, by name; a file's digest tells its versions apart."""
        if after.gone:
            yield "what was handed in is gone; the earlier scores stay here"
            return
        old = before.entries if before else ()
        found = self.ledger.entries_numbered({*old, *after.entries})
        known = {found[number].name: found[number] for number in old}
        names = {found[number].name for number in after.entries}
        for number in after.entries:
            entry = found[number]
            was = known.get(entry.name)
            if was is None:
                yield f"handed in: {entry.name} ({entry.content[:8]})"
            elif was.content != entry.content:
                yield f"changed: {entry.name} ({was.content[:8]} -> {entry.content[:8]})"
            elif was.number != entry.number:
                yield f"read again: {entry.name}"
        yield from (f"gone: {name}" for name in known if name not in names)

    def _judged(self, act: Act, question: str, judged: Judged) -> str:
        parts = [
            self._points(act, question, judged.score),
            f"rubric item {judged.item}",
            f"engine {judged.engine}",
            f"confined by {judged.level}" if judged.level else "",
            f"judged in act {judged.act}" if judged.act != act.number else "",
        ]
        return "; ".join(part for part in parts if part)

    def _held(self, act: Act, before: Standing | None, after: Standing) -> Iterator[str]:
        was = before.held if before else {}
        new = [key for key in self._about(after.held) if was.get(key) != after.held[key]]
        known = self.ledger.works([after.held[key] for key in new])
        for key in new:
            would = known.get(after.held[key])
            told = self._points(act, key, score_from(would.content)) if would else "less"
            yield f"question {key}: the score was kept and left to a person; the rubric would give {told}"
        for key in self._about(was):
            if key not in after.held and not after.gone:
                yield f"question {key}: no score is kept against the rubric any more"

    def _points(self, act: Act, question: str, score: Score) -> str:
        """Outcome, credit and points; without points where the paper of the act does not load any more."""
        credit = f"credit {score.credit}" if score.outcome.decided else "not decided"
        paper = self._paper(act)
        asked = paper.exam.questions.get(question) if paper else None
        if asked is None:
            return f"{score.outcome.value}, {credit}"
        low, high = (bound * Fraction(asked.points) for bound in (score.least, score.most))
        points = f"{range_text(low, high)} of {decimal_text(Decimal(asked.points))} points"
        return f"{score.outcome.value}, {credit}, {points}"

    def _paper(self, act: Act) -> Paper | None:
        if act.paper not in self._papers:
            try:
                self._papers[act.paper] = paper_as_of(self.ledger, self.exam, act.number)
            except GraderError:  # written for another version: its points cannot be told
                self._papers[act.paper] = None
        return self._papers[act.paper]

    # --- people ---

    def _decisions(self) -> Mapping[int, list[Decision]]:
        """Decisions on any answer the candidate ever gave, by the number of their act."""
        answers = {
            (key, placed.answer)
            for one in self.standings
            for key, placed in one.scores.items()
            if self._about([key])
        }
        found: dict[int, list[Decision]] = {}
        for decision in self.ledger.all_decisions():
            if (decision.question, decision.answer) in answers:
                found.setdefault(decision.act, []).append(decision)
        return found

    def _decided(self, act: Act, decision: Decision) -> str:
        comment = f": {decision.comment}" if decision.comment else ""
        when = f" at {decision.at}" if decision.at != act.at else ""
        return f"question {decision.question}: decided credit {decision.credit} by {decision.by}{when}{comment}"

    def _released(self, act: Act) -> Iterator[str]:
        number = sum(one.kind is Kind.RELEASED and one.number <= act.number for one in self.acts)
        standing = next((one for one in reversed(self.standings) if one.act < act.number), None)
        paper = self._paper(act)
        if standing is None or standing.gone or paper is None:
            return
        (candidate,) = State(self.ledger, paper, act.number).those([standing])
        result = candidate.result
        if self.question:
            marked = result.questions.get(self.question)
            if marked is not None:
                points = range_text(marked.low, marked.high)
                yield f"release {number}: {points} of {decimal_text(marked.max_points)} points"
            return
        grade = grade_text(result)
        told = f"{total_text(result)} of {decimal_text(result.max_points)} points"
        yield f"release {number}: {told}{f', grade {grade}' if grade else ''}"

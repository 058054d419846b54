"""Judging answers made of named fields, field by field; `parts` and `table` are such."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter
from typing import Any

from pydantic import model_validator

from grader.checkers.base import (
    AnyChecker,
    Checker,
    Conventions,
    Credit,
    Misconception,
    Model,
    Place,
    RawAnswer,
    Response,
    Tools,
    attempt,
    better,
    hold,
    lift,
)
from grader.checkers.fields import (
    Fields,
    Part,
    locate,
    same_field,
)
from grader.score import (
    FULL,
    NOTHING,
    Answer,
    Finding,
    Outcome,
    Raw,
    Score,
    Unread,
    from_unread,
    graded,
)

AUTHOR = Conventions()
"""Values in a rubric are written with the decimal point."""


class PartCheck(Model):
    """How one field is judged, its share, and what it takes from other fields of the same answer."""

    check: AnyChecker
    credit: Credit | None = None
    given: dict[str, str] = {}

    @model_validator(mode="before")
    @classmethod
    def _lift_check(cls, value: object) -> object:
        return lift(value, cls, "check")


class PartsMisconception(Misconception):
    """Wrong values of several fields; matches when all named fields agree."""

    when: dict[str, RawAnswer]


class FieldsChecker(Checker):
    """Judges named fields; the item's credit is the sum of the fields' shares."""

    misconceptions: dict[str, PartsMisconception] = {}

    @abstractmethod
    def checks(self) -> Mapping[str, PartCheck]:
        """How each field is judged, by name."""

    def check(self, answer: Answer, tools: Tools) -> Score:
        scores = self._judge_fields(answer, tools)
        score = self.combine(answer, scores)
        if all(one.credit == FULL for one in scores.values() if one.outcome is not Outcome.BLANK):
            return score  # right for these given values, whatever it looks like for others
        for name, misconception in self.misconceptions.items():
            if _shows(answer, misconception):
                finding = Finding(name, misconception.credit, misconception.say)
                if score.outcome.decided:
                    return graded(misconception.credit, answer, [finding])
                proposed = min(score.most, max(score.least, misconception.credit))
                return replace(score, credit=proposed, findings=(finding, *score.findings))
        return score

    def combine(self, answer: Answer, scores: Mapping[str, Score]) -> Score:
        """The sum of the fields' shares; waits when one of them does."""
        return weigh(answer, scores, shares(self.checks()))

    def _judge_fields(self, answer: Answer, tools: Tools) -> dict[str, Score]:
        official = self._official(answer.response, tools.given)
        scores: dict[str, Score] = {}
        for name in _order(self.checks()):
            check, read = self.checks()[name], answer.value[name]
            if isinstance(read, Unread):
                scores[name] = from_unread(read)
                continue
            given = {
                **tools.given,
                **{n: official.get(source) for n, source in check.given.items()},
            }
            scores[name] = check.check.check(read, replace(tools, given=given))
            own = {n: answer.response.value_of(answer, source) for n, source in check.given.items()}
            own = {n: value for n, value in own.items() if value is not None}
            if own and scores[name].credit != FULL:
                second = attempt(check.check, read, replace(tools, given={**given, **own}))
                if second is not None:
                    followed = _say_followed(second, check.given.values())
                    scores[name] = better(scores[name], followed)
            unseen = [s for s in check.given.values() if answer.response.unseen(answer, s)]
            if unseen:
                why = f"It may follow from your {', '.join(unseen)}, which could not be read."
                scores[name] = hold(scores[name], FULL, why)
        return {name: scores[name] for name in self.checks()}

    def _official(self, response: Fields, given: Mapping[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name in _order(self.checks()):
            check = self.checks()[name]
            taken = {**given, **{n: values.get(source) for n, source in check.given.items()}}
            values[name] = check.check.reference(response.fields()[name].response, taken)
        return values

    def problems(self, response: Response, given: frozenset[str]) -> Iterator[tuple[Place, str]]:
        assert isinstance(response, Fields)  # noqa: S101 - the loader has matched the kinds
        fields, checks = response.fields(), self.checks()
        for name in fields.keys() - checks.keys():
            yield (), f"field {name!r} of the exam is not judged here"
        for name, check in checks.items():
            yield from self._field_problems(name, check, fields, given)
        try:
            _order(checks)
        except CycleError as cycle:
            yield (), "fields take values in a circle: " + " -> ".join(cycle.args[1])
        total = sum(shares(checks).values(), NOTHING)
        if total > 1:
            yield (), f"the fields' credits add up to {total}, more than 1"
        for key, misconception in self.misconceptions.items():
            for name in misconception.when.keys() - fields.keys():
                yield ("misconceptions", key, "when", name), f"the exam has no field {name!r}"

    def _field_problems(
        self, name: str, check: PartCheck, fields: Mapping[str, Part], given: frozenset[str]
    ) -> Iterator[tuple[Place, str]]:
        place = self.place(name)
        if name not in fields:
            yield place, f"the exam has no field {name!r}; it has {', '.join(fields)}"
            return
        asked = fields[name].response
        if asked.kind != check.check.kind:
            yield (
                (*place, "kind"),
                f"the exam asks {name} as {asked.kind!r}, not {check.check.kind!r}",
            )
            return
        for source in check.given.values():
            if source not in fields:
                yield (*place, "given"), f"there is no field {source!r} to take a value from"
        for inner, message in check.check.problems(asked, given | check.given.keys()):
            yield (*place, *inner), message

    @abstractmethod
    def place(self, name: str) -> Place:
        """Where a field's checker stands in the item."""

    def reference(self, response: Response, given: Mapping[str, Any]) -> Any:
        assert isinstance(response, Fields)  # noqa: S101 - the loader has matched the kinds
        return self._official(response, given)

    def model_answer(self, response: Response, given: Mapping[str, Any]) -> Raw:
        assert isinstance(response, Fields)  # noqa: S101 - the loader has matched the kinds
        values, official = {}, self._official(response, given)
        for name, check in self.checks().items():
            taken = {**given, **{n: official.get(source) for n, source in check.given.items()}}
            values[name] = check.check.model_answer(response.fields()[name].response, taken)
            if values[name] is None and not response.fields()[name].optional:
                return None
        return values

    def criteria(self) -> frozenset[str]:
        inner = {
            f"{name}.{id_}"
            for name, check in self.checks().items()
            for id_ in (*check.check.criteria(), "unreadable", "waits")
        }
        followed = {
            f"{name}.follow-through" for name, check in self.checks().items() if check.given
        }
        return frozenset({*inner, *followed, *self.misconceptions})

    def seconds(self) -> float:
        return sum(check.check.seconds() for check in self.checks().values())

    def names_misconceptions(self) -> bool:
        inner = any(check.check.names_misconceptions() for check in self.checks().values())
        return inner or super().names_misconceptions()

    def undecidable(self) -> bool:
        return any(check.check.undecidable() for check in self.checks().values())


def weigh(answer: Answer, scores: Mapping[str, Score], share: Mapping[str, Fraction]) -> Score:
    """Sum of the fields' credits by share. Undecided fields widen the bounds and make the item wait."""
    findings = tuple(
        locate(
            replace(finding, id=f"{name}.{finding.id}", credit=finding.credit * share[name]),
            answer,
            name,
        )
        for name, score in scores.items()
        for finding in score.findings
    )
    evidence = "; ".join(
        f"{name}: {score.evidence}" for name, score in scores.items() if score.evidence
    )
    least = sum((share[name] * score.least for name, score in scores.items()), NOTHING)
    if all(score.outcome.decided for score in scores.values()):
        return graded(min(FULL, least), answer, findings, evidence)
    most = sum((share[name] * score.most for name, score in scores.items()), NOTHING)
    proposed = sum(
        (share[n] * (s.least if s.credit is None else s.credit) for n, s in scores.items()), NOTHING
    )
    return Score(
        Outcome.ERROR
        if any(s.outcome is Outcome.ERROR for s in scores.values())
        else Outcome.REVIEW,
        min(FULL, proposed),
        answer.reading,
        findings,
        evidence,
        least=min(FULL, least),
        most=min(FULL, most),
        notes=answer.notes,
    )


def shares(checks: Mapping[str, PartCheck]) -> dict[str, Fraction]:
    """Each field's share: as written, or an equal part of what the others leave."""
    written = {name: check.credit for name, check in checks.items() if check.credit is not None}
    open_fields = len(checks) - len(written)
    rest = max(NOTHING, FULL - sum(written.values(), NOTHING))
    return {
        name: written.get(name, rest / open_fields if open_fields else NOTHING) for name in checks
    }


def _shows(answer: Answer, misconception: PartsMisconception) -> bool:
    fields = answer.response.fields()
    return all(
        name in fields and same_field(answer.value[name], fields[name].response.read(raw, AUTHOR))
        for name, raw in misconception.when.items()
    )


def _say_followed(score: Score, sources: Any) -> Score:
    message = f"Judged with your own {', '.join(sorted(set(sources)))}."
    return replace(score, findings=(Finding("follow-through", NOTHING, message), *score.findings))


def _order(checks: Mapping[str, PartCheck]) -> list[str]:
    """Fields so that each comes after those it takes values from; otherwise as written.

    Raises:
        graphlib.CycleError: values go round in a circle.
    """
    sorter = TopologicalSorter(
        {name: [s for s in check.given.values() if s in checks] for name, check in checks.items()}
    )
    return list(sorter.static_order())

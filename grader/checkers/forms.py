"""Several forms of an answer to choose from; the best of those filled in counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Literal

from pydantic import Field, model_validator

from grader.checkers.base import (
    AnyChecker,
    AnyResponse,
    Checker,
    Conventions,
    Credit,
    Misread,
    Model,
    Place,
    Response,
    Tools,
    better,
    is_blank,
    lift,
)
from grader.checkers.code import CodeResponse, looks_like_code
from grader.score import (
    FULL,
    NOTHING,
    Answer,
    Finding,
    Outcome,
    Raw,
    Reading,
    Score,
    Unread,
    from_unread,
)

FormRead = Answer | Unread


class FormsResponse(Response):
    """Forms by name, in the order in which a bare answer is tried."""

    kind: Literal["forms"]
    forms: dict[str, AnyResponse] = Field(min_length=1)

    def interpret(self, raw: Raw, conventions: Conventions) -> Answer:
        named = self._named(raw)
        if named is None:
            name, read = self._first_that_reads(raw, conventions)
            return self._answer(raw, {name: read})
        filled = {name: entry for name, entry in named.items() if not is_blank(entry)}
        read_forms = {
            name: self.forms[name].read(entry, conventions) for name, entry in filled.items()
        }
        if not any(isinstance(read, Answer) for read in read_forms.values()):
            raise _no_form(read_forms)
        return self._answer(raw, read_forms)

    def _named(self, raw: Raw) -> dict[str, Raw] | None:
        """Entries by form; None where the answer names no form.

        Raises:
            Misread: some names are forms and some are not.
        """
        if not isinstance(raw, Mapping):
            return None
        forms = {name.casefold(): name for name in self.forms}
        known = {name: forms[key] for name in raw if (key := name.strip().casefold()) in forms}
        if not known:
            return None
        for name, entry in raw.items():
            if name not in known and not is_blank(entry):
                raise Misread(f"“{name[:40]}” is none of the forms {', '.join(self.forms)}.")
        return {form: raw[name] for name, form in known.items()}

    def _first_that_reads(self, raw: Raw, conventions: Conventions) -> tuple[str, Answer]:
        tried: dict[str, FormRead] = {}
        for name in self._trial_order(raw):
            tried[name] = read = self.forms[name].read(raw, conventions)
            if isinstance(read, Answer):
                return name, read
        raise _no_form(tried)

    def _trial_order(self, raw: Raw) -> list[str]:
        """As written; but programs are tried as code first, and anything else as code last, since code reads all text."""
        code = [name for name, form in self.forms.items() if isinstance(form, CodeResponse)]
        others = [name for name in self.forms if name not in code]
        return [*code, *others] if looks_like_code(raw) else [*others, *code]

    def _answer(self, raw: Raw, read_forms: Mapping[str, FormRead]) -> Answer:
        answers = {name: read for name, read in read_forms.items() if isinstance(read, Answer)}
        if len(answers) == 1:
            reading = next(iter(answers.values())).reading
        else:
            reading = Reading(
                "; ".join(f"{name}: {read.reading.text}" for name, read in answers.items())
            )
        notes: tuple[str, ...] = (f"Read as {' and '.join(answers)}.",)
        notes += tuple(note for read in answers.values() for note in read.notes)
        return Answer(raw, dict(read_forms), reading, self, notes)

    def describe(self) -> str:
        forms = " ".join(f"{name}: {form.describe()}" for name, form in self.forms.items())
        return f"Answer in one of these forms; if you use several, the best one counts. {forms}"

    def warnings(self, answer: Answer) -> tuple[str, ...]:
        found = []
        for name, read in answer.value.items():
            if isinstance(read, Unread):
                found.append(f"{name}: {read.message}")
            else:
                found += (f"{name}: {text}" for text in self.forms[name].warnings(read))
        return tuple(found)

    def unseen(self, answer: Answer, part: str) -> bool:
        read = answer.value.get(part)
        return isinstance(read, Unread) and read.outcome is Outcome.UNREADABLE

    def part_names(self) -> tuple[str, ...]:
        return tuple(self.forms)

    def value_of(self, answer: Answer, part: str) -> Any:
        for name in [part] if part else self.forms:
            read = answer.value.get(name)
            if isinstance(read, Answer):
                return self.forms[name].value_of(read, "")
        return None

    def same(self, first: Answer, second: Answer) -> bool:
        if first.value.keys() != second.value.keys():
            return False
        return all(
            _same(form, first.value[n], second.value[n])
            for n, form in self.forms.items()
            if n in first.value
        )


def _same(form: Response, first: FormRead, second: FormRead) -> bool:
    if isinstance(first, Answer) and isinstance(second, Answer):
        return form.same(first, second)
    return isinstance(first, Unread) and isinstance(second, Unread) and first.raw == second.raw


def _no_form(tried: Mapping[str, FormRead]) -> Misread:
    reasons = [
        f"{name}: {read.message}" for name, read in tried.items() if isinstance(read, Unread)
    ]
    first = next((read for read in tried.values() if isinstance(read, Unread)), None)
    message = "No form can read this answer. " + " ".join(reasons)
    return Misread(message, first.excerpt if first and len(tried) == 1 else "")


class FormCheck(Model):
    """How one form is judged, and the most it can earn."""

    check: AnyChecker
    credit: Credit = FULL

    @model_validator(mode="before")
    @classmethod
    def _lift_check(cls, value: object) -> object:
        return lift(value, cls, "check")


class Forms(Checker):
    """Judges every form that was filled in; the kindest result counts."""

    kind: Literal["forms"]
    forms: dict[str, FormCheck] = Field(min_length=1)

    def check(self, answer: Answer, tools: Tools) -> Score:
        scores = {
            name: _scaled(name, self._judge(name, read, tools), self.forms[name].credit)
            for name, read in answer.value.items()
        }
        best_name, best = next(iter(scores.items()))
        for name, score in scores.items():
            if better(best, score) is score:
                best_name, best = name, score
        return _beside(best_name, best, scores, answer)

    def _judge(self, name: str, read: FormRead, tools: Tools) -> Score:
        return (
            from_unread(read)
            if isinstance(read, Unread)
            else self.forms[name].check.check(read, tools)
        )

    def problems(self, response: Response, given: frozenset[str]) -> Iterator[tuple[Place, str]]:
        assert isinstance(response, FormsResponse)  # noqa: S101 - the loader has matched the kinds
        for name in response.forms.keys() - self.forms.keys():
            yield ("forms",), f"form {name!r} of the exam is not judged here"
        for name, form in self.forms.items():
            place: Place = ("forms", name)
            if name not in response.forms:
                yield place, f"the exam has no form {name!r}; it has {', '.join(response.forms)}"
                continue
            asked = response.forms[name]
            if asked.kind != form.check.kind:
                yield (
                    (*place, "kind"),
                    f"the exam asks {name} as {asked.kind!r}, not {form.check.kind!r}",
                )
                continue
            for inner, message in form.check.problems(asked, given):
                yield (*place, *inner), message
        if all(form.credit < FULL for form in self.forms.values()):
            yield ("forms",), "no form can earn full credit"

    def reference(self, response: Response, given: Mapping[str, Any]) -> Any:
        assert isinstance(response, FormsResponse)  # noqa: S101 - the loader has matched the kinds
        values = {
            n: form.check.reference(response.forms[n], given) for n, form in self.forms.items()
        }
        return OfficialForms(values, response.forms)

    def model_answer(self, response: Response, given: Mapping[str, Any]) -> Raw:
        assert isinstance(response, FormsResponse)  # noqa: S101 - the loader has matched the kinds
        for name in response.forms:
            form = self.forms.get(name)
            if form is None or form.credit < FULL or form.check.undecidable():
                continue
            own = form.check.model_answer(response.forms[name], given)
            if own is not None:
                return {name: own}
        return None

    def criteria(self) -> frozenset[str]:
        inner = {
            f"{name}.{id_}" for name, form in self.forms.items() for id_ in form.check.criteria()
        }
        return frozenset({*inner, *(f"{name}.unreadable" for name in self.forms)})

    def seconds(self) -> float:
        return sum(form.check.seconds() for form in self.forms.values())

    def names_misconceptions(self) -> bool:
        return any(form.check.names_misconceptions() for form in self.forms.values())

    def undecidable(self) -> bool:
        return all(form.check.undecidable() for form in self.forms.values())


class OfficialForms(dict[str, Any]):
    """Official values by form; the empty name stands for the first form that has one."""

    def __init__(self, values: Mapping[str, Any], order: Iterable[str]) -> None:
        super().__init__(values)
        self[""] = next((values[name] for name in order if values.get(name) is not None), None)


def _scaled(name: str, score: Score, most: Fraction) -> Score:
    """The score of one form as a share of the item."""
    findings = tuple(
        replace(finding, id=f"{name}.{finding.id}", credit=finding.credit * most)
        for finding in score.findings
    )
    credit = None if score.credit is None else score.credit * most
    return replace(
        score, credit=credit, least=score.least * most, most=score.most * most, findings=findings
    )


def _beside(name: str, best: Score, scores: Mapping[str, Score], answer: Answer) -> Score:
    """The best form's score; a decided form beside it is what a person cannot go below."""
    others = [other for other in scores if other != name]
    sure = max((score.least for score in scores.values()), default=NOTHING)
    notes = tuple(dict.fromkeys((*answer.notes, *best.notes)))
    if others:
        notes += (f"Also filled in: {', '.join(others)}. The better form counts.",)
    evidence = f"{name}: {best.evidence}" if best.evidence else name
    if best.outcome.decided:
        return replace(best, evidence=evidence, notes=notes)
    credit = best.credit if best.credit is None else max(best.credit, sure)
    findings = _also(name, scores, best)
    return replace(
        best, credit=credit, least=sure, evidence=evidence, notes=notes, findings=findings
    )


def _also(name: str, scores: Mapping[str, Score], best: Score) -> tuple[Finding, ...]:
    """Findings of the form that waits, and after them those of forms that are decided."""
    decided: Sequence[Score] = [
        s for other, s in scores.items() if other != name and s.outcome.decided
    ]
    return (
        *best.findings,
        *(replace(f, credit=NOTHING, spans=()) for s in decided for f in s.findings),
    )

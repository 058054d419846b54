"""One number: exact, within a tolerance, or to so many significant digits."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from grader.checkers.base import (
    Accepted,
    Checker,
    Conventions,
    Misconception,
    Misread,
    Model,
    Place,
    Response,
    Tools,
    as_text,
    parse_credit,
)
from grader.checkers.slips import Slips, slip_id, slipped
from grader.expressions import (
    Expression,
    NotANumber,
    Scope,
    Unreadable,
    Verdict,
    close,
    equivalent,
    number,
    read,
)
from grader.score import FULL, NOTHING, Answer, Finding, Outcome, Raw, Reading, Score, graded

Tolerance = Annotated[
    Fraction, BeforeValidator(parse_credit, json_schema_input_type=float | str), Field(gt=0)
]
SAME = Fraction(1, 10**9)
"""Relative difference below which two numbers that candidates wrote are the same answer."""


def as_list(value: object) -> object:
    """Lets an author write one value where a list may stand."""
    return value if isinstance(value, list | tuple) else [value]


Otherwise = Literal["wrong", "review"]
"""What an answer is that matches nothing: wrong, or for a person to look at where the key cannot list all right ones."""
Texts = Annotated[tuple[str, ...], BeforeValidator(as_list, json_schema_input_type=str | list[str])]


class Tolerances(Model):
    """How far from the key a number may be; exact where nothing is said."""

    rtol: Tolerance | None = None
    atol: Tolerance | None = None
    digits: Annotated[int, Field(ge=1, le=30)] | None = None

    def compare(self, answer: Expression, key: Expression) -> Verdict:
        return close(answer, key, rtol=self.rtol, atol=self.atol, digits=self.digits)


class NumericResponse(Response):
    """A number, or a computation without unknowns where that is allowed."""

    kind: Literal["numeric"]
    name: str = ""
    names: tuple[str, ...] = ()
    unevaluated: bool = True
    units: tuple[str, ...] = ()
    values: dict[str, str] = {}

    def interpret(self, raw: Raw, conventions: Conventions) -> Answer:
        text = strip_unit(as_text(raw, "one number"), self.units)
        scope = Scope.of(symbols=list(self.values), decimal_comma=conventions.decimal_comma)
        names = tuple(name for name in (self.name, *self.names) if name)
        expression = read(text, scope, names=names)
        if self.values:
            expression = expression.substitute(
                {name: read(value) for name, value in self.values.items()}
            )
        require_number(expression)
        if re.fullmatch(r".*\d\s*!\s*", text, re.DOTALL):
            shown = expression.plain()
            raise Misread(f"{shown} would be a factorial; write the number alone, or factorial(…).")
        if not self.unevaluated and not expression.is_literal():
            raise Misread(f"Write the number itself, worked out, instead of {expression.plain()}.")
        return Answer(raw, expression, Reading(expression.plain(), expression.latex()), self)

    def describe(self) -> str:
        form = "a number or an expression that gives one" if self.unevaluated else "a number"
        unit = f", the unit {self.units[0]} may follow" if self.units else ""
        return f"Write {form}{f' for {self.name}' if self.name else ''}{unit}."

    def same(self, first: Answer, second: Answer) -> bool:
        return close(first.value, second.value, rtol=SAME).status == "equal"


class WrongExpressions(Misconception):
    """A wrong number or formula, or several."""

    when: Texts


Target = tuple[Place, Finding, str]


class Numeric(Checker, Tolerances):
    """Compares with a key, further accepted values, an interval, and known wrong values."""

    kind: Literal["numeric"]
    key: str | None = None
    accept: tuple[Accepted | str, ...] = ()
    between: tuple[str, str] | None = None
    where: dict[str, str] = {}
    misconceptions: dict[str, WrongExpressions] = {}
    slips: Slips = {}
    """Slips in the computation of the key, with the credit that is kept."""
    otherwise: Otherwise = "wrong"

    @model_validator(mode="after")
    def _has_a_key(self) -> Numeric:
        if self.key is None and self.between is None:
            raise ValueError("write `key:` or `between: [low, high]`")
        return self

    def check(self, answer: Answer, tools: Tools) -> Score:
        undecided = ""
        for _, finding, text in self._targets():
            verdict = self.compare(answer.value, evaluate(text, self.where, tools.given))
            if verdict.status == "equal":
                return graded(finding.credit, answer, [finding], verdict.evidence)
            if verdict.status == "undecided":
                undecided = verdict.evidence
        if self.between and self._inside(answer.value, tools):
            finding = Finding("key", FULL, "This value is accepted.")
            return graded(FULL, answer, [finding], f"within [{self.between[0]}, {self.between[1]}]")
        if self.slips and self.key is not None:
            key = evaluate(self.key, self.where, tools.given)
            found = slipped(key, self.slips, lambda wrong: self.compare(answer.value, wrong))
            if found is not None:
                finding, evidence = found
                return graded(finding.credit, answer, [finding], evidence)
        if undecided:
            return undecidable(answer, undecided)
        if self.otherwise == "review":
            return unmatched(answer, self._refutation(answer, tools))
        finding = Finding(
            "no-match", NOTHING, "This is not the value asked for.", f"key: {self.key}"
        )
        return graded(NOTHING, answer, [finding], self._refutation(answer, tools))

    def _targets(self) -> Iterator[Target]:
        return targets(self.key, self.accept, self.misconceptions)

    def _inside(self, value: Expression, tools: Tools) -> bool:
        low, high = (evaluate(text, self.where, tools.given) for text in self.between or ())
        return at_most(low, value) and at_most(value, high)

    def _refutation(self, answer: Answer, tools: Tools) -> str:
        if self.key is None:
            return f"outside {self.between}"
        return self.compare(answer.value, evaluate(self.key, self.where, tools.given)).evidence

    def problems(self, response: Response, given: frozenset[str]) -> Iterator[tuple[Place, str]]:
        names = given | self.where.keys()
        places: list[tuple[Place, str]] = [
            *((("where", name), text) for name, text in self.where.items()),
            *((place, text) for place, _, text in self._targets()),
            *((("between", n), text) for n, text in enumerate(self.between or ())),
        ]
        for place, text in places:
            yield from ((place, message) for message in expression_problems(text, names))

    def reference(self, response: Response, given: Mapping[str, Any]) -> Any:
        return None if self.key is None else evaluate(self.key, self.where, given)

    def model_answer(self, response: Response, given: Mapping[str, Any]) -> Raw:
        if self.key is None:
            return None
        value = evaluate(self.key, self.where, given)
        exact = value.exact()
        if exact is None:
            return str(number(value)) if self.rtol or self.atol or self.digits else value.plain()
        whole = exact.denominator == 1
        return str(exact) if whole or getattr(response, "unevaluated", False) else None

    def criteria(self) -> frozenset[str]:
        accepted = {f"accepted-{n + 1}" for n in range(len(self.accept))}
        named = {*self.misconceptions, *map(slip_id, self.slips)}
        return frozenset({"key", "no-match", "undecided", *accepted, *named})

    def names_misconceptions(self) -> bool:
        return bool(self.misconceptions or self.slips)


def undecidable(answer: Answer, evidence: str) -> Score:
    """A score for an answer that mathematics could not settle within its budget."""
    finding = Finding(
        "undecided", NOTHING, "The grader could not settle this answer; a person will.", evidence
    )
    return Score(Outcome.REVIEW, None, answer.reading, (finding,), evidence, notes=answer.notes)


def unmatched(answer: Answer, evidence: str) -> Score:
    """A score for an answer that is not listed, where the list cannot hold every right one."""
    finding = Finding(
        "no-match", NOTHING, "This answer is not among those listed; a person will look at it."
    )
    return Score(Outcome.REVIEW, None, answer.reading, (finding,), evidence, notes=answer.notes)


def targets(
    key: str | None,
    accept: Sequence[Accepted | str],
    misconceptions: Mapping[str, WrongExpressions],
) -> Iterator[Target]:
    """What an answer is compared with, in order: where it stands in the item, what it means, and the expression."""
    if key is not None:
        yield ("key",), Finding("key", FULL, "Correct."), key
    for n, accepted in enumerate(accept):
        text = accepted if isinstance(accepted, str) else str(accepted.value)
        yield ("accept", n), as_finding(accepted, n), text
    for name, misconception in misconceptions.items():
        for text in misconception.when:
            finding = Finding(name, misconception.credit, misconception.say)
            yield ("misconceptions", name, "when"), finding, text


def as_finding(accepted: Accepted | object, number: int) -> Finding:
    """The finding of a further accepted value, numbered from one."""
    if isinstance(accepted, Accepted):
        return Finding(f"accepted-{number + 1}", accepted.credit, accepted.say or "Accepted.")
    return Finding(f"accepted-{number + 1}", FULL, "Accepted.")


def evaluate(text: str, where: Mapping[str, str], given: Mapping[str, Any]) -> Expression:
    """An author's expression with given values and then `where` values put in."""
    expression = put_in(read(text, Scope.of(symbols=sorted({*given, *where}))), given)
    return expression.substitute({name: read(value) for name, value in where.items()})


def put_in(expression: Expression, given: Mapping[str, Any]) -> Expression:
    """Replace the names of given values by those values, also where values name other given values.

    A value that names itself, however far round, is left standing after as many rounds as there are values.
    """
    taken = {name: value for name, value in given.items() if isinstance(value, Expression)}
    for _ in taken:
        expression = expression.substitute(taken)
        if not expression.names() & taken.keys():
            break
    return expression


def expression_problems(text: str, names: Collection[str]) -> Iterator[str]:
    """Why an author's number cannot be used."""
    try:
        expression = read(text, Scope.of(symbols=sorted(names)))
        if not names:
            require_number(expression)
    except (Unreadable, Misread) as problem:
        yield f"{text!r} is no number: {problem.message}"


def require_number(expression: Expression) -> None:
    """Refuse unknowns and undefined values.

    Raises:
        Misread: with what is in the way.
    """
    if not expression.is_number():
        unknown = ", ".join(sorted(expression.names()))
        if not unknown:
            raise Misread(f"A number is asked for; write it alone instead of {expression.plain()}.")
        raise Misread(f"A number is asked for; {unknown} has no value here.")
    try:
        number(expression)
    except NotANumber as problem:
        raise Misread(f"{expression.plain()} cannot be worked out: {problem}") from None


def combine(form: str, a: Expression, b: Expression) -> Expression:
    """Two expressions put into a form in `a` and `b`."""
    return read(form, Scope.of(["a", "b"])).substitute({"a": a, "b": b})


def at_most(first: Expression, second: Expression) -> bool:
    """Whether one real number is no larger than another."""
    if equivalent(first, second).status == "equal":
        return True
    gap = number(combine("b - a", first, second))
    return bool(gap.imag == 0 and gap.real > 0)


def strip_unit(text: str, units: Sequence[str]) -> str:
    """Take a trailing unit away: `12 px` with unit `px` is `12`."""
    bare = text.rstrip().rstrip(".").rstrip()
    for unit in sorted(units, key=len, reverse=True):
        number_part = bare.removesuffix(unit)
        if number_part != bare and not number_part[-1:].isalpha() and number_part.strip():
            return number_part.strip()
    return text

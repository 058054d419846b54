"""A formula in declared symbols, judged by equivalence, up to a factor, or term by term."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator

from grader.checkers.base import (
    Accepted,
    Checker,
    Conventions,
    Credit,
    Model,
    Place,
    Response,
    Share,
    Tools,
    as_text,
)
from grader.checkers.numeric import (
    Otherwise,
    WrongExpressions,
    combine,
    put_in,
    targets,
    undecidable,
    unmatched,
)
from grader.checkers.slips import Slips, slip_id, slipped
from grader.expressions import (
    Expression,
    NotANumber,
    Scope,
    Unreadable,
    Verdict,
    equivalent,
    number,
    read,
    terms,
)
from grader.expressions.forms import FORMS, form_problem, is_form
from grader.score import FULL, NOTHING, Answer, Finding, Raw, Reading, Score, graded

Domain = Literal["real", "positive", "nonnegative", "integer", "complex"]
RATIO_POINTS = 8
"""Places at which two formulas are compared when they may differ by a factor or a constant."""


def _as_mapping(value: object) -> object:
    return dict.fromkeys(value, "real") if isinstance(value, list | tuple) else value


def _as_functions(value: object) -> object:
    if isinstance(value, list | tuple):
        return dict.fromkeys(value, "")
    return {key: item or "" for key, item in value.items()} if isinstance(value, Mapping) else value


class SymbolicResponse(Response):
    """A formula; names what may stand in it."""

    kind: Literal["symbolic"]
    name: str = ""
    names: tuple[str, ...] = ()
    symbols: Annotated[
        dict[str, Domain],
        BeforeValidator(_as_mapping, json_schema_input_type=dict[str, Domain] | list[str]),
    ] = {}
    functions: Annotated[
        dict[str, str],
        BeforeValidator(_as_functions, json_schema_input_type=dict[str, str | None] | list[str]),
    ] = {}
    aliases: dict[str, str] = {}

    def scope(self, *, decimal_comma: bool = False, extra: frozenset[str] = frozenset()) -> Scope:
        """What may be read; `extra` are names an author takes from other answers."""
        symbols: dict[str, str] = {**dict.fromkeys(sorted(extra), "real"), **self.symbols}
        return Scope.of(symbols, self.functions, self.aliases, decimal_comma=decimal_comma)

    def interpret(self, raw: Raw, conventions: Conventions) -> Answer:
        names = tuple(name for name in (self.name, *self.names) if name)
        scope = self.scope(decimal_comma=conventions.decimal_comma)
        expression = read(as_text(raw, "one formula"), scope, names=names)
        return Answer(raw, expression, Reading(expression.plain(), expression.latex()), self)

    def describe(self) -> str:
        used = ", ".join((*self.symbols, *(f"{name}(…)" for name in self.functions)))
        return f"Write a formula{f' for {self.name}' if self.name else ''}{f' in {used}' if used else ''}."

    def value_of(self, answer: Answer, part: str) -> Any:
        value: Expression = answer.value.last_side()
        return None if part or value.is_relation() else value

    def same(self, first: Answer, second: Answer) -> bool:
        return equivalent(first.value, second.value).status == "equal"


def _as_forms(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _known_form(form: str) -> str:
    if not is_form(form):
        raise ValueError(
            f"{form!r} is no form; write one of {', '.join(FORMS)}, or 3 significant figures"
        )
    return form


Forms = Annotated[
    tuple[Annotated[str, AfterValidator(_known_form)], ...],
    BeforeValidator(_as_forms, json_schema_input_type=str | list[str]),
]


class PerTerm(Model):
    """Credit for each term of the expanded sum; `extra` is what a term costs that is not in the key."""

    credit: Credit | None = None
    extra: Share | None = None


class Symbolic(Checker):
    """Equivalence with the key, further accepted formulas, known wrong ones, and credit per term."""

    kind: Literal["symbolic"]
    key: str
    accept: tuple[Accepted | str, ...] = ()
    per_term: PerTerm | None = None
    up_to: Literal["positive-factor", "factor", "constant"] | None = None
    misconceptions: dict[str, WrongExpressions] = {}
    slips: Slips = {}
    """Slips on the way to the key, with the credit that is kept."""
    form: Forms = ()
    """Forms that the answer must have beside the right value: `factored`, `lowest terms`, …"""
    form_credit: Credit = NOTHING
    """What the right value in another form keeps."""
    otherwise: Otherwise = "wrong"

    def check(self, answer: Answer, tools: Tools) -> Score:
        key = self._read(self.key, answer.response, tools.given)
        value = put_in(answer.value, tools.given)
        undecided = ""
        for _, finding, text in targets(self.key, self.accept, self.misconceptions):
            verdict = self._compare(
                value, self._read(text, answer.response, tools.given), tools.seed
            )
            if verdict.status == "equal":
                return self._in_form(finding, answer, verdict.evidence)
            undecided = undecided or (verdict.evidence if verdict.status == "undecided" else "")
        found = slipped(key, self.slips, lambda wrong: self._compare(value, wrong, tools.seed))
        if found is not None:
            finding, evidence = found
            return graded(finding.credit, answer, [finding], evidence)
        if self.per_term and (score := self._by_terms(value, answer, tools)):
            return score
        if undecided:
            return undecidable(answer, undecided)
        evidence = self._compare(value, key, tools.seed).evidence
        if self.otherwise == "review":
            return unmatched(answer, evidence)
        message = "This formula is not equal to the one asked for."
        finding = Finding("no-match", NOTHING, message, f"key: {self.key}")
        return graded(NOTHING, answer, [finding], evidence)

    def _in_form(self, finding: Finding, answer: Answer, evidence: str) -> Score:
        """The score of an answer with a right or known value, once its form is looked at."""
        value: Expression = answer.value.last_side()
        missing = (form_problem(value.tree, form) for form in self.form)
        problem = next((text for text in missing if text), "")
        if not problem or not finding.credit:
            return graded(finding.credit, answer, [finding], evidence)
        kept = Finding("form", finding.credit * self.form_credit, problem)
        return graded(kept.credit, answer, [kept], f"right value, other form; {evidence}")

    def _read(self, text: str, response: Response, given: Mapping[str, Any]) -> Expression:
        assert isinstance(response, SymbolicResponse)  # noqa: S101 - the loader has matched the kinds
        return put_in(read(text, response.scope(extra=frozenset(given))), given)

    def _compare(self, value: Expression, key: Expression, seed: int) -> Verdict:
        if not key.is_relation():
            value = value.last_side()  # `d(a, b)*R(a, b) + … = R(a, b) + …` ends in the answer
        verdict = equivalent(value, key, seed=seed)
        if self.up_to is None or verdict.status == "equal":
            return verdict
        return compare_up_to(self.up_to, value, key, seed)

    def _by_terms(self, value: Expression, answer: Answer, tools: Tools) -> Score | None:
        """Credit per term, or None where one side is no sum of products."""
        key = terms(self._read(self.key, answer.response, tools.given))
        got = terms(value.last_side())
        if not key or got is None or self.per_term is None:
            return None
        each = self.per_term.credit if self.per_term.credit is not None else Fraction(1, len(key))
        cost = self.per_term.extra if self.per_term.extra is not None else -each
        right = sum(got.get(term) == coefficient for term, coefficient in key.items())
        spurious = len(got.keys() - key.keys())
        credit = max(NOTHING, min(FULL, each * right + cost * spurious))
        findings = [Finding("term", each * right, f"{right} of {len(key)} terms are right.")]
        if spurious:
            findings.append(
                Finding(
                    "extra-term", cost * spurious, f"{spurious} of your terms do not belong here."
                )
            )
        return graded(credit, answer, findings, "compared term by term after expanding")

    def problems(self, response: Response, given: frozenset[str]) -> Iterator[tuple[Place, str]]:
        assert isinstance(response, SymbolicResponse)  # noqa: S101 - the loader has matched the kinds
        for place, _, text in targets(self.key, self.accept, self.misconceptions):
            try:
                expression = read(text, response.scope(extra=given))
            except Unreadable as problem:
                yield place, f"{text!r} cannot be read: {problem.message}"
                continue
            if place == ("key",) and self.per_term and not given and terms(expression) is None:
                yield ("per_term",), "credit per term needs a key that is a sum of products"

    def reference(self, response: Response, given: Mapping[str, Any]) -> Any:
        return self._read(self.key, response, given)

    def model_answer(self, response: Response, given: Mapping[str, Any]) -> Raw:
        return self._read(self.key, response, given).plain()

    def criteria(self) -> frozenset[str]:
        accepted = {f"accepted-{n + 1}" for n in range(len(self.accept))}
        by_term = {"term", "extra-term"} if self.per_term else set()
        return frozenset(
            {"key", "no-match", "undecided", *accepted, *by_term, *self.misconceptions}
            | set(map(slip_id, self.slips))
            | ({"form"} if self.form else set())
        )

    def names_misconceptions(self) -> bool:
        return bool(self.misconceptions or self.slips)


def compare_up_to(
    what: Literal["positive-factor", "factor", "constant"],
    value: Expression,
    key: Expression,
    seed: int,
) -> Verdict:
    """Whether two formulas differ only by a constant factor or summand, tried at seeded points in (0, 1)."""
    draw = random.Random(seed)  # noqa: S311 - reproducible points, no secret
    quotient = combine("a - b" if what == "constant" else "a/b", value, key)
    seen: list[Expression] = []
    for _ in range(RATIO_POINTS):
        place = {
            name: read(str(Fraction(draw.randint(50, 950), 1000)))
            for name in sorted(quotient.names())
        }
        try:
            number(quotient.substitute(place))
        except NotANumber:
            continue
        seen.append(quotient.substitute(place))
    if len(seen) < RATIO_POINTS // 2:
        return Verdict(
            "undecided", f"defined at only {len(seen)} of {RATIO_POINTS} points", proved=False
        )
    if any(equivalent(seen[0], other).status != "equal" for other in seen[1:]):
        return Verdict("different", f"no common {what} at {len(seen)} points", proved=False)
    common = number(seen[0])
    evidence = f"{what} {float(common.real):.6g} at {len(seen)} points"
    if what == "positive-factor" and not (common.imag == 0 and common.real > 0):
        return Verdict("different", f"the common {evidence} is not positive", proved=False)
    return Verdict(
        "equal" if what == "constant" or common != 0 else "different", evidence, proved=False
    )

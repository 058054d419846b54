"""Several numbers in order: tuples, shapes, vectors and matrices."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BeforeValidator, Field

from grader.checkers.base import (
    Accepted,
    Checker,
    Conventions,
    Misconception,
    Misread,
    Place,
    Response,
    Tools,
)
from grader.checkers.numeric import (
    SAME,
    Tolerances,
    as_finding,
    evaluate,
    expression_problems,
    require_number,
    undecidable,
)
from grader.expressions import Expression, Scope, close, read, read_list
from grader.score import FULL, NOTHING, Answer, Finding, Raw, Reading, Score, graded

Nested: TypeAlias = Expression | tuple["Nested", ...]
Texts: TypeAlias = tuple[str, ...] | tuple[tuple[str, ...], ...]


SPACED = re.compile(r"\s*\d+(?:\s+\d+)+\s*$")
"""Sizes with nothing but blanks between them: `4 3 3 3`."""


class SequenceResponse(Response):
    """What the four forms share; `length` counts the entries, or `rows` and `columns` of a matrix."""

    name: str = ""
    names: tuple[str, ...] = ()
    length: Annotated[int, Field(ge=1, le=100)] | None = None
    rows: Annotated[int, Field(ge=1, le=100)] | None = None
    columns: Annotated[int, Field(ge=1, le=100)] | None = None
    labels: tuple[str, ...] = ()
    fractions: ClassVar[bool] = True
    """Whether entries may be other than whole numbers; if not, a comma always separates."""

    def interpret(self, raw: Raw, conventions: Conventions) -> Answer:
        scope = Scope.of(decimal_comma=conventions.decimal_comma and self.fractions)
        names = tuple(name for name in (self.name, *self.names) if name)
        if isinstance(raw, Mapping):
            raise Misread(f"Write the entries in one line, such as {self._sample()}.")
        if isinstance(raw, str):
            bare_sizes = not self.fractions and SPACED.match(raw)
            value: Nested = read_list(f"[{raw}]" if bare_sizes else raw, scope, names=names)
        else:
            value = _read_nested(raw or (), scope)
        value = self.arrange(value)
        for entry in flatten(value):
            require_number(entry)
            self.require_entry(entry)
        return Answer(raw, value, Reading(plain(value), latex(value)), self)

    def arrange(self, value: Nested) -> Nested:
        """A row or a column written as a matrix is the list of its entries."""
        if isinstance(value, tuple):
            rows = [len(row) if isinstance(row, tuple) else 0 for row in value]
            if (len(rows) == 1 and rows[0] > 0) or set(rows) == {1}:
                return tuple(flatten(value))
        return value

    def require_entry(self, entry: Expression) -> None:
        """Refuse an entry that this form does not allow.

        Raises:
            Misread: with what to write instead.
        """

    def _sample(self) -> str:
        return "(" + ", ".join(self.labels or [str(n + 1) for n in range(self.length or 2)]) + ")"

    def describe(self) -> str:
        if self.rows and self.columns:
            return f"Write a matrix of {self.rows} rows and {self.columns} columns, such as [[1, 2], [3, 4]]."
        count = f"{self.length} numbers" if self.length else "the numbers"
        return f"Write {count} in order, such as {self._sample()}."

    def warnings(self, answer: Answer) -> tuple[str, ...]:
        got = len(answer.value)
        if self.length and got != self.length:
            return (
                f"{self.length} entries are asked for, {got} {'is' if got == 1 else 'are'} given.",
            )
        shapes = {len(row) if isinstance(row, tuple) else 1 for row in answer.value}
        if self.rows and self.columns and (got != self.rows or shapes != {self.columns}):
            return (f"A matrix of {self.rows} rows and {self.columns} columns is asked for.",)
        return ()

    def same(self, first: Answer, second: Answer) -> bool:
        return shape(first.value) == shape(second.value) and all(
            close(a, b, rtol=SAME).status == "equal"
            for a, b in zip(flatten(first.value), flatten(second.value), strict=True)
        )


class TupleResponse(SequenceResponse):
    """Numbers in order."""

    kind: Literal["tuple"]


class ShapeResponse(SequenceResponse):
    """Sizes along axes: whole numbers that are not negative."""

    kind: Literal["shape"]
    fractions: ClassVar[bool] = False

    def require_entry(self, entry: Expression) -> None:
        exact = entry.exact()
        if exact is None or exact.denominator != 1 or exact < 0:
            raise Misread(f"A shape has whole numbers, such as (24, 32); {entry.plain()} is none.")


class VectorResponse(SequenceResponse):
    """Components of a vector."""

    kind: Literal["vector"]


class MatrixResponse(SequenceResponse):
    """Rows of numbers."""

    kind: Literal["matrix"]

    def arrange(self, value: Nested) -> Nested:
        return value

    def interpret(self, raw: Raw, conventions: Conventions) -> Answer:
        answer = super().interpret(raw, conventions)
        if not all(isinstance(row, tuple) for row in answer.value):
            raise Misread("Write a matrix row by row, such as [[1, 2], [3, 4]].")
        return answer


def _as_entries(value: object) -> object:
    """Author's lists of numbers as texts, one or two levels deep."""
    if isinstance(value, list | tuple):
        return tuple(_as_entries(item) for item in value)
    return str(value)


Entries = Annotated[
    Texts, BeforeValidator(_as_entries, json_schema_input_type=list[str] | list[list[str]])
]


class AcceptedEntries(Accepted):
    """Further right entries."""

    value: Entries


class SequenceMisconception(Misconception):
    """Wrong entries."""

    when: Entries


class Sequential(Checker, Tolerances):
    """Compares entry by entry; all or nothing, or a share for each."""

    key: Entries
    accept: tuple[AcceptedEntries | Entries, ...] = ()
    per_entry: bool = False
    any_order: bool = False
    where: dict[str, str] = {}
    misconceptions: dict[str, SequenceMisconception] = {}

    def check(self, answer: Answer, tools: Tools) -> Score:
        undecided = ""
        for finding, texts in self._targets():
            status, evidence = self._equal(
                answer.value, evaluate_all(texts, self.where, tools.given)
            )
            if status == "equal":
                return graded(finding.credit, answer, [finding], evidence)
            undecided = undecided or (evidence if status == "undecided" else "")
        if undecided:
            return undecidable(answer, undecided)
        return self._by_entry(answer, evaluate_all(self.key, self.where, tools.given))

    def _targets(self) -> Iterator[tuple[Finding, Texts]]:
        yield Finding("key", FULL, "Correct."), self.key
        for number, accepted in enumerate(self.accept):
            texts = accepted.value if isinstance(accepted, AcceptedEntries) else accepted
            yield as_finding(accepted, number), texts
        for name, misconception in self.misconceptions.items():
            yield Finding(name, misconception.credit, misconception.say), misconception.when

    def _equal(self, value: Nested, key: Nested) -> tuple[str, str]:
        got, wanted = flatten(value), flatten(key)
        if len(got) != len(wanted) or (not self.any_order and shape(value) != shape(key)):
            return "different", f"{len(got)} entries against {len(wanted)}"
        if self.any_order:
            matched = len(self._assignment(got, wanted))
            return (
                ("equal", "all entries found")
                if matched == len(wanted)
                else ("different", "not all found")
            )
        verdicts = [self.compare(a, b) for a, b in zip(got, wanted, strict=True)]
        statuses = {verdict.status for verdict in verdicts}
        status = next((s for s in ("different", "undecided") if s in statuses), "equal")
        return status, "; ".join(verdict.evidence for verdict in verdicts)

    def _by_entry(self, answer: Answer, key: Nested) -> Score:
        got, wanted = flatten(answer.value), flatten(key)
        if self.any_order:
            right = len(self._assignment(got, wanted))
        else:
            right = sum(
                self.compare(a, b).status == "equal" for a, b in zip(got, wanted, strict=False)
            )
        credit = Fraction(right, max(len(wanted), len(got))) if self.per_entry else NOTHING
        message = f"{right} of {len(wanted)} entries are right."
        name = "entries" if credit else "no-match"
        staff = f"key: {plain(key)}"
        return graded(
            credit,
            answer,
            [Finding(name, credit, message, staff)],
            f"entry by entry: {right} agree",
        )

    def _assignment(
        self, got: Sequence[Expression], wanted: Sequence[Expression]
    ) -> dict[int, int]:
        """The largest pairing of wanted to given entries that agree (augmenting paths)."""
        fits = {
            w: [g for g, mine in enumerate(got) if self.compare(mine, theirs).status == "equal"]
            for w, theirs in enumerate(wanted)
        }
        owner: dict[int, int] = {}

        def place(w: int, tried: set[int]) -> bool:
            for g in fits[w]:
                if g not in tried:
                    tried.add(g)
                    if g not in owner or place(owner[g], tried):
                        owner[g] = w
                        return True
            return False

        for w in fits:
            place(w, set())
        return owner

    def problems(self, response: Response, given: frozenset[str]) -> Iterator[tuple[Place, str]]:
        names = given | self.where.keys()
        for finding, texts in self._targets():
            inner = (
                ("misconceptions", finding.id, "when")
                if finding.id in self.misconceptions
                else ("key",)
            )
            for text in _leaves(texts):
                yield from ((inner, message) for message in expression_problems(text, names))

    def reference(self, response: Response, given: Mapping[str, Any]) -> Any:
        return evaluate_all(self.key, self.where, given)

    def model_answer(self, response: Response, given: Mapping[str, Any]) -> Raw:
        return _exact(evaluate_all(self.key, self.where, given))

    def criteria(self) -> frozenset[str]:
        accepted = {f"accepted-{n + 1}" for n in range(len(self.accept))}
        return frozenset(
            {"key", "no-match", "entries", "undecided", *accepted, *self.misconceptions}
        )


class Tuple(Sequential):
    """Judges a tuple."""

    kind: Literal["tuple"]


class Shape(Sequential):
    """Judges a shape."""

    kind: Literal["shape"]


class Vector(Sequential):
    """Judges a vector."""

    kind: Literal["vector"]


class Matrix(Sequential):
    """Judges a matrix."""

    kind: Literal["matrix"]


def _read_nested(raw: Sequence[Raw], scope: Scope) -> tuple[Nested, ...]:
    entries: list[Nested] = []
    for item in raw:
        if isinstance(item, str):
            entries.append(read(item, scope))
        elif isinstance(item, Sequence):
            entries.append(_read_nested(item, scope))
        else:
            raise Misread("Write a list of numbers without gaps.")
    return tuple(entries)


def evaluate_all(
    texts: Texts, where: Mapping[str, str], given: Mapping[str, Any]
) -> tuple[Nested, ...]:
    """An author's entries as expressions, in the same nesting."""
    return tuple(
        evaluate(text, where, given) if isinstance(text, str) else evaluate_all(text, where, given)
        for text in texts
    )


def _leaves(texts: Texts) -> Iterator[str]:
    for text in texts:
        if isinstance(text, str):
            yield text
        else:
            yield from text


def _exact(value: Nested) -> Raw:
    if isinstance(value, tuple):
        return [_exact(item) for item in value]
    exact = value.exact()
    return str(exact) if exact is not None else value.plain()


def flatten(value: Nested) -> list[Expression]:
    """All entries, row by row."""
    if isinstance(value, Expression):
        return [value]
    return [entry for item in value for entry in flatten(item)]


def shape(value: Nested) -> Any:
    """The nesting without the entries; equal for values of equal form."""
    return None if isinstance(value, Expression) else tuple(shape(item) for item in value)


def plain(value: Nested) -> str:
    """`(24, 32)`, `((1, 2), (3, 4))`."""
    if isinstance(value, Expression):
        return value.plain()
    return "(" + ", ".join(plain(item) for item in value) + ")"


def latex(value: Nested) -> str:
    """A row in parentheses, or a matrix."""
    if isinstance(value, Expression):
        return value.latex()
    if any(isinstance(item, tuple) for item in value):
        rows = r" \\ ".join(" & ".join(entry.latex() for entry in flatten(row)) for row in value)
        return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"
    return r"\left(" + ", ".join(latex(item) for item in value) + r"\right)"

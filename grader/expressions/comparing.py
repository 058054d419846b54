"""Two texts without a question around them: read both as alike as possible, then judge.

This is what `grader compare` does. Every name is allowed, lists compare element by element, and
3,14 is read as a decimal when it cannot be a thousands group.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from grader.expressions.deciding import equivalent
from grader.expressions.expression import Expression
from grader.expressions.lists import Listing, read_list
from grader.expressions.numbers import close
from grader.expressions.reading import read
from grader.expressions.scope import Scope
from grader.expressions.tree import Relation, Symbol, symbols
from grader.expressions.unreadable import Unreadable
from grader.expressions.verdict import Verdict

_DECIMAL_COMMA = re.compile(r"\s*[-+−]?(?:0,\d+|\d+,(?:\d{1,2}|\d{4,}))\s*")
_OUTER = re.compile(r"\s*(?:\$|\\left(?![A-Za-z])|\\[(\[]|\s)*\\?([(\[{])")
_MAX_UNORDERED = 100


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far numbers may differ: relative to the reference, or absolutely; None = not at all."""

    rtol: Fraction | None = None
    atol: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The verdict, and how each text was read (None where it was not)."""

    status: Literal["equal", "different", "undecided", "unreadable"]
    evidence: str
    proved: bool
    answer_reading: str | None = None
    reference_reading: str | None = None
    problem: Unreadable | None = None


@dataclass(frozen=True, slots=True)
class _Judge:
    domains: Mapping[str, str]
    tolerance: Tolerance
    seed: int

    def expressions(self, a: Expression, b: Expression) -> Verdict:
        """Two expressions; numbers within the tolerance if there is one."""
        tolerance = self.tolerance
        if (tolerance.rtol is not None or tolerance.atol is not None) and (
            a.is_number() and b.is_number()
        ):
            return close(a, b, rtol=tolerance.rtol, atol=tolerance.atol)
        if isinstance(a.core, Relation) != isinstance(b.core, Relation):
            return self._named(a, b) or equivalent(a, b)
        return equivalent(a, b, seed=self.seed, domains=self.domains)

    def _named(self, a: Expression, b: Expression) -> Verdict | None:
        """x = 5 against 5: whether x is what was asked for is not known here."""
        for equation, value in ((a, b), (b, a)):
            tree = equation.core
            if not isinstance(tree, Relation) or tree.operators != ("=",):
                continue
            name, right = tree.sides
            if isinstance(name, Symbol) and name.name not in symbols(right):
                side = Expression.of(equation.text, right, equation.scope)
                verdict = self.expressions(side, value)
                if verdict.status == "equal":
                    evidence = f"equal only if {name.name} is the name asked for"
                    return Verdict("undecided", evidence, proved=False)
        return None

    def listings(self, a: Listing, b: Listing) -> Verdict:
        """Element by element; the shapes must agree."""
        if isinstance(a, Expression) and isinstance(b, Expression):
            return self.expressions(a, b)
        if isinstance(a, Expression) or isinstance(b, Expression) or len(a) != len(b):
            return Verdict("different", "the lists have different shapes", proved=True)
        verdicts = [self.listings(x, y) for x, y in zip(a, b, strict=True)]
        for status in ("different", "undecided"):
            for k, verdict in enumerate(verdicts, 1):
                if verdict.status == status:
                    return Verdict(verdict.status, f"value {k}: {verdict.evidence}", verdict.proved)
        return Verdict("equal", "value by value", all(verdict.proved for verdict in verdicts))

    def sets(self, a: tuple[Listing, ...], b: tuple[Listing, ...]) -> Verdict:
        """Each element of one equals some element of the other; equality is transitive."""
        if len(a) * len(b) > _MAX_UNORDERED**2:
            return Verdict("undecided", "these sets are too large to compare", proved=False)
        proved = True
        for ours, theirs in ((a, b), (b, a)):
            for element in ours:
                verdicts = [self.listings(element, other) for other in theirs]
                found = next((verdict for verdict in verdicts if verdict.status == "equal"), None)
                if found is None:
                    unsure = any(verdict.status == "undecided" for verdict in verdicts)
                    status: Literal["different", "undecided"] = (
                        "undecided" if unsure else "different"
                    )
                    return Verdict(status, f"{show(element)} is in one set only", not unsure)
                proved &= found.proved
        return Verdict("equal", "the same elements", proved)


def compare_texts(
    answer: str,
    reference: str,
    *,
    domains: Mapping[str, str],
    tolerance: Tolerance = Tolerance(),
    seed: int = 0,
) -> Comparison:
    """Read and judge two texts. Raises nothing for whatever they contain."""
    judge = _Judge(domains, tolerance, seed)
    declared = tuple(sorted(domains.items()))
    try:
        scope = Scope(symbols=declared, open=True)
        a, b = _read_any(answer, scope), _read_any(reference, scope)
    except Unreadable as error:
        return Comparison("unreadable", error.message, proved=False, problem=error)
    verdict = _judged(judge, answer, reference, a, b)
    return Comparison(verdict.status, verdict.evidence, verdict.proved, show(a), show(b))


def _judged(judge: _Judge, answer: str, reference: str, a: Listing, b: Listing) -> Verdict:
    if isinstance(a, Expression) or isinstance(b, Expression):
        return judge.listings(a, b)
    kinds = _bracket(answer), _bracket(reference)
    if kinds == ("{", "{"):
        return judge.sets(a, b)
    verdict = judge.listings(a, b)
    if verdict.status == "equal" and "{" in kinds and kinds[0] != kinds[1]:
        return Verdict("undecided", "equal if one is no set", proved=False)
    ends = {"(", "["} == set(kinds) and len(a) == 2
    if verdict.status == "equal" and ends and not isinstance(a[0], tuple):
        return Verdict("undecided", "equal unless these are intervals", proved=False)
    return verdict


def _bracket(text: str) -> str:
    """The bracket around a list, "" when there is none."""
    found = _OUTER.match(text)
    return found[1] if found else ""


def _read_any(text: str, scope: Scope) -> Listing:
    """An expression if possible, else what it can be."""
    try:
        return read(text, scope)
    except Unreadable as error:
        return _otherwise(text, scope, error)


def _otherwise(text: str, scope: Scope, problem: Unreadable) -> Listing:
    """A decimal comma or a list. Raises the first problem when it is neither."""
    if _DECIMAL_COMMA.fullmatch(text):
        return read(text, Scope(scope.symbols, decimal_comma=True, open=True))
    if not re.search(r"[,;&]|\\begin|[\[({]\s*\S+\s+\S", text):
        raise problem
    if re.fullmatch(r"\s*\$?[-+−]?\d{1,3}(?:\{?,\}?\d{3})+\$?\s*", text):
        raise problem
    try:
        return read_list(text, scope)
    except Unreadable as error:
        raise (error if _bracket(text) else problem) from None


def show(found: Listing) -> str:
    """A reading as text: lists in round brackets."""
    if isinstance(found, Expression):
        return found.plain()
    return f"({', '.join([show(element) for element in found])})"

"""Two texts without a question around them: read both as alike as possible, then judge.

This is what `grader compare` does. Every name is allowed, lists compare element by element, and
3,14 is read as a decimal when it cannot be a thousands group.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from grader.expressions.deciding import equivalent, equivalent_sets
from grader.expressions.expression import Expression
from grader.expressions.lists import Listing, read_list
from grader.expressions.numbers import close
from grader.expressions.reading import read
from grader.expressions.scope import Scope
from grader.expressions.tree import Collection, Interval, Matrix, Node, Relation, Symbol, symbols
from grader.expressions.unreadable import Unreadable
from grader.expressions.verdict import Verdict
from grader.expressions.wrapping import unit_behind, wrapped

_COMMA = r"(?:,|\{,\})"
_DECIMAL_COMMA = re.compile(
    r"(?:\$|\\[(\[]|\\boxed\s*\{|\s)*"
    rf"[-+−]?(?:0{_COMMA}\d+|\d+{_COMMA}(?:\d{{1,2}}|\d{{4,}}))(?:\$|\\[)\]]|\}}|\s)*"
)
_SIZE = r"\d+(?:\.\d+)?"
_SIZES = re.compile(rf"[\s$]*{_SIZE}(?:\s*(?:[xX×]|\\times|\bby\b)\s*{_SIZE})+[\s$]*")
_NAMED_SIZES = re.compile(r"[xX]|by")  # where × may be a product
_OUTER = re.compile(r"(?:\$|\\left(?![A-Za-z])|\\[(\[]|\\boxed\s*\{|\s)*\\?([(\[{])")
_OPEN = Scope(open=True)
_MAX_UNORDERED = 100
_MAX_REORDERED = 30


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far numbers may differ: relative to the reference, or absolutely; None = not at all."""

    rtol: Fraction | None = None
    atol: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The verdict, and what each text was read as (None where it was not)."""

    status: Literal["equal", "different", "undecided", "unreadable"]
    evidence: str
    proved: bool
    answer: "Listing | None" = None
    reference: "Listing | None" = None
    problem: Unreadable | None = None

    @property
    def answer_reading(self) -> str | None:
        """How the answer was read, in plain text; written out only where it is asked for."""
        return None if self.answer is None else show(self.answer)

    @property
    def reference_reading(self) -> str | None:
        """The same of the reference."""
        return None if self.reference is None else show(self.reference)


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
            if not isinstance(tree, Relation) or tree.operators not in {("=",), ("in",)}:
                continue
            name, right = tree.sides
            if _is_name(name) and not symbols(name) & symbols(right):
                side = Expression.of(equation.text, right, equation.scope)
                verdict = self.listings(_apart(side), _apart(value))
                if verdict.status == "equal":
                    shown = ", ".join(sorted(symbols(name)))
                    evidence = f"equal only if {shown} is what was asked for"
                    return Verdict("undecided", evidence, proved=False)
        return None

    def listings(self, a: Listing, b: Listing) -> Verdict:
        """Element by element; the shapes must agree."""
        if isinstance(a, Expression) and isinstance(b, Expression):
            return self.expressions(a, b)
        a, b = _apart(a), _apart(b)
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
        plain = [tuple(e for e in side if isinstance(e, Expression)) for side in (a, b)]
        if self.tolerance == Tolerance() and (len(plain[0]), len(plain[1])) == (len(a), len(b)):
            return equivalent_sets(*plain, seed=self.seed, domains=self.domains)
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

    def reordered(self, a: tuple[Listing, ...], b: tuple[Listing, ...]) -> bool:
        """Whether each value of one list is a value of the other, as often; equality is transitive."""
        if len(a) != len(b) or len(a) > _MAX_REORDERED:
            return False
        waiting = list(b)
        for element in a:
            found = (
                k for k, x in enumerate(waiting) if self.listings(element, x).status == "equal"
            )
            place = next(found, None)
            if place is None:
                return False
            del waiting[place]
        return True


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
        scope = Scope(symbols=declared, open=True) if declared else _OPEN
        a, b, doubt = _read_with_units(answer, reference, scope)
    except Unreadable as error:
        return Comparison("unreadable", error.message, proved=False, problem=error)
    verdict = _judged(judge, answer, reference, a, b)
    if doubt and verdict.status == "equal":
        verdict = Verdict("undecided", doubt, proved=False)
    return Comparison(verdict.status, verdict.evidence, verdict.proved, a, b)


def _read_with_units(answer: str, reference: str, scope: Scope) -> tuple[Listing, Listing, str]:
    """Both texts, words that may be units left out if need be; and what an agreement then rests on."""
    try:
        return *_read_both(answer, reference, scope), ""
    except Unreadable:
        units = [unit_behind(text) for text in (answer, reference)]
        if not any(units):
            raise
        a, b = _read_both(answer, reference, replace(scope, units=tuple(filter(None, units))))
        named = " and ".join(sorted({unit for unit in units if unit}))
        return a, b, "" if units[0] == units[1] else f"equal if {named} may be left out as a unit"


def _judged(judge: _Judge, answer: str, reference: str, a: Listing, b: Listing) -> Verdict:
    first, second = _apart(a), _apart(b)
    if isinstance(first, Expression) or isinstance(second, Expression):
        return judge.listings(a, b)
    kinds = _bracket(answer, a), _bracket(reference, b)
    a, b = first, second
    if kinds == ("{", "{"):
        return judge.sets(a, b)
    verdict = judge.listings(a, b)
    if verdict.status == "equal" and "{" in kinds and kinds[0] != kinds[1]:
        return Verdict("undecided", "equal if one is no set", proved=False)
    bare = "" in kinds and set(kinds) <= {"", "{"}
    if verdict.status == "different" and bare and judge.reordered(a, b):
        return Verdict("undecided", "equal if the order does not count", proved=False)
    ends = {"(", "["} == set(kinds) and len(a) == 2
    if verdict.status == "equal" and ends and not isinstance(a[0], tuple):
        return Verdict("undecided", "equal unless these are intervals", proved=False)
    return verdict


def _bracket(text: str, found: Listing) -> str:
    """The bracket around a list, "" when there is none."""
    if isinstance(found, Expression) and isinstance(found.core, Collection):
        return "{" if found.core.kind == "set" else "("
    if _SIZES.fullmatch(text):
        return "("  # the order of sizes counts
    outer = _OUTER.match(text)
    return outer[1] if outer and _holds_all(text, outer.start(1)) else ""


def _holds_all(text: str, start: int) -> bool:
    """Whether no further value follows the bracket at `start`, as in (1, 2), (3, 4)."""
    depth = 0
    for k in range(start, len(text)):
        depth += (text[k] in "([{") - (text[k] in ")]}")
        if depth == 0:
            return not re.search(r"[,;]\s*\S", text[k + 1 :])
    return True


def _apart(found: Listing) -> Listing:
    """A tuple, a set, a matrix or [a, b] as the list of its entries."""
    if not isinstance(found, Expression):
        return found
    match found.core:
        case Collection(_, items):
            parts = items
        case Interval(lower, upper, False, False):
            parts = (lower, upper)
        case Matrix(rows):
            return tuple([tuple([_part(found, entry) for entry in row]) for row in rows])
        case _:
            return found
    return tuple([_apart(_part(found, part)) for part in parts])


def _is_name(node: Node) -> bool:
    """A name, or several in brackets."""
    if isinstance(node, Collection):
        return bool(node.items) and all(isinstance(item, Symbol) for item in node.items)
    return isinstance(node, Symbol)


def _part(whole: Expression, tree: Node) -> Expression:
    return Expression.of(whole.text, tree, whole.scope)


def _read_both(answer: str, reference: str, scope: Scope) -> tuple[Listing, Listing]:
    """Both texts; beside a list, 24 x 32 and 3,14 are lists too. Raises `Unreadable`."""
    texts = answer, reference
    sized = [_SIZES.fullmatch(text) is not None for text in texts]
    if all(sized) and any(map(_NAMED_SIZES.search, texts)):
        return read_list(answer, scope), read_list(reference, scope)
    may_list = [size or _is_decimal(text) for size, text in zip(sized, texts, strict=True)]
    if may_list == [True, False] and _is_list(other := _read_any(reference, scope)):
        return read_list(answer, scope), other
    if may_list == [False, True] and _is_list(other := _read_any(answer, scope)):
        return other, read_list(reference, scope)
    return _read_any(answer, scope), _read_any(reference, scope)


def _is_decimal(text: str) -> bool:
    return "," in text and _DECIMAL_COMMA.fullmatch(text) is not None


def _is_list(found: Listing) -> bool:
    apart = _apart(found)
    return isinstance(apart, tuple) and len(apart) > 1


def _read_any(text: str, scope: Scope) -> Listing:
    """An expression if possible, else what it can be: a decimal comma or a list."""
    if _is_decimal(text):
        return read(text, Scope(scope.symbols, decimal_comma=True, open=True))
    try:
        return read(text, scope)
    except Unreadable as error:
        return _otherwise(text, scope, error)


def _otherwise(text: str, scope: Scope, problem: Unreadable) -> Listing:
    """A list. Raises the first problem when it is none."""
    inside = wrapped(text)
    if inside is not None:
        text = text[slice(*inside)]
    if not re.search(r"[,;&]|\\begin|[\[({]\s*\S+\s+\S", text):
        raise problem
    if re.fullmatch(r"\s*\$?[-+−]?\d{1,3}(?:\{?,\}?\d{3})+\$?\s*", text):
        raise problem
    try:
        return read_list(text, scope)
    except Unreadable as error:
        raise (error if _OUTER.match(text) else problem) from None


def show(found: Listing) -> str:
    """A reading as text: lists in round brackets."""
    if isinstance(found, Expression):
        return found.plain()
    return f"({', '.join([show(element) for element in found])})"

"""Equations and inequalities, compared without solving them.

Two equations are the same when (left - right) of one is a nonzero constant times that of the
other; two inequalities when the constant is positive and the signs point the same way. So
x^2 = 1 and x*x = 1 agree, while x = 1/y and x*y = 1 do not. Inequalities that are no multiples
of each other, chains and memberships are compared by their solutions.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from grader.expressions.kinds import kind
from grader.expressions.tree import ZERO, Add, Mul, Neg, Node, Relation, Symbol, replace, symbols
from grader.expressions.verdict import Verdict

Judge = Callable[[Node, Node], Verdict]


class Judges(NamedTuple):
    """Of the parts of relations: with a place where they differ, and without looking for one."""

    full: Judge
    brief: Judge


_ORDERS = frozenset({"<", "<=", "in"})
_TURNED = {">": "<", ">=": "<="}
AGAIN = "′"  # marks the second copy of a name; no name read from text contains it


def equivalent_relations(
    a: Node, b: Node, judges: Judges, domains: Mapping[str, str], seed: int, *, scaled: bool
) -> Verdict:
    """The verdict on two relations of one kind, or on conditions joined by and, or, not."""
    if not (isinstance(a, Relation) and isinstance(b, Relation)):
        return _solutions(a, b, domains, seed)
    a, b = _turned(a), _turned(b)
    verdict = _as_written(a, b, judges, domains, seed, scaled=scaled)
    ordered = _ORDERS & {*a.operators, *b.operators}
    if verdict.status == "equal" or not scaled or not ordered:
        return verdict
    return _solutions(a, b, domains, seed)


def _solutions(a: Node, b: Node, domains: Mapping[str, str], seed: int) -> Verdict:
    from grader.expressions.solutions import same_solutions  # start-up time

    return same_solutions(a, b, domains, seed)


def _as_written(
    a: Relation, b: Relation, judges: Judges, domains: Mapping[str, str], seed: int, *, scaled: bool
) -> Verdict:
    """By multiples of each other; chains such as a < b < c side by side."""
    if set(a.operators) == set(b.operators) == {"="} and len(a.sides) != len(b.sides):
        return Verdict("undecided", "one is a chain of steps, which are not followed", proved=False)
    if a.operators != b.operators:
        shown = f"{' '.join(a.operators)} vs {' '.join(b.operators)}"
        return Verdict("different", f"different relations: {shown}", proved=True)
    if len(a.operators) > 1 or not scaled or any(_is_object(s) for s in (*a.sides, *b.sides)):
        return _side_by_side(a, b, judges.full)
    return _scaled(a, b, judges.brief, domains, seed)


def _is_object(side: Node) -> bool:
    """Whether a side is a list, a set, a matrix or the like, which no factor can be taken out of."""
    return kind(side) != "expression"


def _turned(relation: Relation) -> Relation:
    """The same relation written with < and <= only."""
    if not set(relation.operators) <= set(_TURNED):
        return relation
    operators = tuple([_TURNED[operator] for operator in reversed(relation.operators)])
    return Relation(operators, relation.sides[::-1])


def _side_by_side(a: Relation, b: Relation, judge: Judge) -> Verdict:
    verdicts = [judge(x, y) for x, y in zip(a.sides, b.sides, strict=True)]
    for status in ("different", "undecided"):
        for k, verdict in enumerate(verdicts, 1):
            if verdict.status == status:
                return Verdict(verdict.status, f"side {k}: {verdict.evidence}", verdict.proved)
    proved = all(verdict.proved for verdict in verdicts)
    return Verdict("equal", f"side by side: {verdicts[0].evidence}", proved)


def _scaled(
    a: Relation, b: Relation, judge: Judge, domains: Mapping[str, str], seed: int
) -> Verdict:
    first, second = _difference(a), _difference(b)
    zeros = [judge(gap, ZERO) for gap in (first, second)]
    if "undecided" in {zero.status for zero in zeros}:
        return Verdict("undecided", "one side is undefined", proved=False)
    if zeros[0].equal or zeros[1].equal:
        return _trivial(zeros[0].equal and zeros[1].equal)
    if symbols(first) != symbols(second) and not (symbols(first) and symbols(second)):
        return Verdict("different", "one has names, the other has none", proved=True)
    factor = judge(*_cross(first, second))
    if factor.status != "equal":
        if factor.status == "undecided":
            return factor
        evidence = "the differences of the sides are not constant multiples of each other"
        return Verdict("different", evidence, factor.proved)
    return _signed(a, first, second, domains, seed, factor)


def _trivial(both: bool) -> Verdict:
    if both:
        return Verdict("equal", "both hold always", proved=True)
    return Verdict("different", "one holds always, the other does not", proved=True)


def _signed(
    a: Relation, first: Node, second: Node, domains: Mapping[str, str], seed: int, factor: Verdict
) -> Verdict:
    """With the constant factor known to exist, its sign matters for inequalities."""
    if a.operators[0] in {"=", "!="}:
        return Verdict("equal", f"a constant multiple: {factor.evidence}", factor.proved)
    from grader.expressions.sampling import Sampler  # start-up time

    sign = Sampler(first, second, domains, seed).sign_of_quotient()
    if sign == 0:
        return Verdict("undecided", "the direction could not be told", proved=False)
    if sign < 0:
        return Verdict("different", "the inequality points the other way", proved=True)
    return Verdict("equal", f"a positive multiple: {factor.evidence}", factor.proved)


def _difference(relation: Relation) -> Node:
    return Add((relation.sides[0], Neg(relation.sides[1])))


def _cross(first: Node, second: Node) -> tuple[Node, Node]:
    """first(x) second(y) and first(y) second(x): equal for all x, y when the quotient is constant."""
    copies: dict[str, Node] = {
        name: Symbol(name + AGAIN) for name in symbols(first) | symbols(second)
    }
    return (
        Mul((first, replace(second, copies))),
        Mul((replace(first, copies), second)),
    )

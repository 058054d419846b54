"""`equivalent`: type gate, identical form, exact identity, and only then numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import chain
from typing import Literal

from grader.expressions.arraynames import has_vector_product, marked, unmarked, written_bold
from grader.expressions.bases import bases, in_base_ten
from grader.expressions.budget import Budget
from grader.expressions.caution import doubts, hidden
from grader.expressions.chance import mixed
from grader.expressions.collecting import fingerprints, same_items, same_sets
from grader.expressions.exact import TooLarge, constant
from grader.expressions.expression import Expression
from grader.expressions.families import with_entries
from grader.expressions.kinds import NAMES, Kind, kind
from grader.expressions.modular import comparable, same
from grader.expressions.normal import PLUS_MINUS, REDUCE, normal
from grader.expressions.plusminus import alternatives, joined
from grader.expressions.relations import AGAIN, Judges, equivalent_relations
from grader.expressions.scope import EMPTY
from grader.expressions.showing import show_fraction
from grader.expressions.tree import (
    Collection,
    Constant,
    Interval,
    Matrix,
    Neg,
    Node,
    PlusMinus,
    Reduce,
    Relation,
    Symbol,
    children,
    symbols,
)
from grader.expressions.unreadable import Undefined
from grader.expressions.unrolling import unrolled
from grader.expressions.verdict import Verdict

NO_DOMAINS: Mapping[str, str] = {}
PlusMinusMeans = Literal["values", "uncertainty"]
OTHER_BASE = Verdict("undecided", "equal values, but written in different bases", proved=False)
_RELATIONS = frozenset({"equation", "inequality"})
_UNEXPLAINED = Verdict(
    "different", "differ as rational functions modulo a random prime", proved=True
)


def equivalent(
    a: Expression,
    b: Expression,
    *,
    seed: int = 0,
    domains: Mapping[str, str] = NO_DOMAINS,
    equations: bool = True,
    plus_minus: PlusMinusMeans = "values",
) -> Verdict:
    """Whether two expressions mean the same.

    `domains` (name to real, positive, nonnegative, integer or complex) adds to what the scopes
    declare. With `equations`, equations compare up to a nonzero constant factor and inequalities
    by their solutions; without, side by side as written. `plus_minus` says whether c ± s is the
    two values c + s and c - s, or a value with its uncertainty. The same seed gives the same verdict.
    """
    known = {**b.scope.domains(), **a.scope.domains(), **domains}
    bold = (written_bold(a.text) | written_bold(b.text)) - known.keys()
    first, second = marked((in_base_ten(a.core), in_base_ten(b.core)), bold)
    verdict = Judging(known, seed, equations, plus_minus).verdict(first, second)
    if verdict.equal and bases(a.tree) != bases(b.tree):
        return OTHER_BASE
    if not bold:
        return verdict
    crossed = has_vector_product(a.text), has_vector_product(b.text)
    if any(crossed) and not (all(crossed) and normal(first) == normal(second)):
        return Verdict("undecided", "× may be a product of vectors", proved=False)
    return verdict


def equivalent_sets(
    a: Sequence[Expression],
    b: Sequence[Expression],
    *,
    seed: int = 0,
    domains: Mapping[str, str] = NO_DOMAINS,
) -> Verdict:
    """Whether two sets have the same elements, for sets too long to be one expression."""
    known = {name: d for e in (*b, *a) for name, d in e.scope.domains().items()} | dict(domains)
    bold = frozenset().union(*[written_bold(e.text) for e in (*a, *b)]) - known.keys()
    trees = marked([in_base_ten(e.core) for e in (*a, *b)], bold)
    verdict = Judging(known, seed).sets(trees[: len(a)], trees[len(a) :])
    written = [bases(*[e.tree for e in side]) for side in (a, b)]
    return OTHER_BASE if verdict.equal and written[0] != written[1] else verdict


def judge(a: Node, b: Node, domains: Mapping[str, str], seed: int) -> Verdict:
    """The verdict on two trees under the usual conventions."""
    return Judging(domains, seed).verdict(*marked((a, b), frozenset()))


@dataclass(frozen=True, slots=True)
class Judging:
    """What holds for one comparison: domains by name, the seed of the points, and conventions."""

    domains: Mapping[str, str]
    seed: int
    scaled: bool = True
    plus_minus: PlusMinusMeans = "values"
    budget: Budget = field(default_factory=Budget)  # one for all parts of a list, set or matrix
    explain: bool = True  # look for a place where rational functions known to differ do so

    def verdict(self, a: Node, b: Node) -> Verdict:
        """The verdict on two trees of any kind."""
        first, second = normal(a), normal(b)
        if first == second:
            return Verdict("equal", "identical after normalising", proved=True)
        marked = PLUS_MINUS in first, PLUS_MINUS in second
        if any(marked) and self.plus_minus == "uncertainty":
            return self._uncertain(a, b, both=all(marked))
        if any(marked):
            return self._two_values(a, b)
        kinds = kind(a), kind(b)
        if kinds == ("expression", "expression"):
            return self._values(a, b, first, second)
        if kinds[0] != kinds[1]:
            return self._unlike(a, b, *kinds)
        match kinds[0]:
            case "tuple":
                return self._lists(_items(a), _items(b))
            case "set":
                return self.sets(_items(a), _items(b))
            case "region":
                return self._regions(a, b)
            case "matrix":
                return self._matrices(a, b)
            case _:
                return self._relations(a, b)

    def _relations(self, a: Node, b: Node) -> Verdict:
        known = {**self.domains, **{name + AGAIN: d for name, d in self.domains.items()}}
        inner = replace(self, domains=known)
        brief = replace(inner, explain=False)
        judges = Judges(inner.verdict, brief.verdict)
        return equivalent_relations(a, b, judges, known, self.seed, scaled=self.scaled)

    def _values(self, a: Node, b: Node, first_text: str, second_text: str) -> Verdict:
        """Numbers, expressions, and matrices that arithmetic gives, with their canonical texts."""
        key = mixed(self.seed, first_text, second_text)
        sums = REDUCE in first_text or REDUCE in second_text
        if sums:
            a, b = with_entries(a, b, self.domains)
            a, b = unrolled(a), unrolled(b)
            if normal(a) == normal(b):
                return Verdict("equal", "identical when the terms are written out", proved=True)
            if (verdict := self._indefinite(a, b)) is not None:
                return verdict
        if _infinity(a) or _infinity(b):
            return Verdict("different", "one is infinite and the other is not it", proved=True)
        first = _exact(a)
        second = None if first is None else _exact(b)
        if first is not None and second is not None:
            return _fractions(first, second)
        if not comparable(a, b):
            return self._sampled(a, b, key)
        try:
            agreed = same(a, b, key)
        except Undefined:
            return self._sampled(a, b, key)
        if agreed is None:
            if sums:
                return self._sampled(a, b, key)
            return Verdict("undecided", "one of the two is undefined everywhere", proved=False)
        if agreed:
            said = "equal as rational functions: random points modulo 2 primes of 61 bits"
            return Verdict("equal", said, proved=True)
        return _explained(self._sampled(a, b, key)) if self.explain else _UNEXPLAINED

    def _sampled(self, a: Node, b: Node, key: int) -> Verdict:
        """The verdict of seeded points."""
        from grader.expressions.sampling import Sampler  # start-up time

        sampler = Sampler(a, b, self.domains, self.seed, key, self.budget)
        return self._weighed(a, b, sampler.judge(), sampler.lost)

    def _weighed(self, a: Node, b: Node, verdict: Verdict, lost: tuple[Node, ...]) -> Verdict:
        """An agreement at points, held against what points cannot show."""
        if verdict.status != "equal" or verdict.proved:
            return verdict
        doubt = next(chain(lost, doubts(a), doubts(b)), None)
        if doubt is None:
            return verdict
        first, second = hidden(a, b, lost)
        if (first, second) != (a, b) and not any(chain(doubts(first), doubts(second))):
            again = Judging(self.domains, self.seed, self.scaled, self.plus_minus, self.budget)
            found = again.verdict(first, second)
            if found.status == "equal":
                return found
        why = (
            "changes nothing at the digits used"
            if doubt in lost
            else "may differ where none was tried"
        )
        return Verdict("undecided", f"{verdict.evidence}, but {_shown(doubt)} {why}", proved=False)

    def _indefinite(self, a: Node, b: Node) -> Verdict | None:
        """Integrals without limits stand for families of functions, so only their bodies are compared."""
        if not (_has_indefinite(a) or _has_indefinite(b)):
            return None
        if isinstance(a, Reduce) and isinstance(b, Reduce):
            heads = [(r.kind, r.variable, r.lower, r.upper) for r in (a, b)]
            if heads[0] == heads[1] == ("integral", a.variable, None, None):
                verdict = self.verdict(a.body, b.body)
                if verdict.status == "equal":
                    said = f"the same integrand: {verdict.evidence}"
                    return Verdict("equal", said, verdict.proved)
        return Verdict("undecided", "integrals without limits are not carried out", proved=False)

    def _matrices(self, a: Node, b: Node) -> Verdict:
        if not (isinstance(a, Matrix) and isinstance(b, Matrix)):
            return self._values(a, b, normal(a), normal(b))
        shapes = [(len(m.rows), len(m.rows[0]) if m.rows else 0) for m in (a, b)]
        if shapes[0] != shapes[1]:
            (rows, columns), (other_rows, other_columns) = shapes
            said = f"{rows} by {columns} vs {other_rows} by {other_columns}"
            return Verdict("different", said, proved=True)
        return same_items(children(a), children(b), self.verdict, "entry")

    def _lists(self, a: tuple[Node, ...], b: tuple[Node, ...]) -> Verdict:
        """In their order; equations and inequalities side by side hold together, in any order."""
        if len(a) == len(b) and all(kind(item) in _RELATIONS for item in (*a, *b)):
            return self.sets(a, b)
        return same_items(a, b, self.verdict)

    def sets(self, a: tuple[Node, ...], b: tuple[Node, ...]) -> Verdict:
        """The verdict on two sets, by their elements."""
        apart = fingerprints((*a, *b), self.domains, self.seed)
        return same_sets(a, b, self.verdict, apart, _shown)

    def _regions(self, a: Node, b: Node) -> Verdict:
        if isinstance(a, Interval) and isinstance(b, Interval):
            verdict = self._intervals(a, b)
            if verdict.status != "different" or symbols(a) or symbols(b):
                return verdict
        from grader.expressions.balls import Evaluator  # start-up time
        from grader.expressions.regions import same_regions

        try:
            return same_regions(a, b, self.verdict, _shown, Evaluator(complex_mode=False))
        except (Undefined, KeyError):
            return Verdict("undecided", "these intervals could not be compared", proved=False)

    def _intervals(self, a: Interval, b: Interval) -> Verdict:
        for side in ("lower", "upper"):
            mine, other = getattr(a, side), getattr(b, side)
            verdict = self.verdict(mine, other)
            if verdict.status != "equal":
                return Verdict(verdict.status, f"{side} end: {verdict.evidence}", verdict.proved)
            openness = getattr(a, f"{side}_open"), getattr(b, f"{side}_open")
            if openness[0] != openness[1] and not _infinity(mine):
                said = f"the {side} end belongs to one of them only"
                return Verdict("different", said, proved=True)
        return Verdict("equal", "the same ends", proved=True)

    def _unlike(self, a: Node, b: Node, first: Kind, second: Kind) -> Verdict:
        """Different kinds: different, or undecided where a convention makes them one."""
        if first in _RELATIONS or second in _RELATIONS:
            return self._unlike_relation(a, b, first, second)
        kinds = {first, second}
        if kinds <= {"expression", "matrix", "tuple"}:
            return self._vectors(a, b, kinds)
        said = f"one is {NAMES[first]}, the other {NAMES[second]}"
        if kinds == {"set", "region"}:
            return self._regions(a, b)
        alike = self._if_convention(a, b, kinds)
        if alike:
            return Verdict("undecided", f"{said}: {alike}", proved=False)
        return Verdict("different", said, proved=True)

    def _if_convention(self, a: Node, b: Node, kinds: set[Kind]) -> str:
        """What would make them equal, "" if nothing does."""
        if kinds == {"set", "tuple"} and self.sets(_items(a), _items(b)).status != "different":
            return "equal if the order does not count"
        if kinds == {"set", "expression"}:
            items, value = (_items(a), b) if isinstance(a, Collection) else (_items(b), a)
            if len(items) == 1 and self.verdict(items[0], value).status != "different":
                return "equal if one value stands for the set"
        if kinds == {"tuple", "region"}:
            region, items = (a, _items(b)) if isinstance(b, Collection) else (b, _items(a))
            if isinstance(region, Interval) and region.lower_open == region.upper_open:
                ends = same_items(children(region), items, self.verdict)
                if ends.status != "different":
                    return f"equal if both are {'intervals' if region.lower_open else 'lists'}"
        return ""

    def _vectors(self, a: Node, b: Node, kinds: set[Kind]) -> Verdict:
        """A list is a column; written as a row it may be meant as one."""
        verdict = self._values(a, b, normal(a), normal(b))
        if verdict.status != "different" or kinds != {"matrix", "tuple"}:
            return verdict
        matrix, items = (a, _items(b)) if isinstance(a, Matrix) else (b, _items(a))
        row = matrix.rows[0] if isinstance(matrix, Matrix) and len(matrix.rows) == 1 else ()
        if row and same_items(row, items, self.verdict).status != "different":
            return Verdict("undecided", "equal if the row is meant as a list", proved=False)
        return verdict

    def _unlike_relation(self, a: Node, b: Node, first: Kind, second: Kind) -> Verdict:
        kinds = {first, second}
        if kinds == _RELATIONS:
            return Verdict("different", "one is an equation, the other an inequality", proved=True)
        if kinds in ({"inequality", "region"}, {"inequality", "set"}):
            relation, region = (a, b) if first == "inequality" else (b, a)
            names = sorted(symbols(relation))
            if len(names) == 1:
                inside = Relation(("in",), (Symbol(names[0]), region))
                if self._relations(relation, inside).status != "different":
                    said = f"equal if the set is meant for {names[0]}"
                    return Verdict("undecided", said, proved=False)
        if "expression" in kinds:
            return Verdict("different", "one is a relation, the other an expression", proved=True)
        said = f"one is {NAMES[first]}, the other {NAMES[second]}"
        return Verdict("different", said, proved=True)

    def _uncertain(self, a: Node, b: Node, *, both: bool) -> Verdict:
        """Values with uncertainties, or lists of them; nothing is worked out with an uncertainty inside."""
        if not both:
            said = "only one of them has an uncertainty"
            return Verdict("different", said, proved=True)
        if isinstance(a, PlusMinus) and isinstance(b, PlusMinus):
            return same_items(children(a), children(b), self.verdict, "part")
        if kind(a) == kind(b) == "tuple":
            return self._lists(_items(a), _items(b))
        said = "uncertainties inside an expression are not carried through"
        return Verdict("undecided", said, proved=False)

    def _two_values(self, a: Node, b: Node) -> Verdict:
        """c ± s on at least one side."""
        first, second = alternatives(a), alternatives(b)
        kinds = {kind(tree) for tree in (*first, *second)}
        if kinds == {"equation"}:
            return self._relations(joined(first), joined(second))
        return self.sets(first, second)


def _shown(node: Node) -> str:
    written = unmarked(node)
    return Expression("", written, EMPTY, written).plain()


def _items(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Collection) else (node,)


def _has_indefinite(node: Node) -> bool:
    if isinstance(node, Reduce) and node.kind == "integral" and None in (node.lower, node.upper):
        return True
    return any(map(_has_indefinite, children(node)))


def _exact(node: Node) -> Fraction | None:
    """The exact value of a rational constant within budget, else None."""
    try:
        return constant(node)
    except (TooLarge, ZeroDivisionError):
        return None


def _explained(verdict: Verdict) -> Verdict:
    """Rational functions known to differ: a place to see it, when one was found."""
    if verdict.status == "different":
        return verdict
    return _UNEXPLAINED


def _fractions(first: Fraction, second: Fraction) -> Verdict:
    shown = f"{show_fraction(first)} vs {show_fraction(second)}"
    if first == second:
        return Verdict("equal", f"equal as exact numbers: {show_fraction(first)}", proved=True)
    return Verdict("different", f"differ as exact numbers: {shown}", proved=True)


def _infinity(node: Node) -> bool:
    """Whether the tree is just plus or minus infinity."""
    while isinstance(node, Neg):
        node = node.argument
    return isinstance(node, Constant) and node.name == "inf"

"""`equivalent`: type gate, identical form, exact identity, and only then numbers."""

from collections.abc import Mapping
from fractions import Fraction

from grader.expressions.exact import TooLarge, constant
from grader.expressions.expression import Expression
from grader.expressions.modular import comparable, same
from grader.expressions.normal import normal
from grader.expressions.relations import AGAIN, equivalent_relations
from grader.expressions.showing import show_fraction
from grader.expressions.tree import Constant, Neg, Node, Relation
from grader.expressions.verdict import Verdict

NO_DOMAINS: Mapping[str, str] = {}


def equivalent(
    a: Expression,
    b: Expression,
    *,
    seed: int = 0,
    domains: Mapping[str, str] = NO_DOMAINS,
    equations: bool = True,
) -> Verdict:
    """Whether two expressions mean the same.

    `domains` (name to real, positive, nonnegative, integer or complex) adds to what the scopes
    declare. With `equations`, equations compare up to a nonzero constant factor and inequalities
    up to a positive one; without, side by side as written. The same seed gives the same verdict.
    """
    known = {**b.scope.domains(), **a.scope.domains(), **domains}
    if isinstance(a.core, Relation) or isinstance(b.core, Relation):
        if not (isinstance(a.core, Relation) and isinstance(b.core, Relation)):
            return Verdict("different", "one is a relation, the other an expression", proved=True)
        known |= {name + AGAIN: domain for name, domain in known.items()}
        return equivalent_relations(
            a.core, b.core, lambda x, y: judge(x, y, known, seed), known, seed, scaled=equations
        )
    return judge(a.core, b.core, known, seed)


def judge(a: Node, b: Node, domains: Mapping[str, str], seed: int) -> Verdict:
    """The verdict on two trees that are no relations."""
    if normal(a) == normal(b):
        return Verdict("equal", "identical after normalising", proved=True)
    infinite = _infinity(a), _infinity(b)
    if any(infinite):
        return Verdict("different", "one is infinite and the other is not it", proved=True)
    first, second = _exact(a), _exact(b)
    if first is not None and second is not None:
        return _fractions(first, second)
    if not comparable(a, b):
        return sampled(a, b, domains, seed)
    agreed = same(a, b, seed)
    if agreed is None:
        return Verdict("undecided", "one of the two is undefined everywhere", proved=False)
    if agreed:
        return Verdict("equal", "equal as rational functions: 2 random 61-bit primes", proved=True)
    return _explained(sampled(a, b, domains, seed))


def _exact(node: Node) -> Fraction | None:
    """The exact value of a rational constant within budget, else None."""
    try:
        return constant(node)
    except (TooLarge, ZeroDivisionError):
        return None


def sampled(a: Node, b: Node, domains: Mapping[str, str], seed: int) -> Verdict:
    """The verdict of seeded points."""
    from grader.expressions.sampling import Sampler  # start-up time

    return Sampler(a, b, domains, seed).judge()


def _explained(verdict: Verdict) -> Verdict:
    """Rational functions known to differ: a place to see it, when one was found."""
    if verdict.status == "different":
        return verdict
    return Verdict("different", "differ as rational functions modulo a random prime", proved=True)


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

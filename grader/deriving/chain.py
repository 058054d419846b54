"""Values and derivatives along a chain of assignments, exact wherever they are rational."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from grader.deriving.base import whole
from grader.expressions import Expression
from grader.expressions.exact import bits, constant
from grader.expressions.tree import ONE, ZERO, Add, Call, Mul, Node, Symbol, children, rebuild

MAX_SETTLED_BITS = 1_024
"""Larger rational numbers stay computations; written out they would be longer than a formula may be."""


@dataclass(frozen=True)
class Chain:
    """Each step by name with its formula in terms of names before it; `inputs` and `given` have values.

    A given value takes the place of what a step of this name would be.
    """

    steps: Mapping[str, Expression]
    inputs: Mapping[str, Expression]
    given: Mapping[str, Expression]

    @cached_property
    def values(self) -> dict[str, Expression]:
        """Every name that has a value. Raises `Unreadable` where one is too large or divides by zero."""
        known = dict(self.inputs)
        known |= {name: value.substitute(self.inputs) for name, value in self.given.items()}
        found = dict(known)
        for name, formula in self.steps.items():
            if name not in known:
                found[name] = formula.substitute(known)
                known[name] = settled(found[name])
        return found

    @cached_property
    def _settled(self) -> dict[str, Expression]:
        return {name: settled(value) for name, value in self.values.items()}

    def depends(self, name: str, other: str) -> bool:
        """Whether a step uses another name, directly or through steps."""
        reached = {other}
        for step, formula in self.steps.items():
            if step != other and formula.names() & reached:
                reached.add(step)
        return name in self.steps and name != other and name in reached

    def derivative(self, name: str, other: str) -> Expression:
        """The derivative of a step by another name, over all ways: the chain rule forwards from `other`."""
        rates = {other: whole(1)}
        for step, formula in self.steps.items():
            if step != other:
                rate = self._rate(formula, rates)
                if rate is not None:
                    rates[step] = rate
        return rates[name]

    def _rate(self, formula: Expression, rates: Mapping[str, Expression]) -> Expression | None:
        """How fast a step changes, given the rates of what it uses; None where it uses none of these."""
        used = sorted(formula.names() & rates.keys())
        if not used:
            return None
        products = [_product(self._partial(formula, name), rates[name]) for name in used]
        terms = tuple(product for product in products if product != ZERO)
        total = Add(terms) if len(terms) > 1 else (terms or (ZERO,))[0]
        return settled(Expression.of(formula.text, total, formula.scope))

    def _partial(self, formula: Expression, name: str) -> Expression:
        """The derivative of a formula by a name it holds, at the values of this chain."""
        slope = Call("diff", (formula.core, Symbol(name)), "diff")
        carried_out = Expression.of(formula.text, slope, formula.scope).core
        found = Expression.of(formula.text, carried_out, formula.scope)
        return settled(found.substitute(self._settled))


def _product(slope: Expression, rate: Expression) -> Node:
    """The product, without a factor 1 and without one that is 0."""
    if 0 in (slope.exact(), rate.exact()):
        return ZERO
    factors = tuple(factor.core for factor in (slope, rate) if factor.exact() != 1)
    return Mul(factors) if len(factors) > 1 else (*factors, ONE)[0]


def settled(value: Expression) -> Expression:
    """A rational number in place of a computation that gives one; anything else with its derivatives carried out."""
    found = Expression.of(value.text, _without_steps(value.core), value.scope)
    exact = found.exact()
    return found if exact is None or bits(exact) > MAX_SETTLED_BITS else whole(exact)


def _without_steps(node: Node) -> Node:
    """step(x), the slope of relu, as 0 or 1 where x is a rational number other than 0."""
    if isinstance(node, Call) and node.meaning == "step":
        at = constant(node.arguments[0])
        if at:
            return ONE if at > 0 else ZERO
    below = children(node)
    return rebuild(node, tuple([_without_steps(child) for child in below])) if below else node

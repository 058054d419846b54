"""Sums, products and integrals by value.

A sum from a to b with b < a - 1 is minus the sum of what lies between (Karr 1981), so that splitting off a term
holds for every whole number. A sum without limits runs over 1..`State.length`, one to infinity is cut at
`State.horizon`: both are the same on both sides of a comparison, and `deciding` says so.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

from grader.expressions.budget import BudgetSpent, OverBudget
from grader.expressions.degrees import degree_in
from grader.expressions.limits import (
    INTEGRAL_BITS,
    MAX_INTEGRAND_CALLS,
    MAX_LOOP_TERMS,
    MAX_SUM_DEGREE,
)
from grader.expressions.tables import Table
from grader.expressions.tree import Constant, Neg, Node, Reduce
from grader.expressions.unreadable import Undefined

_PROBES = (Fraction(8, 19), Fraction(3, 31), Fraction(27, 29))
"""How far along an interval an integrand is tried first: one without a value there would cost all the calls allowed."""


def reduced(ev: Any, node: Reduce, point: Any) -> Any:
    """The value of a sum, product or integral for an `Evaluator`."""
    if node.kind == "integral":
        return _integral(ev, node, point)
    low = _end(ev, node.lower, point, 1)
    high = _end(ev, node.upper, point, ev.state.length)
    if _is_infinite(node.upper) and ev.state.by_terms:
        high = low + ev.state.horizon
    count = high - low + 1
    if count > MAX_LOOP_TERMS or count < -MAX_LOOP_TERMS:
        return _by_degree(ev, node, low, high, point)
    ev.state.budget.spend((abs(count) + 1) * ev.state.budget.size(node.body), ev.flint.ctx.dps)
    if count >= 0:
        return _looped(ev, node, range(low, high + 1), point)
    back = _looped(ev, node, range(high + 1, low), point)
    return -back if node.kind == "sum" else ev.inverse(back)


def _looped(ev: Any, node: Reduce, indices: range, point: Any) -> Any:
    inner = dict(point)
    total = None
    for k in indices:
        inner[node.variable] = ev.flint.fmpq(k)
        value = ev.value(node.body, inner)
        if total is None:
            total = value
        else:
            total = ev.small(total + value if node.kind == "sum" else total * value)
    if total is None:
        return ev.flint.fmpq(0 if node.kind == "sum" else 1)
    return total


def _by_degree(ev: Any, node: Reduce, low: int, high: int, point: Any) -> Any:
    """A long sum of a polynomial of the index."""
    degree = degree_in(node.body, frozenset({node.variable})) if node.kind == "sum" else None
    if degree is None or degree > MAX_SUM_DEGREE:
        raise OverBudget(f"a {node.kind} of more than {MAX_LOOP_TERMS} terms")
    inner = dict(point)

    def body(k: int) -> Any:
        inner[node.variable] = ev.flint.fmpq(k)
        return ev.value(node.body, inner)

    ev.state.budget.spend((degree + 2) * ev.state.budget.size(node.body), ev.flint.ctx.dps)
    up, down = (antisum(body, degree, ev.flint.fmpq(k), ev.inverse) for k in (high, low - 1))
    return up - down


def antisum(body: Any, degree: int, end: Any, inverse: Any) -> Any:
    """body(1) + ... + body(end) for a polynomial body, at any number `end`: Newton's forward differences."""
    differences = [body(k) for k in range(1, degree + 2)]
    if any(isinstance(value, Table) for value in (end, *differences)):
        raise Undefined("a long sum of matrices, or up to one")
    total, choose = 0 * end, end
    for k in range(degree + 1):
        total = total + differences[0] * choose
        differences = [y - x for x, y in pairwise(differences)]
        choose = choose * (end - (k + 1)) * inverse(end * 0 + (k + 2))
    return total


def _end(ev: Any, node: Node | None, point: Any, otherwise: int) -> int:
    """A limit as a whole number."""
    if node is None:
        return otherwise
    if _is_infinite(node):
        return int(ev.state.horizon) * (-1 if isinstance(node, Neg) else 1)
    value = ev.value(node, point)
    if isinstance(value, ev.flint.fmpq) and value.q == 1:
        return int(value.p)
    whole = value.unique_fmpz() if hasattr(value, "unique_fmpz") else None
    if whole is None or not value.is_exact():
        raise Undefined("a limit that is no whole number")
    return int(whole)


def _is_infinite(node: Node | None) -> bool:
    while isinstance(node, Neg):
        node = node.argument
    return isinstance(node, Constant) and node.name == "inf"


def _integral(ev: Any, node: Reduce, point: Any) -> Any:
    """A definite integral with a proven error (Petras 2002, as in Arb)."""
    if node.lower is None or node.upper is None:
        raise Undefined("an indefinite integral")
    low, high = (_real_end(ev, end, point) for end in (node.lower, node.upper))
    acb, nan = ev.flint.acb, ev.flint.acb(ev.flint.arb.nan())
    inner_ev = ev.for_integrand()
    size = ev.state.budget.size(node.body)
    inner = dict(point)
    stopped: list[ArithmeticError] = []

    def integrand(z: Any, analytic: bool) -> Any:
        """The body; an error must not cross the library, so it is kept and the rest costs nothing."""
        if stopped:
            return nan
        inner_ev.analytic, before = analytic, inner_ev.analytic
        inner[node.variable] = z
        try:
            ev.state.budget.spend(size)
            return inner_ev.ball(inner_ev.value(node.body, inner))
        except BudgetSpent as error:
            stopped.append(error)
            return nan
        except Undefined:
            return nan
        finally:
            inner_ev.analytic = before

    tried = [integrand(low + (high - low) * ev.rational(part), False) for part in _PROBES]
    if not any(value.is_finite() for value in tried):
        raise stopped[0] if stopped else Undefined("an integrand without values")
    goal = ev.flint.arb(2) ** -INTEGRAL_BITS
    value = acb.integral(
        integrand, low, high, eval_limit=MAX_INTEGRAND_CALLS, rel_tol=goal, abs_tol=goal
    )
    if stopped:
        raise stopped[0]
    if not value.is_finite():
        raise Undefined("an integral that cannot be computed")
    if ev.complex_mode:
        return value
    if not value.imag.contains(0):
        raise Undefined("an integral that is not real")
    return value.real


def _real_end(ev: Any, node: Node, point: Any) -> Any:
    if _is_infinite(node):
        far = ev.flint.arb(ev.state.horizon)
        return ev.flint.acb(-far if isinstance(node, Neg) else far)
    value = ev.flint.acb(ev.ball(ev.value(node, point)))
    if not value.imag.is_zero():
        raise Undefined("an integral between complex numbers")
    return value

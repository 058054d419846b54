"""Expectations, probabilities and extremes over a name: by a few hashed outcomes each.

What holds for every distribution, or for every set that a name runs over, holds for these; what does not, fails
at some place. An extreme over a set of numbers that is not written down is compared over random ones, so a
difference of those settles nothing (`Features.open_ended`).
"""

from __future__ import annotations

import hashlib
from fractions import Fraction
from typing import Any

from grader.expressions.families import number
from grader.expressions.features import PROBABILITY
from grader.expressions.normal import normal
from grader.expressions.tables import Table
from grader.expressions.tree import Call, Collection, Indexed, Node, Symbol, walk
from grader.expressions.unreadable import Undefined

_OUTCOMES = 3
GIVEN = "_given"


def expectation(ev: Any, node: Call, point: Any) -> Any:
    """E[f], E over x of f, E over x as p of f: the weighted mean, or for a variance the mean square around it."""
    state = ev.state
    if state.outcome >= 0:
        raise Undefined("an expectation in an expectation")
    body, over = node.arguments[0], node.arguments[1:]
    names = frozenset(n.name for n in over[:1] if isinstance(n, Symbol | Indexed)) or state.random
    weights = _weights(ev, normal(over[1]) if len(over) > 1 else "")
    mean = square = ev.flint.fmpq(0)
    for outcome, weight in enumerate(weights):
        inner = {**point, **_drawn(ev, body, names, outcome)}
        kept, state.random = state.random, names
        state.outcome = outcome
        try:
            value = ev.value(body, inner)
        finally:
            state.outcome, state.random = -1, kept
        if isinstance(value, Table):
            raise Undefined("an expectation of a vector")
        mean = mean + weight * value
        square = square + weight * value * value
    return mean if node.meaning == "expectation" else square - mean * mean


def _drawn(ev: Any, body: Node, names: frozenset[str], outcome: int) -> dict[str, Any]:
    """Values of the random names in one outcome."""
    inside = {n.name for n in walk(body) if isinstance(n, Symbol)} & names
    domains = ev.state.domains
    return {
        name: number(ev, f"{ev.state.salt}/{name}/{outcome}", domains.get(name, "real"))
        for name in sorted(inside)
    }


def _weights(ev: Any, distribution: str) -> list[Any]:
    """Positive weights that add up to one and follow from the name of the distribution."""
    digest = hashlib.sha256(f"{ev.state.salt}/{distribution}".encode()).digest()
    parts = [digest[k] + 20 for k in range(_OUTCOMES)]
    return [ev.flint.fmpq(part, sum(parts)) for part in parts]


def over_a_name(ev: Any, node: Call, point: Any) -> Any:
    """max, min, argmax or argmin of f over x, x running over a few random numbers."""
    body, name = node.arguments
    if not isinstance(name, Symbol):
        raise Undefined("an extreme over something that is no name")
    best: tuple[Any, Any] | None = None
    domain = ev.state.domains.get(name.name, "real")
    if domain == "real" and ev.state.salt % 2:  # so that logarithms and roots have values too
        domain = "positive"
    largest = node.meaning in {"maxover", "argmaxover"}
    for k in range(_OUTCOMES):
        x = number(ev, f"{ev.state.salt}/{k}", domain)
        value = ev.value(body, {**point, name.name: x})
        if isinstance(value, Table | ev.flint.acb):
            raise Undefined("an order among complex numbers or vectors")
        if best is None or (value > best[0] if largest else value < best[0]):
            best = value, x
        elif value == best[0] or not (value < best[0] if largest else value > best[0]):
            raise Undefined("an extreme that cannot be told")
    if best is None:
        raise Undefined("nothing to compare")
    return best[1] if node.meaning.startswith("arg") else best[0]


def probability(ev: Any, node: Call, point: Any) -> Any:
    """P(a, b) as a number hashed from the events, and P(a | b) = P(a, b)/P(b)."""
    name = node.meaning.removeprefix(PROBABILITY)
    if not name.endswith(GIVEN) or len(node.arguments) != 2:
        return _joint(ev, name, node.arguments, point)
    events, conditions = (_together(part) for part in node.arguments)
    base = name.removesuffix(GIVEN)
    both = _joint(ev, base, (*events, *conditions), point)
    return both / _joint(ev, base, conditions, point)


def _together(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Collection) else (node,)


def _joint(ev: Any, name: str, events: tuple[Node, ...], point: Any) -> Any:
    shown = sorted({_event(event, point) for event in events})
    digest = hashlib.sha256(f"{ev.state.salt}/{name}/{shown}".encode()).digest()
    return ev.rational(Fraction(int.from_bytes(digest[:4], "big") | 1, 1 << 33))


def _event(event: Node, point: Any) -> str:
    """An event as text; names inside count with their values, so that bound ones may be renamed."""
    values = {
        n.name: str(point[n.name]) for n in walk(event) if isinstance(n, Symbol) and n.name in point
    }
    return f"{normal(event, values)}"

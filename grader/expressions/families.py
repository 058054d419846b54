"""Entries of families such as x_i and w_{i,j}: numbers that look random but follow from name and indices."""

import hashlib
from collections.abc import Container
from fractions import Fraction
from typing import Any

from grader.expressions.binding import RAISED
from grader.expressions.tree import Indexed, Node, Number, Symbol, replace, symbols, walk
from grader.expressions.unreadable import Undefined

_DENOMINATOR = 2_000
_SPAN = 10_000  # entries lie between -5 and 5, with an even denominator as all points


def entry_value(ev: Any, node: Indexed, point: Any) -> Any:
    """The value of one entry for an `Evaluator`; x_2 is the symbol of that name where there is one."""
    indices = [index_text(ev, ev.value(index, point)) for index in node.indices]
    name = entry_name(node.name, indices)
    if name in point:
        return point[name]
    state = ev.state
    domain = _possible(ev, state.domains.get(node.name.removesuffix(RAISED), "real"))
    known = state.entries.get(f"{name}@{state.outcome}")
    if known is None:
        outcome = state.outcome if node.name in state.random else -1
        known = number(ev, f"{state.salt}/{name}/{outcome}", domain)
        state.entries[f"{name}@{state.outcome}"] = known
    return known


def entry_name(name: str, indices: list[str]) -> str:
    """How a fixed entry is spelled as a name: x_2, w_{1,2}."""
    return f"{name}_{indices[0]}" if len(indices) == 1 else f"{name}_{{{','.join(indices)}}}"


def with_entries(a: Node, b: Node, declared: Container[str]) -> tuple[Node, Node]:
    """Both trees with x_n as an entry of the family x, where n is a name of the pair and x_n not declared.

    A text alone does not show it: x_n beside a sum over x_i up to n - 1 is read as a name of its own.
    """
    families = {
        (part.name, len(part.indices))
        for tree in (a, b)
        for part in walk(tree)
        if isinstance(part, Indexed)
    }
    if not families:
        return a, b
    names = symbols(a) | symbols(b)
    entries: dict[str, Node] = {}
    for name in names:
        base, _, index = name.partition("_")
        parts = index.strip("{}").split(",")
        if name in declared or (base, len(parts)) not in families or names.isdisjoint(parts):
            continue
        if all(part in names or part.isdecimal() for part in parts):
            entries[name] = Indexed(base, tuple(map(_written, parts)))
    return (replace(a, entries), replace(b, entries)) if entries else (a, b)


def _written(part: str) -> Node:
    return Number(Fraction(part), part) if part.isdecimal() else Symbol(part)


def index_text(ev: Any, value: Any) -> str:
    """An index as it is spelled in the name of an entry. Raises `Undefined` where it is no whole number."""
    if isinstance(value, ev.flint.fmpq):
        return str(value)
    whole = getattr(value, "unique_fmpz", lambda: None)()
    if whole is None or not value.is_exact():
        raise Undefined("an index that is no whole number")
    return str(whole)


def _possible(ev: Any, domain: str) -> str:
    if domain == "complex" and not ev.complex_mode:
        raise Undefined("a complex number among real ones")
    return domain


def number(ev: Any, key: str, domain: str) -> Any:
    """A number of a domain that follows from `key`. Raises `Undefined` for a complex one among real numbers."""
    domain = _possible(ev, domain)
    size = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big")
    if domain == "integer":
        return ev.rational(Fraction(size % 19 - 9))
    value = Fraction((size % (2 * _SPAN) - _SPAN) | 1, _DENOMINATOR)
    if domain in {"positive", "nonnegative"}:
        value = abs(value)
    if domain == "complex":
        other = Fraction((size // _SPAN % (2 * _SPAN) - _SPAN) | 1, _DENOMINATOR)
        return ev.flint.acb(ev.rational(value), ev.rational(other))
    return ev.rational(value)


def residue(key: str, modulus: int) -> int:
    """A residue modulo a prime that follows from `key`."""
    return (
        int.from_bytes(hashlib.sha256(f"{modulus}/{key}".encode()).digest()[:16], "big") % modulus
    )

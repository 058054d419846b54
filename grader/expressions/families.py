"""Entries of families such as x_i and w_{i,j}: numbers that look random but follow from name and indices."""

import hashlib
from fractions import Fraction
from typing import Any

from grader.expressions.tree import Indexed
from grader.expressions.unreadable import Undefined

_DENOMINATOR = 2_000
_SPAN = 10_000  # entries lie between -5 and 5, with an even denominator as all points


def entry_value(ev: Any, node: Indexed, point: Any) -> Any:
    """The value of one entry for an `Evaluator`; x_2 is the symbol of that name where there is one."""
    indices = [_index(ev, ev.value(index, point)) for index in node.indices]
    name = entry_name(node.name, indices)
    if name in point:
        return point[name]
    state = ev.state
    domain = _possible(ev, state.domains.get(node.name, "real"))
    known = state.entries.get(f"{name}@{state.outcome}")
    if known is None:
        outcome = state.outcome if node.name in state.random else -1
        known = number(ev, f"{state.salt}/{name}/{outcome}", domain)
        state.entries[f"{name}@{state.outcome}"] = known
    return known


def entry_name(name: str, indices: list[str]) -> str:
    """How a fixed entry is spelled as a name: x_2, w_{1,2}."""
    return f"{name}_{indices[0]}" if len(indices) == 1 else f"{name}_{{{','.join(indices)}}}"


def _index(ev: Any, value: Any) -> str:
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

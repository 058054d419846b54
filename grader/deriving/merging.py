"""All derivations of one item together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from grader.checkers.base import Checker, Place, Response
from grader.checkers.fields import Fields
from grader.checkers.fieldwise import FieldsChecker
from grader.checkers.forms import Forms, FormsResponse
from grader.deriving.base import NOT_A_NAME, Derivation, Problems, is_name
from grader.expressions import Expression
from grader.expressions.names import fold

Derivations = Mapping[str, Derivation]


def derived_names(derive: Derivations, given: frozenset[str]) -> frozenset[str]:
    """Every name that the item's keys may use beside `given`; may be asked where there are no problems."""
    return frozenset(
        name for label, derivation in derive.items() for name in derivation.names(label, given)
    )


def derived_values(derive: Derivations, given: Mapping[str, Any]) -> dict[str, Expression]:
    """The values by name.

    Raises:
        Unreadable: a value is too large, or has no meaning such as a division by zero.
    """
    found: dict[str, Expression] = {}
    for label, derivation in derive.items():
        found |= derivation.values(label, given)
    return found


def follows(derive: Derivations) -> bool:
    """Whether a candidate's own values can change what is derived."""
    return any(derivation.follows() for derivation in derive.values())


def derivation_problems(derive: Derivations, given: frozenset[str]) -> Problems:
    """What is wrong with an item's derivations, with the place below `derive:`."""
    broken = False
    for label, derivation in derive.items():
        found = [*derivation.problems(label, given)]
        if not is_name(label):
            found.append(((), f"{label!r} {NOT_A_NAME}"))
        broken = broken or bool(found)
        for place, message in found:
            yield (label, *place), message
    if not broken:
        yield from _collisions(derive, given)


def _collisions(derive: Derivations, given: frozenset[str]) -> Problems:
    """Two things of one name, also where spellings are read alike (`a_1` and `a1`)."""
    seen = {fold(name): "a given value" for name in given}
    for label, derivation in derive.items():
        for symbol in derivation.free_symbols():
            seen.setdefault(fold(symbol), f"a symbol of {label!r}")
    for label, derivation in derive.items():
        for name in derivation.names(label, given):
            if fold(name) in seen:
                yield (label,), f"{name} would also be the name of {seen[fold(name)]}; rename one"
            seen[fold(name)] = f"something in {label!r}"


def named_by_candidates(
    response: Response, checker: Checker, names: frozenset[str]
) -> Iterator[tuple[Place, str]]:
    """Keys that are a derived name which candidates may write: the name alone would be a right answer."""
    if isinstance(checker, FieldsChecker) and isinstance(response, Fields):
        fields = response.fields()
        inner = [
            (checker.place(name), fields[name].response, check.check)
            for name, check in checker.checks().items()
            if name in fields
        ]
    elif isinstance(checker, Forms) and isinstance(response, FormsResponse):
        inner = [
            (("forms", name), response.forms[name], check.check)
            for name, check in checker.forms.items()
            if name in response.forms
        ]
    else:
        key = getattr(checker, "key", None)
        if isinstance(key, str) and key in names and key in getattr(response, "symbols", ()):
            yield ("key",), f"candidates may write {key}, so {key} alone would be right; rename it"
        return
    for place, asked, check in inner:
        for below, message in named_by_candidates(asked, check, names):
            yield (*place, *below), message

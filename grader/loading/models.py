"""YAML documents -> pydantic models; every error at once, with its place and what to write instead."""

from __future__ import annotations

import difflib
import re
import types
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from grader.checkers.base import KINDS, OfKind
from grader.errors import Problem
from grader.loading.yaml import Document

M = TypeVar("M", bound=BaseModel)
MAX_SHOWN = 60
_CURES = {
    "string_pattern_mismatch": "write letters, digits, dots, dashes and underscores only",
    "dict_type": "write `name: value` lines",
    "list_type": "write a list such as [a, b]",
    "tuple_type": "write a list such as [a, b]",
    "bool_parsing": "write true or false",
    "int_parsing": "write a whole number",
    "decimal_parsing": "write a number",
    "float_parsing": "write a number",
    "date_from_datetime_parsing": "write a date such as 2024-05-31",
    "date_parsing": "write a date such as 2024-05-31",
    "string_type": "write text",
}
"""What to write instead, by pydantic's names for errors."""


def build(
    model: type[M], document: Document, context: Mapping[str, Any] | None = None
) -> tuple[M | None, list[Problem]]:
    """The model, or None and every problem. `context` is what fields may need beside their own text."""
    if not isinstance(document.value, dict):
        return None, [document.problem((), "the file must be a mapping of `key: value` lines")]
    try:
        return model.model_validate(document.value, context=context), []
    except ValidationError as failure:
        problems = {_problem(model, document, error) for error in failure.errors(include_url=False)}
        return None, sorted(problems)


def _problem(model: type[BaseModel], document: Document, error: ErrorDetails) -> Problem:
    place = error["loc"]
    if error["type"] == "union_tag_invalid":
        place = (*place, "kind")
    return document.problem(place, _message(model, error))


def _message(model: type[BaseModel], error: ErrorDetails) -> str:
    name = str(error["loc"][-1]) if error["loc"] else ""
    match error["type"]:
        case "missing":
            return f"`{name}:` is missing here; add it"
        case "extra_forbidden":
            known = field_names(model, error["loc"][:-1])
            return f"there is no field {name!r} here{nearest(name, known)}"
        case "union_tag_invalid":
            kind = str(error.get("ctx", {}).get("tag", ""))
            known = sorted(KINDS) if kind not in KINDS else []
            return f"there is no kind {kind!r}{nearest(kind, known)}; kinds are {', '.join(known)}"
        case "union_tag_not_found":
            return "`kind:` is missing here; add one such as `kind: numeric`"
        case "value_error" | "assertion_error":
            return f"{_field(error)}{error['msg'].removeprefix('Value error, ')}"
        case "literal_error" | "enum":
            given = str(error["input"])
            known = re.findall(r"'([^']*)'", str(error.get("ctx", {}).get("expected", "")))
            return f"{_field(error)}{given!r} is none of {', '.join(known)}{nearest(given, known)}"
        case kind if kind in _CURES:
            return f"{_field(error)}{_CURES[kind]}, not {_shown(error)}"
    return f"{_field(error)}{error['msg'][:1].lower()}{error['msg'][1:]}, not {_shown(error)}"


def _shown(error: ErrorDetails) -> str:
    given = repr(error["input"])
    return given if len(given) <= MAX_SHOWN else given[:MAX_SHOWN] + "…"


def _field(error: ErrorDetails) -> str:
    names = [part for part in error["loc"] if isinstance(part, str) and part != "[key]"]
    return f"`{names[-1]}`: " if names else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'points'?`, or nothing."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean {found[0]!r}?" if found else ""


def field_names(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """Fields that an author may write at a place, for suggestions; lifted halves count as one place."""
    here: Any = model
    names: list[str] = list(model.model_fields)
    for step in path:
        here = _descend(here, step)
        if isinstance(here, type) and issubclass(here, BaseModel):
            lifted = names if step in KINDS else []
            names = [*here.model_fields, *lifted]
    return names


def _tags(choice: Any) -> tuple[Any, ...]:
    """How pydantic's error locations name one choice of a union: by its class, or by what its `kind:` may be."""
    if not (isinstance(choice, type) and issubclass(choice, BaseModel)):
        return (getattr(choice, "__name__", ""),)
    kind = choice.model_fields.get("kind")
    return (choice.__name__, *(get_args(kind.annotation) if kind else ()))


def _descend(here: Any, step: str | int) -> Any:
    """The annotation one step down a pydantic error location."""
    if isinstance(here, type) and issubclass(here, BaseModel):
        field = here.model_fields.get(str(step))
        if field is None:
            return here
        of_kind = [extra for extra in field.metadata if isinstance(extra, OfKind)]
        return of_kind[0] if of_kind else field.annotation
    if isinstance(here, OfKind):
        return getattr(KINDS[str(step)], here.half) if step in KINDS else here
    arguments = get_args(here)
    if get_origin(here) in (Union, types.UnionType):
        return next((choice for choice in arguments if step in _tags(choice)), arguments[0])
    if hasattr(here, "__metadata__"):
        of_kind = [extra for extra in here.__metadata__ if isinstance(extra, OfKind)]
        return of_kind[0] if of_kind else _descend(arguments[0], step)
    return arguments[-1] if arguments and arguments[-1] is not ... else (arguments or (here,))[0]

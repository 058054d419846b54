"""The templates, compiled once per process, with escaping always on."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"


@cache
def template(name: str) -> Any:
    """A compiled template of Jinja. Every value in it is escaped unless it is already `Markup`."""
    return _environment().get_template(name)


@cache
def macro(page: str, name: str) -> Callable[..., Markup]:
    """One piece of a page, as a function of what stands in it."""
    found: Callable[..., Markup] = getattr(template(f"{page}.html").module, name)
    return found


@cache
def stylesheet() -> Markup:
    """The one stylesheet, to stand inside each page: a page must not need a second file."""
    return Markup((TEMPLATES / "report.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # only where a page is made

    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def encodable(page: str) -> str:
    """A page without half characters (lone surrogates), which no file can hold."""
    try:
        page.encode("utf-8")
    except UnicodeEncodeError:
        return page.encode("utf-8", "replace").decode("utf-8")
    return page

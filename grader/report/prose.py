"""Markdown of exam and rubric authors -> HTML. HTML and pictures in it are not taken over; `$x^2$` becomes MathML."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup, escape
from mdit_py_plugins.dollarmath import dollarmath_plugin

from grader.report.mathml import to_mathml

_FORMULA = re.compile(r"\$([^$\n]+)\$")
_FORMULA_AND_STOP = re.compile(r'<span class="math inline">(?:(?!</span>).)*</span>[.,;:!?)\]]+')
_TABLE_OPEN = '<div class="scroll">\n<table>\n'
_TABLE_CLOSE = "</table>\n</div>\n"


def markdown(text: str) -> Markup:
    """Blocks: paragraphs, lists, tables, code. Headings become bold paragraphs: the page has its own outline."""
    return Markup(_keep_stops(_converter().render(text)))  # noqa: S704 - the converter escapes, HTML is off


def inline_markdown(text: str) -> Markup:
    """One line, without a paragraph around it."""
    return Markup(_keep_stops(_converter().renderInline(text)))  # noqa: S704 - the converter escapes, HTML is off


def with_formulas(text: str) -> Markup:
    """Plain text, escaped, in which only `$x^2$` means something: for messages that quote what a candidate wrote."""
    if "$" not in text:
        return escape(text)
    pieces = _FORMULA.split(text)
    return Markup("").join(
        to_mathml(piece) if place % 2 else escape(piece) for place, piece in enumerate(pieces)
    )


@cache
def _converter() -> MarkdownIt:
    converter = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    dollarmath_plugin(converter, allow_labels=False, double_inline=True, renderer=_render_math)
    converter.add_render_rule("table_open", _constant(_TABLE_OPEN))
    converter.add_render_rule("table_close", _constant(_TABLE_CLOSE))
    converter.add_render_rule("heading_open", _constant('<p class="heading"><strong>'))
    converter.add_render_rule("heading_close", _constant("</strong></p>\n"))
    return converter


def _keep_stops(html: str) -> str:
    """No line begins with the full stop or comma that follows a formula."""
    return _FORMULA_AND_STOP.sub(r'<span class="keep">\g<0></span>', html)


def _render_math(latex: str, options: dict[str, Any]) -> str:
    return to_mathml(latex.strip(), block=bool(options["display_mode"]))


def _constant(text: str) -> Any:
    """A render rule that always gives the same text."""

    def rule(*_arguments: object) -> str:
        return text

    return rule

"""Markdown of exam and rubric authors -> HTML. HTML and pictures in it are not taken over; `$x^2$` becomes MathML."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from markupsafe import Markup, escape

from grader.report.mathml import to_mathml

_SPECIAL = re.compile(r"`([^`\n]+)`|\$([^$\n]+)\$")
"""Code between backticks, and a formula."""
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
    """Plain text, escaped, in which only `code` and `$x^2$` mean something: for messages that quote what a candidate wrote."""
    pieces, last = Markup(""), 0
    for found in _SPECIAL.finditer(text):
        pieces += escape(text[last : found.start()])
        code, formula = found.groups()
        pieces += to_mathml(formula) if code is None else Markup("<code>{}</code>").format(code)
        last = found.end()
    return pieces + escape(text[last:])


@cache
def _converter() -> Any:
    from markdown_it import MarkdownIt  # these two only where a page is made
    from mdit_py_plugins.dollarmath import dollarmath_plugin

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

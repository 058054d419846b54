"""Small pieces of SVG. Numbers are written with one decimal: the same figure gives the same bytes everywhere."""

from __future__ import annotations

import math
from dataclasses import dataclass

from markupsafe import Markup

CHARACTER_WIDTH = 0.58
"""Mean width of a character in sizes of the font, a little generous: boxes must hold their labels."""

LEAST_SCALE = 0.58
"""Smaller than this share of its size a figure cannot be read."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the canvas, in pixels, y downwards."""

    x: float
    y: float

    def towards(self, other: Point, distance: float) -> Point:
        """The point so many pixels from here on the way to another."""
        length = math.hypot(other.x - self.x, other.y - self.y) or 1.0
        step = distance / length
        return Point(self.x + (other.x - self.x) * step, self.y + (other.y - self.y) * step)

    def between(self, other: Point, share: float = 0.5) -> Point:
        return Point(self.x + (other.x - self.x) * share, self.y + (other.y - self.y) * share)

    def __str__(self) -> str:
        return f"{number(self.x)} {number(self.y)}"


def number(value: float) -> str:
    """One decimal, no trailing zero, no minus before zero."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def text_width(text: str, size: float) -> float:
    """About how many pixels a text takes."""
    return len(text) * CHARACTER_WIDTH * size


def label(at: Point, text: str, style: str = "", anchor: str = "middle") -> Markup:
    """Text on the canvas, centred on its place both ways unless anchored otherwise."""
    return Markup(
        '<text x="{}" y="{}" text-anchor="{}" dominant-baseline="central" class="{}">{}</text>'
    ).format(number(at.x), number(at.y), anchor, style, text)


def path(commands: str, style: str, *, start: str = "", end: str = "") -> Markup:
    """A line; `start` and `end` name the marker drawn there."""
    markers = Markup("")
    if start:
        markers += Markup(' marker-start="url(#{})"').format(start)
    if end:
        markers += Markup(' marker-end="url(#{})"').format(end)
    return Markup('<path d="{}" class="{}"{}/>').format(commands, style, markers)


def arrow_head(name: str) -> Markup:
    """A marker that points along its line, at either end."""
    return Markup(
        '<marker id="{}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
        'orient="auto-start-reverse"><path d="M0 1 10 5 0 9z" class="head"/></marker>'
    ).format(name)


def boxed_label(at: Point, text: str, style: str, size: float) -> Markup:
    """Text on a small ground of its own, for a label that stands on a line."""
    width, height = text_width(text, size) + 4, size + 3
    ground = Markup('<rect x="{}" y="{}" width="{}" height="{}" class="label-ground"/>').format(
        *map(number, (at.x - width / 2, at.y - height / 2, width, height))
    )
    return ground + label(at, text, style)


def canvas(
    name: str, low: Point, high: Point, title: str, description: str, content: Markup
) -> Markup:
    """An image of the area between two corners, with a name and a description for those who cannot see it.

    It scales down on narrow screens, but not beyond what can be read: then it scrolls within its frame.
    """
    width, height = high.x - low.x, high.y - low.y
    return Markup(
        '<div class="scroll"><svg id="{name}" class="figure" role="img" aria-labelledby="{name}-title {name}-desc" '
        'viewBox="{low} {width} {height}" style="max-width:{width}px;min-width:{least}px">'
        '<title id="{name}-title">{title}</title><desc id="{name}-desc">{description}</desc>{content}</svg></div>'
    ).format(
        name=name,
        low=low,
        width=number(width),
        height=number(height),
        least=number(width * LEAST_SCALE),
        title=title,
        description=description,
        content=content,
    )

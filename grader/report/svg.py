"""Small pieces of SVG. Numbers are written with one decimal: the same figure gives the same bytes everywhere."""

from __future__ import annotations

import math
from dataclasses import dataclass

from markupsafe import Markup

CHARACTER_WIDTH = 0.58
"""Mean width of a character in sizes of the font, a little generous: boxes must hold their labels."""


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
    return Markup('<text x="{}" y="{}" text-anchor="{}" dominant-baseline="central" class="{}">{}</text>').format(
        number(at.x), number(at.y), anchor, style, text
    )


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


def canvas(name: str, width: float, height: float, title: str, description: str, content: Markup) -> Markup:
    """An image with a name and a description for those who cannot see it; scales down on narrow screens."""
    return Markup(
        '<svg id="{name}" class="figure" role="img" aria-labelledby="{name}-title {name}-desc" '
        'viewBox="0 0 {width} {height}" style="max-width:{width}px">'
        '<title id="{name}-title">{title}</title><desc id="{name}-desc">{description}</desc>{content}</svg>'
    ).format(
        name=name,
        width=number(width),
        height=number(height),
        title=title,
        description=description,
        content=content,
    )

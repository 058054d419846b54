"""Curves over two axes without scales -> SVG."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from grader.figure import Coordinate, Curve, Plot
from grader.report.svg import Point, arrow_head, canvas, label, number, path, text_width

WIDTH, HEIGHT = 460.0, 270.0
"""The area that the curves fill, in pixels."""
LEFT, RIGHT, TOP, BOTTOM = 44.0, 24.0, 18.0, 40.0
LEGEND_ROW = 24.0
FONT = 14.0
CURVE_STYLES = 4
"""Curves beyond this number take up the colours again."""
HEADROOM = 0.06
"""Empty share of the area around the curves."""


def draw_plot(plot: Plot, name: str) -> Markup:
    """The figure; ids in it begin with `name`."""
    scale = _Scale(_corners(plot))
    curves = [
        path(_polyline(curve, scale), _style(number, curve))
        for number, curve in enumerate(plot.curves)
    ]
    marks: list[Markup] = []
    for mark in plot.marks:
        at = scale.place(mark.at)
        if mark.to is not None:
            end = scale.place(mark.to)
            marks.append(path(f"M{at}L{end}", "measure", start=f"{name}-head", end=f"{name}-head"))
            middle = at.between(end)
            upright = abs(at.x - end.x) < abs(at.y - end.y)
            at = Point(middle.x + 8, middle.y) if upright else Point(middle.x, middle.y - 12)
            marks.append(label(at, mark.text, "mark-label", "start" if upright else "middle"))
        else:
            marks.append(label(at, mark.text, "mark-label"))
    legend, legend_height = _legend(plot.curves)
    content = Markup("").join(
        [arrow_head(f"{name}-head"), *_axes(plot, name), *curves, *marks, legend]
    )
    corner = Point(LEFT + WIDTH + RIGHT, TOP + HEIGHT + BOTTOM + legend_height)
    return canvas(name, Point(0, 0), corner, plot.caption, _describe(plot), content)


class _Scale:
    """Data coordinates -> canvas."""

    def __init__(self, corners: tuple[float, float, float, float]) -> None:
        self.left, self.right, self.bottom, self.top = corners

    def place(self, at: Coordinate) -> Point:
        across = (at[0] - self.left) / ((self.right - self.left) or 1)
        up = (at[1] - self.bottom) / ((self.top - self.bottom) or 1)
        inner = 1 - 2 * HEADROOM
        return Point(
            LEFT + WIDTH * (HEADROOM + inner * across), TOP + HEIGHT * (1 - HEADROOM - inner * up)
        )


def _corners(plot: Plot) -> tuple[float, float, float, float]:
    points = [point for curve in plot.curves for point in curve.points]
    points += [mark.at for mark in plot.marks] + [
        mark.to for mark in plot.marks if mark.to is not None
    ]
    xs, ys = [x for x, _ in points] or [0.0], [y for _, y in points] or [0.0]
    return min(xs), max(xs), min(ys), max(ys)


def _polyline(curve: Curve, scale: _Scale) -> str:
    return "M" + "L".join(str(scale.place(point)) for point in curve.points) if curve.points else ""


def _style(index: int, curve: Curve) -> str:
    return f"curve curve-{index % CURVE_STYLES + 1}" + (" dashed" if curve.dashed else "")


def _axes(plot: Plot, name: str) -> list[Markup]:
    origin = Point(LEFT, TOP + HEIGHT)
    upright = Markup(
        '<text transform="translate({} {}) rotate(-90)" text-anchor="middle" class="axis-label">{}</text>'
    )
    return [
        path(f"M{origin}H{number(LEFT + WIDTH + 12)}", "axis", end=f"{name}-head"),
        path(f"M{origin}V{number(TOP - 10)}", "axis", end=f"{name}-head"),
        label(Point(LEFT + WIDTH / 2, TOP + HEIGHT + 20), plot.x, "axis-label"),
        upright.format(number(LEFT - 16), number(TOP + HEIGHT / 2), plot.y),
    ]


def _legend(curves: Sequence[Curve]) -> tuple[Markup, float]:
    """Samples with their labels below the axes, as many in a row as fit; and the height they take."""
    pieces: list[Markup] = []
    x, y = LEFT, TOP + HEIGHT + BOTTOM + LEGEND_ROW / 2
    for index, curve in enumerate(curves):
        if not curve.label:
            continue
        width = 36 + text_width(curve.label, FONT) + 22
        if x > LEFT and x + width > LEFT + WIDTH + RIGHT:
            x, y = LEFT, y + LEGEND_ROW
        pieces.append(path(f"M{Point(x, y)}h28", _style(index, curve)))
        pieces.append(label(Point(x + 36, y), curve.label, "legend", "start"))
        x += width
    height = y + LEGEND_ROW / 2 - (TOP + HEIGHT + BOTTOM) if pieces else 0.0
    return Markup("").join(pieces), height


def _describe(plot: Plot) -> str:
    curves = [f"{c.label or 'unnamed'} ({'dashed' if c.dashed else 'solid'})" for c in plot.curves]
    text = f"{plot.y} over {plot.x}, without scales. Curves: {', '.join(curves)}."
    marks = [mark.text for mark in plot.marks if mark.text]
    return f"{text} Marked: {', '.join(marks)}." if marks else text

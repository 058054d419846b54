"""The distribution of totals -> SVG."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from grader.exam import Exam
from grader.gradebook import Bin
from grader.report.svg import Point, canvas, label, number, path

WIDTH, HEIGHT = 620.0, 190.0
LEFT, RIGHT, TOP, BOTTOM = 40.0, 14.0, 30.0, 66.0
BAR_GAP = 2.0
MAX_COUNT_LINES = 5
ROUND_STEPS = (1, 2, 5)
LIMIT_ROOM = 20.0
"""Pixels between the names of two grades, or the second is left out."""


def draw_histogram(bins: Sequence[Bin], exam: Exam) -> Markup:
    """Bars of complete candidates, with those whose total is still open on top; the limits of the grades."""
    tallest = max((each.complete + each.open for each in bins), default=0)
    content = Markup("").join(
        [
            *_count_lines(tallest),
            *_bars(bins, max(tallest, 1)),
            *_limits(exam),
            *_percent_axis(),
            _legend(),
        ]
    )
    return canvas(
        "distribution",
        Point(0, 0),
        Point(LEFT + WIDTH + RIGHT, TOP + HEIGHT + BOTTOM),
        "Distribution of totals",
        _describe(bins),
        content,
    )


def _bars(bins: Sequence[Bin], tallest: int) -> list[Markup]:
    bars, unit = [], HEIGHT / tallest
    for each in bins:
        left, width = (
            _across(each.low) + BAR_GAP / 2,
            _across(each.high) - _across(each.low) - BAR_GAP,
        )
        foot = TOP + HEIGHT
        for count, style in ((each.complete, "bar"), (each.open, "bar-open")):
            if count:
                foot -= count * unit
                bars.append(_bar(left, foot, width, count * unit, style))
    return bars


def _bar(left: float, top: float, width: float, height: float, style: str) -> Markup:
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" class="{}"/>').format(
        number(left), number(top), number(width), number(height), style
    )


def _across(percentage: float) -> float:
    return LEFT + WIDTH * percentage / 100


def _count_lines(tallest: int) -> list[Markup]:
    """Level lines with their counts, at a round distance."""
    step = next(
        size * 10**power
        for power in range(12)
        for size in ROUND_STEPS
        if size * 10**power * MAX_COUNT_LINES >= tallest
    )
    lines = []
    for count in range(0, max(tallest, 1) + 1, step):
        y = TOP + HEIGHT * (1 - count / max(tallest, 1))
        lines.append(path(f"M{Point(LEFT, y)}H{number(LEFT + WIDTH)}", "grid"))
        lines.append(label(Point(LEFT - 8, y), str(count), "tick", "end"))
    return lines


def _percent_axis() -> list[Markup]:
    y = TOP + HEIGHT + 16
    ticks = [label(Point(_across(tick), y), f"{tick}", "tick") for tick in range(0, 101, 10)]
    return [*ticks, label(Point(LEFT + WIDTH / 2, y + 19), "percent of the points", "tick")]


def _limits(exam: Exam) -> list[Markup]:
    """Where each grade begins; names that would run into each other are left out, their lines are not."""
    lines: list[Markup] = []
    last = _across(100) + LIMIT_ROOM
    for grade, least in exam.scale.items():
        x = _across(float(least))
        if least:
            lines.append(path(f"M{Point(x, TOP - 6)}V{number(TOP + HEIGHT)}", "limit"))
        if last - x >= LIMIT_ROOM:
            lines.append(label(Point(x, TOP - 16), grade, "tick"))
            last = x
    return lines


def _legend() -> Markup:
    y = TOP + HEIGHT + BOTTOM - 14
    return Markup("").join(
        [
            _bar(LEFT, y - 6, 14, 12, "bar"),
            label(Point(LEFT + 22, y), "complete", "tick", "start"),
            _bar(LEFT + 110, y - 6, 14, 12, "bar-open"),
            label(Point(LEFT + 132, y), "open, at the middle of the range", "tick", "start"),
        ]
    )


def _describe(bins: Sequence[Bin]) -> str:
    filled = [
        f"{each.low} to {each.high} percent: {each.complete + each.open}"
        for each in bins
        if each.complete + each.open
    ]
    return "Candidates by total. " + ("; ".join(filled) + "." if filled else "There are none yet.")

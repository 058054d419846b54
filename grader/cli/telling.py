"""Whose marks moved, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

import click

from grader.cli import safe
from grader.gradebook.moving import Moved, Shift
from grader.report.moves import (
    arrow,
    grade_of_side,
    mark_text,
    summary,
    total_of_side,
)

SHOWN = 20
"""Candidates in the table where nobody says how many."""
HEAD = ("candidate", "grade", "total", "question", "points", "why")


def tell_moves(moved: Moved, show: int = SHOWN) -> None:
    """A table of the first candidates, a line per question, and everything in one line."""
    if moved.shifts and show:
        rows = [HEAD, *(row for shift in moved.shifts[:show] for row in _rows(shift))]
        widths = [max(len(row[place]) for row in rows) for place in range(len(HEAD) - 1)]
        for row in rows:
            cells = [f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)]
            click.echo(safe("  ".join([*cells, row[-1]]).rstrip()))
        more = len(moved.shifts) - show
        if more > 0:
            click.echo(f"… and {more} more; --show {len(moved.shifts)} lists all.")
        click.echo()
    for one in moved.questions():
        other = f", {one.other} otherwise" if one.other else ""
        click.echo(safe(f"question {one.question}: {one.up} up, {one.down} down{other}"))
    click.echo(summary(moved))


def _rows(shift: Shift) -> Iterator[tuple[str, ...]]:
    sides = (shift.before, shift.after)
    head = [shift.candidate, arrow(*map(grade_of_side, sides)), arrow(*map(total_of_side, sides))]
    if not shift.moves:
        yield (*head, "", "", "bonus or scale")
    for move in shift.moves:
        points = arrow(mark_text(move.before), mark_text(move.after))
        yield (*head, move.question, points, move.why)
        head = ["", "", ""]

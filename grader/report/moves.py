"""Whose marks moved: a page for people, a table for spreadsheets, and the words both share with the terminal."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from grader.exam import Exam
from grader.gradebook import Marked, Result, guard, number
from grader.gradebook.moving import Move, Moved, Shift
from grader.report.entered import visible
from grader.report.files import whole
from grader.report.pages import stylesheet, template
from grader.report.words import (
    counted,
    decimal_text,
    grade_text,
    range_text,
    signed_text,
    total_text,
)

HEADER = (
    *("candidate", "grade_before", "grade_after", "total_before", "total_after", "question"),
    *("outcome_before", "outcome_after", "points_before", "points_after", "max_points", "why"),
)
NOBODY = "Nobody's marks move."
NONE = "–"
"""Stands where there was, or is, nothing."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is compared, in words."""

    title: str
    before: str
    after: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One question's part of a candidate's entry."""

    question: str
    before: str
    after: str
    why: str
    style: str
    """A CSS class: gains and losses have their colours."""


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """One candidate's entry."""

    candidate: str
    grade: str
    total: str
    gain: str
    style: str
    moves: tuple[MoveRow, ...]


def write_moves(
    exam: Exam, moved: Moved, told: Told, table: Path | None, page: Path | None
) -> None:
    """Write the table and the page, each where it is wanted; the same moves give the same bytes.

    Raises:
        OSError: a file cannot be written.
    """
    if table is not None:
        with whole(table) as out:
            csv.writer(out, lineterminator="\r\n").writerows(csv_rows(moved))
    if page is not None:
        with whole(page) as out:
            out.writelines(moves_page(exam, moved, told))


def csv_rows(moved: Moved) -> Iterator[list[str]]:
    """A header, then one line per candidate and question; the question is empty where only the bonus changed.

    Points are empty where an answer waits or was not asked.
    """
    yield list(HEADER)
    for shift in moved.shifts:
        sides = (shift.before, shift.after)
        head = [shift.candidate, *map(grade_of_side, sides), *map(total_of_side, sides)]
        for move in shift.moves or (None,):
            cells = [*head, *_move_cells(move)]
            yield [guard(visible(cell)) for cell in cells]


def _move_cells(move: Move | None) -> list[str]:
    if move is None:
        return ["", "", "", "", "", "", "bonus or scale"]
    sides = (move.before, move.after)
    outcomes = [side.score.outcome.value if side else "" for side in sides]
    points = [
        "" if side is None or side.points is None else str(number(side.points)) for side in sides
    ]
    most = move.after or move.before
    return [
        move.question,
        *outcomes,
        *points,
        str(number(most.max_points)) if most else "",
        move.why,
    ]


def moves_page(exam: Exam, moved: Moved, told: Told) -> Iterator[str]:
    """One self-contained page, piece by piece."""
    yield from template("moves.html").generate(
        css=stylesheet(),
        exam=exam,
        told=told,
        moved=moved,
        nobody=NOBODY,
        questions=list(moved.questions()),
        parts=[
            (title, name, list(map(_row, shifts)))
            for title, name, shifts in _parts(moved)
            if shifts
        ],
    )


def _parts(moved: Moved) -> Iterator[tuple[str, str, list[Shift]]]:
    shifts = moved.shifts
    yield "New or gone", "others", [s for s in shifts if not s.whole]
    yield "The grade changes", "grades", [s for s in shifts if s.grade_changes]
    rest = [s for s in shifts if s.whole and not s.grade_changes]
    yield "Points change, the grade stays", "points", rest


def _row(shift: Shift) -> ShiftRow:
    moves = tuple(
        MoveRow(
            move.question,
            mark_text(move.before),
            mark_text(move.after),
            visible(move.why),
            _style(move.gain),
        )
        for move in shift.moves
    )
    return ShiftRow(
        shift.candidate,
        arrow(grade_of_side(shift.before), grade_of_side(shift.after)),
        arrow(total_of_side(shift.before), total_of_side(shift.after)),
        signed_text(shift.gain) if shift.gain else "",
        _style(shift.gain),
        moves or (MoveRow(NONE, "", "", "bonus or scale", ""),),
    )


def _style(gain: Fraction) -> str:
    return "" if not gain else "plain full" if gain > 0 else "plain none"


def summary(moved: Moved) -> str:
    """Everything in one line."""
    if not moved.shifts:
        return NOBODY
    number_ = len(moved.shifts)
    parts = [
        f"{number_} of {counted(moved.candidates, 'candidate moves', 'candidates move')}",
        counted(moved.grades, "grade changes", "grades change"),
        f"+{moved.up} / −{moved.down}",
    ]
    parts += [f"{moved.new} new"] if moved.new else []
    parts += [f"{moved.gone} gone"] if moved.gone else []
    return ", ".join(parts) + "."


def mark_text(marked: Marked | None) -> str:
    """Points, or between which they lie while an answer waits."""
    if marked is None:
        return NONE
    if marked.points is None:
        return f"{range_text(marked.low, marked.high)}, open"
    return decimal_text(marked.points)


def total_of_side(result: Result | None) -> str:
    """The total with its range; a dash where there is no such candidate."""
    return NONE if result is None else total_text(result)


def grade_of_side(result: Result | None) -> str:
    """The grade, as far as it is known."""
    return NONE if result is None else grade_text(result) or NONE


def arrow(before: str, after: str) -> str:
    """`C → B`, or one of them where both are the same."""
    return before if before == after else f"{before} → {after}"

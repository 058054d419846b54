"""Scores -> points, totals and grades, and the numbers of a class.

Points of a question are kept exact (credit x points, a fraction); a total is rounded once, to two decimals,
half up, and the grade follows from that rounded total, so that anybody can check it from the printed page.
What waits for a person counts as a range, from the least to the most that can still come of it, never as 0.
"""

from grader.gradebook.counting import (
    Bin,
    ClassCounter,
    ClassStatistics,
    QuestionStatistics,
    percent,
)
from grader.gradebook.rows import (
    CACHED_NUMBERS,
    FORMULA_SIGNS,
    candidate_json,
    csv_header,
    csv_row,
    guard,
    marked_json,
    number,
)
from grader.gradebook.tallying import (
    TOTAL_STEP,
    Marked,
    Result,
    count_bonus,
    grade_of,
    mark,
    points_of,
    round_to,
    tally,
)

__all__ = [
    "CACHED_NUMBERS",
    "FORMULA_SIGNS",
    "TOTAL_STEP",
    "Bin",
    "ClassCounter",
    "ClassStatistics",
    "Marked",
    "QuestionStatistics",
    "Result",
    "candidate_json",
    "count_bonus",
    "csv_header",
    "csv_row",
    "grade_of",
    "guard",
    "mark",
    "marked_json",
    "number",
    "percent",
    "points_of",
    "round_to",
    "tally",
]

"""What a class needs of a score, read without the rest."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from grader.gradebook import mark
from grader.ledger.codec import mark_from, score_from, score_text
from grader.score import Finding, Outcome, Reading, Score

HALF = Fraction(1, 2)
FOUND = (Finding("key", HALF, "Right.", "for staff"),)


@pytest.mark.parametrize(
    "score",
    [
        Score(Outcome.GRADED, HALF, Reading("x", "x"), FOUND, "identical", notes=("a note",)),
        Score(Outcome.REVIEW, HALF, Reading("x"), FOUND, "a proposal", Fraction(0), Fraction(3, 4)),
        Score(Outcome.ERROR, None, Reading("x"), FOUND, "the worker died"),
        Score(Outcome.BLANK, Fraction(0), evidence="nothing was handed in"),
    ],
)
def test_marks_are_those_of_the_whole_score(score: Score) -> None:
    slim, whole = mark_from(score_text(score)), score_from(score_text(score))
    marks = [mark(one, Decimal(2)) for one in (slim, whole)]
    told = [(m.points, m.low, m.high, m.score.outcome, m.score.credit) for m in marks]
    assert told[0] == told[1]
    assert not slim.findings
    assert slim.evidence == ("the worker died" if score.outcome is Outcome.ERROR else "")

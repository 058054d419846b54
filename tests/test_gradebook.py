"""Points, totals, ranges, grades, the numbers of a class, and what programs and spreadsheets read of a candidate."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.exam import Exam
from grader.gradebook import (
    FORMULA_SIGNS,
    ClassCounter,
    ClassStatistics,
    Result,
    candidate_json,
    csv_header,
    csv_row,
    grade_of,
    guard,
    round_to,
    tally,
)
from grader.score import Outcome, Score
from grader.submission import natural
from tests.report.sample import BLANK, FAULT, full, make_exam, partial, review, unreadable


@pytest.fixture(scope="module")
def exam() -> Exam:
    return make_exam()


def graded(credit: str) -> Score:
    return Score(Outcome.GRADED, Fraction(credit))


def all_graded(credit: str, group: str = "msc") -> dict[str, Score]:
    return {key: graded(credit) for key in make_exam().asked(group)}


def test_points_are_credit_times_points_and_withheld_ones_carry_none(exam: Exam) -> None:
    result = tally(exam, "7", "msc", {**all_graded("1"), "1b": graded("1/3")})
    assert result.questions["1b"].points == Fraction(2, 3)
    assert result.max_points == 5
    assert result.points == Decimal("3.67")
    assert "2a" not in result.questions
    assert "3a" not in result.questions


def test_group_questions_count_for_that_group_alone(exam: Exam) -> None:
    assert tally(exam, "7", "phd", all_graded("1", "phd")).max_points == 6
    assert tally(exam, "7", "", all_graded("1", "phd")).max_points == 5


def test_total_is_rounded_once(exam: Exam) -> None:
    """Three times a third of a point is one point, not 0.99."""
    scores = {**all_graded("1/3"), "1b": graded("0"), "2b": graded("1/3")}
    assert tally(exam, "7", "msc", scores).points == Decimal("1.00")


def test_half_a_hundredth_is_rounded_up() -> None:
    assert round_to(Fraction(1, 200)) == Decimal("0.01")
    assert round_to(Fraction(499, 100_000)) == Decimal("0.00")
    assert str(round_to(Fraction(2))) == "2.00"


@given(st.fractions(min_value=0, max_value=1000))
def test_rounding_is_never_off_by_more_than_half_a_step(value: Fraction) -> None:
    assert abs(Fraction(round_to(value)) - value) <= Fraction(1, 200)


@pytest.mark.parametrize(
    ("score", "low", "high"),
    [(review(), "4", "5"), (unreadable(), "4", "5"), (FAULT, "4", "5")],
)
def test_what_waits_is_a_range_and_never_0(exam: Exam, score: Score, low: str, high: str) -> None:
    result = tally(exam, "7", "msc", {**all_graded("1"), "1a": score})
    assert result.points is None
    assert not result.complete
    assert (result.low, result.high) == (Decimal(low), Decimal(high))
    assert result.questions["1a"].points is None
    assert result.waiting == 1


def test_a_part_that_is_decided_narrows_the_range(exam: Exam) -> None:
    half_open = Score(Outcome.REVIEW, Fraction(1, 2), least=Fraction(1, 2))
    result = tally(exam, "7", "msc", {**all_graded("1"), "1b": half_open})
    assert (result.low, result.high) == (4, 5)


def test_a_missing_score_waits(exam: Exam) -> None:
    scores = all_graded("1")
    del scores["1b"]
    result = tally(exam, "7", "msc", scores)
    assert (result.points, result.low, result.high) == (None, 3, 5)


def test_blank_is_decided(exam: Exam) -> None:
    result = tally(exam, "7", "msc", dict.fromkeys(exam.asked("msc"), BLANK))
    assert result.complete
    assert result.points == 0
    assert result.grade == "F"


def test_an_unreadable_file_is_open_without_a_grade(exam: Exam) -> None:
    result = tally(exam, "7", "msc", {}, problem="7.yaml:1:1: no YAML")
    assert (result.points, result.low, result.high, result.grade) == (None, 0, 5, None)
    assert not result.complete


@pytest.mark.parametrize(
    ("points", "most", "grade"),
    [
        ("92", "100", "A"),
        ("91.99", "100", "B"),
        ("23", "25", "A"),
        ("0", "3", "F"),
        ("101", "100", "A"),
        ("0", "0", None),
    ],
)
def test_grade_limits_belong_to_the_better_grade(
    exam: Exam, points: str, most: str, grade: str | None
) -> None:
    assert grade_of(exam, Decimal(points), Decimal(most)) == grade


def test_exactly_92_percent_is_an_a_in_thirds(exam: Exam) -> None:
    """4.6 of 5 points, reached by fractions that no float holds."""
    scores = {**all_graded("1"), "1b": graded("4/5")}
    assert tally(exam, "7", "msc", scores).grade == "A"
    assert tally(exam, "7", "msc", {**scores, "1a": graded("99/100")}).grade == "B"


def test_grade_is_given_early_when_it_cannot_change(exam: Exam) -> None:
    low = {**dict.fromkeys(exam.asked("msc"), BLANK), "1a": review()}
    assert tally(exam, "7", "msc", low).grade == "F"
    open_grade = tally(exam, "7", "msc", {**all_graded("1"), "1b": unreadable()})
    assert (open_grade.grade, open_grade.grade_low, open_grade.grade_high) == (None, "C", "A")


def test_bonus_lifts_the_grade_up_to_its_limit_and_not_the_points(exam: Exam) -> None:
    scores = {**all_graded("1"), "1b": graded("0")}
    assert tally(exam, "7", "msc", scores).grade == "C"
    lifted = tally(exam, "7", "msc", scores, Decimal("50"))
    assert (lifted.points, lifted.bonus, lifted.grade) == (3, 1, "B")


def test_exams_without_bonus_ignore_it() -> None:
    plain = make_exam(bonus=None)
    assert tally(plain, "7", "msc", all_graded("1"), Decimal(1)).bonus == 0


@pytest.mark.parametrize("bonus", ["-1", "NaN", "Infinity"])
def test_a_bonus_that_is_no_number_is_refused(exam: Exam, bonus: str) -> None:
    with pytest.raises(ValueError, match="0 or more"):
        tally(exam, "7", "msc", {}, Decimal(bonus))


def test_natural_order_keeps_leading_zeros_apart() -> None:
    names = ["a10", "10", "007", "9", "7", "a2"]
    assert sorted(names, key=natural) == ["007", "7", "9", "10", "a2", "a10"]
    assert natural("7") != natural("007")


def a_class(exam: Exam) -> list[Result]:
    return [
        tally(exam, "10", "msc", {**all_graded("1"), "2b": review()}),
        tally(exam, "007", "phd", all_graded("1/3", "phd"), Decimal("0.5")),
        tally(exam, "9", "msc", {}, problem="9.yaml: broken"),
    ]


def counted(exam: Exam, results: Iterable[Result]) -> ClassStatistics:
    counter = ClassCounter(exam)
    for result in results:
        counter.add(result)
    return counter.statistics()


def row(exam: Exam, result: Result) -> dict[str, str]:
    return dict(zip(csv_header(exam), csv_row(exam, result), strict=True))


def test_what_json_says_of_a_candidate(exam: Exam) -> None:
    ten, seven, nine = map(candidate_json, a_class(exam))
    assert [one["candidate"] for one in (seven, nine, ten)] == ["007", "9", "10"]
    assert seven["points"] == 2
    assert seven["bonus"] == 0.5
    assert seven["questions"]["1b"] == {
        "outcome": "graded",
        "credit": 0.333,
        "points": 0.667,
        "max_points": 2,
    }
    assert nine["problem"] == "9.yaml: broken"
    assert "problem" not in ten
    assert (ten["points"], ten["points_range"], ten["complete"]) == (None, [4, 5], False)
    assert ten["questions"]["2b"] == {
        "outcome": "review",
        "credit": 0.667,
        "points": None,
        "max_points": 1,
    }


def test_json_is_null_where_there_is_no_proposal(exam: Exam) -> None:
    found = candidate_json(tally(exam, "1", "msc", {**all_graded("1"), "1a": FAULT}))
    assert found["questions"]["1a"]["credit"] is None


def test_a_csv_row(exam: Exam) -> None:
    ten, seven, nine = (row(exam, result) for result in a_class(exam))
    assert seven["candidate"] == "007"
    assert (seven["points"], seven["1b"], seven["complete"]) == ("2", "0.667", "yes")
    assert (ten["points"], ten["points_low"], ten["points_high"], ten["2b"]) == ("", "4", "5", "")
    assert (nine["grade"], nine["complete"]) == ("", "no")


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
@pytest.mark.parametrize("before", ["", '"', "'", ' "'])
def test_no_cell_starts_a_formula(sign: str, before: str) -> None:
    assert guard(f"{before}{sign}1+1") == f"'{before}{sign}1+1"


@pytest.mark.parametrize("cell", ["", "007", "a=b", "1-2", "3.5", "Ø"])
def test_harmless_cells_stay(cell: str) -> None:
    assert guard(cell) == cell


def test_a_group_cannot_smuggle_a_formula(exam: Exam) -> None:
    assert row(exam, tally(exam, "1", "=HYPERLINK(1)", {}))["group"] == "'=HYPERLINK(1)"


def test_statistics_count_decided_answers_only(exam: Exam) -> None:
    results = [
        tally(exam, "1", "msc", {**all_graded("1"), "1a": partial("1/2")}),
        tally(exam, "2", "msc", {**all_graded("1"), "1a": BLANK}),
        tally(exam, "3", "msc", {**all_graded("1"), "1a": unreadable()}),
        tally(exam, "4", "msc", {}, problem="broken"),
    ]
    numbers = counted(exam, results)
    assert (numbers.candidates, numbers.complete, numbers.open, numbers.unread) == (4, 2, 1, 1)
    first = numbers.questions[0]
    assert (first.question, first.asked, first.decided, first.mean_credit) == (
        "1a",
        3,
        2,
        Fraction(1, 4),
    )
    assert first.waiting == {Outcome.UNREADABLE: 1}
    assert numbers.mean_percent == 85
    assert sum(each.complete for each in numbers.bins) == 2
    assert sum(each.open for each in numbers.bins) == 1
    assert sum(numbers.grades.values()) == 2


def test_full_marks_fall_into_the_last_bin(exam: Exam) -> None:
    numbers = counted(exam, [tally(exam, "1", "msc", all_graded("1"))])
    assert (numbers.bins[-1].high, numbers.bins[-1].complete) == (100, 1)


def test_the_numbers_do_not_depend_on_the_order(exam: Exam) -> None:
    assert counted(exam, a_class(exam)) == counted(exam, reversed(a_class(exam)))


def test_an_empty_class_has_no_means(exam: Exam) -> None:
    numbers = counted(exam, [])
    assert (numbers.candidates, numbers.mean_percent) == (0, None)
    assert all(one.mean_credit is None and not one.asked for one in numbers.questions)


@settings(max_examples=25)
@given(st.lists(st.fractions(min_value=0, max_value=1), min_size=1, max_size=4))
def test_means_are_exact(exam: Exam, credits: list[Fraction]) -> None:
    numbers = counted(exam, [tally(exam, "1", "msc", {"1a": graded(str(c))}) for c in credits])
    assert numbers.questions[0].mean_credit == sum(credits) / len(credits)


def test_full_scores_are_worth_all_points(exam: Exam) -> None:
    assert tally(exam, "1", "msc", dict.fromkeys(exam.asked("msc"), full("1"))).grade == "A"

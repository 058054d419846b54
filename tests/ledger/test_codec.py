"""What goes into the ledger comes out as it was, whatever candidates wrote."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from grader.errors import Problem
from grader.ledger.codec import handed_from, handed_text, score_from, score_text
from grader.score import FULL, NOTHING, Finding, Outcome, Raw, Reading, Score
from grader.submission import Handed, natural, place_of

TEXT = st.text(st.characters(codec=None), max_size=12)  # half characters too
SHARES = st.builds(
    lambda a, b: Fraction(min(a, b), max(a, b)),
    st.integers(1, 10**40),
    st.integers(1, 10**40),
) | st.sampled_from([NOTHING, FULL])
CREDITS = st.fractions(-1, 1) | SHARES
SPANS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=2).map(tuple)
FINDINGS = st.builds(
    Finding, TEXT, CREDITS, TEXT, TEXT, SPANS, st.lists(TEXT, max_size=2).map(tuple), TEXT
)


@st.composite
def scores(draw: st.DrawFn) -> Score:
    outcome = draw(st.sampled_from(Outcome))
    least, credit, most = sorted(draw(st.tuples(SHARES, SHARES, SHARES)))
    return Score(
        outcome,
        credit if outcome.decided or draw(st.booleans()) else None,
        Reading(draw(TEXT), draw(TEXT)),
        tuple(draw(st.lists(FINDINGS, max_size=3))),
        draw(TEXT),
        least,
        most,
        tuple(draw(st.lists(TEXT, max_size=2))),
    )


ANSWERS: st.SearchStrategy[Raw] = st.recursive(
    st.none() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
PROBLEMS = st.builds(Problem, TEXT, st.integers(0, 99), st.integers(0, 99), TEXT)
SUBMISSIONS = st.builds(
    Handed,
    TEXT,
    TEXT,
    st.dictionaries(TEXT, ANSWERS, max_size=3),
    st.dictionaries(TEXT, TEXT, max_size=2),
    st.lists(PROBLEMS, max_size=2).map(tuple),
    TEXT,
    st.booleans(),
)


@given(scores())
def test_scores_come_back(score: Score) -> None:
    text = score_text(score)
    assert score_from(text) == score
    assert text.isascii()
    assert score_text(score_from(text)) == text


@given(SUBMISSIONS)
def test_submissions_come_back(handed: Handed) -> None:
    text = handed_text(handed)
    assert handed_from(text) == handed
    assert text.isascii()


def test_what_is_gone_is_nothing() -> None:
    assert handed_text(None) == ""
    assert handed_from("") is None


IDENTIFIERS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,12}", fullmatch=True)
NAMES = IDENTIFIERS | st.text(st.characters(exclude_characters=map(chr, range(4))), max_size=12)


@given(NAMES, NAMES)
def test_places_sort_as_people_count(one: str, other: str) -> None:
    assert (place_of(one) < place_of(other)) == (natural(one) < natural(other))
    assert (place_of(one) == place_of(other)) == (one == other)


@given(st.lists(st.from_regex(r"[a0-9]{1,9}", fullmatch=True), max_size=8))
def test_places_sort_digits_by_value(names: list[str]) -> None:
    assert sorted(names, key=place_of) == sorted(names, key=natural)

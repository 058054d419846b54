"""Reading pairs of rows and options."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grader.checkers.matching import Matching, MatchingResponse
from grader.score import Answer, Raw, Unread
from tests.checkers.strategies import CONVENTIONS, RAWS, STEADY, spelled

ROWS = {"1": "L1, lasso", "2": "L2 - ridge", "3": "dropout"}
OPTIONS = {"A": "absolute values", "B": "squares: w and w", "C": "sets units to 0, at random"}
RESPONSE = MatchingResponse(kind="matching", rows=ROWS, options=OPTIONS)
SOME = st.dictionaries(st.sampled_from(list(ROWS)), st.sampled_from(list(OPTIONS)), min_size=1)


@STEADY
@given(
    SOME,
    st.sampled_from(["-", " → ", "->", ": ", " = ", " is ", ") "]),
    st.sampled_from([", ", "\n", "; ", ",\n"]),
    st.data(),
)
def test_printed_ids_are_read_back(
    pairs: dict[str, str], link: str, separator: str, data: st.DataObject
) -> None:
    text = separator.join(
        f"{row}{link}{data.draw(spelled(option))}" for row, option in pairs.items()
    )
    read = RESPONSE.read(text, CONVENTIONS)
    assert isinstance(read, Answer), read
    assert read.value == pairs


@STEADY
@given(SOME, st.sampled_from([" → ", ": ", " - "]), st.sampled_from(["\n", "; ", ", "]))
def test_printed_texts_are_read_back(pairs: dict[str, str], link: str, separator: str) -> None:
    text = separator.join(f"{ROWS[row]}{link}{OPTIONS[option]}" for row, option in pairs.items())
    read = RESPONSE.read(text, CONVENTIONS)
    assert isinstance(read, Answer), read
    assert read.value == pairs


@STEADY
@given(RAWS)
def test_anything_can_be_handed_in(raw: Raw) -> None:
    assert isinstance(RESPONSE.read(raw, CONVENTIONS), Answer | Unread)


def test_what_is_open_or_used_twice_is_said() -> None:
    once = MatchingResponse(kind="matching", rows=ROWS, options=OPTIONS, reuse=False)
    read = once.read({"1": "A", "2": "A"}, CONVENTIONS)
    assert isinstance(read, Answer)
    assert once.warnings(read) == (
        "3 is not matched.",
        "A is used 2 times; each option belongs to one row at most.",
    )
    assert once.value_of(read, "2") == "A"
    assert once.value_of(read, "3") is None


def test_problems_name_the_place() -> None:
    check = Matching.model_validate(
        {
            "kind": "matching",
            "key": {"1": "A", "2": ["B", "Z"]},
            "misconceptions": {"odd": {"when": {"9": "A"}, "credit": 0, "say": "No."}},
        }
    )
    places = [place for place, _ in check.problems(RESPONSE, frozenset())]
    assert places == [("key",), ("key", "2"), ("misconceptions", "odd", "when", "9")]

"""Reading orders."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grader.checkers.ordering import Ordering, OrderingResponse
from grader.score import Answer, Raw, Unread
from tests.checkers.strategies import CONVENTIONS, RAWS, STEADY, spelled

ITEMS = {"A": "load - and check", "B": "forward, then loss", "C": "backward", "D": ""}
RESPONSE = OrderingResponse(kind="ordering", items=ITEMS)
ORDERS = st.lists(st.sampled_from(list(ITEMS)), min_size=1, max_size=6)


@STEADY
@given(
    ORDERS,
    st.sampled_from(["-", " - ", ",", ", ", ";", " > ", "->", " → ", " then ", "\n", " ", ""]),
    st.data(),
)
def test_printed_ids_are_read_back(order: list[str], separator: str, data: st.DataObject) -> None:
    bare = separator in ("", " ")
    words = [step if bare else data.draw(spelled(step)) for step in order]
    read = RESPONSE.read(separator.join(words), CONVENTIONS)
    assert isinstance(read, Answer), read
    assert read.value == tuple(order)


@STEADY
@given(ORDERS, st.sampled_from(["\n", " → ", "; "]), st.booleans())
def test_printed_texts_are_read_back(order: list[str], separator: str, numbered: bool) -> None:
    texts = [ITEMS[step] or step for step in order]
    if numbered:
        texts = [f"{number}. {text}" for number, text in enumerate(texts, start=1)]
    read = RESPONSE.read(separator.join(texts), CONVENTIONS)
    assert isinstance(read, Answer), read
    assert read.value == tuple(order)


@STEADY
@given(RAWS)
def test_anything_can_be_handed_in(raw: Raw) -> None:
    assert isinstance(RESPONSE.read(raw, CONVENTIONS), Answer | Unread)


def test_gaps_are_told_before_handing_in() -> None:
    read = RESPONSE.read("A, B, A", CONVENTIONS)
    assert isinstance(read, Answer)
    assert RESPONSE.warnings(read) == ("Not in the order: C, D.", "More than once in the order: A.")


def test_problems_name_the_place() -> None:
    check = Ordering.model_validate(
        {
            "kind": "ordering",
            "key": ["A", "A", "X"],
            "accept": [["B", "Y"]],
            "misconceptions": {"same": {"when": ["A", "A", "X"], "credit": 0, "say": "No."}},
        }
    )
    places = [place for place, _ in check.problems(RESPONSE, frozenset())]
    when = ("misconceptions", "same", "when")
    assert places == [("key",), ("accept", 0), when, when, ("key",)]

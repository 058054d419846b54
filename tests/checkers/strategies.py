"""What the property tests of the readers share."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st

from grader.checkers.base import Conventions
from grader.score import Raw

CONVENTIONS = Conventions()
STEADY = settings(derandomize=True, deadline=None, max_examples=60, database=None)
"""The same examples in every run."""

RAWS: st.SearchStrategy[Raw] = st.recursive(
    st.none() | st.text(max_size=60) | st.text("SABsab12xX ->→,;:()[]{}|\n=.`\"'", max_size=60),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)
"""Anything that can be handed in."""


def spelled(word: str) -> st.SearchStrategy[str]:
    """A word as candidates may write it."""
    return st.sampled_from([word, word.lower(), word.upper(), f" {word} ", f"({word})"])

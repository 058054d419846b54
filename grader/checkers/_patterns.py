"""Concept patterns: which words of a clause make a point, and whether a negation takes it back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from grader.checkers._clauses import Clause
from grader.checkers._words import Word, alike, plain, word_set

REACH = 8
"""Words behind a negation that it still denies."""
SHORT_REACH = 3
"""Words behind `avoid`, `remove` and the like that they deny."""
AFTERWARDS = 3
"""Words before a negation that it denies (`dropout does not help`)."""

_NOT = word_set("""
    not no never cannot cant can't neither nor without hardly isn't aren't wasn't weren't don't doesn't didn't won't
    wouldn't couldn't shouldn't dont doesnt didnt isnt arent wont nothing none
    ikke ikkje ingen aldri uten verken kein keine keinen keiner keinem nicht nie niemals ohne weder
    """)
_AVOID = word_set(
    "avoid avoids avoiding remove removes removing omit omits unngå unngår fjern fjerne vermeide"
)
_ONLY = word_set("only just merely simply bare kun nur bloß")
_VERBS = word_set(
    "do does did is are was were can could will would may must should kan er blir wird ist kann"
)

_PATTERN_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*\*?")


@lru_cache(10_000)
def phrases(pattern: str) -> tuple[tuple[str, ...], ...]:
    """A pattern as alternatives, each a run of plain words. A word may end in `*`.

    Raises:
        ValueError: an alternative without a word.
    """
    found = []
    for alternative in pattern.split("|"):
        pieces = _PATTERN_WORD.findall(alternative)
        if not pieces:
            raise ValueError(
                f"a pattern is words, with | for or, such as `gradient|derivative`; not {pattern!r}"
            )
        found.append(tuple(_plain_pattern(piece) for piece in pieces))
    return tuple(found)


def _plain_pattern(piece: str) -> str:
    return plain(piece[:-1]) + "*" if piece.endswith("*") else plain(piece)


def _as_alternative(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _checked(pattern: str) -> str:
    phrases(pattern)
    return pattern


PatternText = Annotated[str, AfterValidator(_checked)]
Patterns = Annotated[
    tuple[PatternText, ...],
    BeforeValidator(_as_alternative, json_schema_input_type=str | list[str]),
    Field(min_length=1),
]
"""Patterns that must all meet in one clause."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Words of one clause that make a point: their indices in the clause."""

    clause: Clause
    at: tuple[int, ...]

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        return tuple((self.clause.words[n].start, self.clause.words[n].end) for n in self.at)

    @property
    def said(self) -> str:
        return " … ".join(self.clause.words[n].plain for n in self.at)


def hits(clause: Clause, patterns: Sequence[str]) -> Hit | None:
    """Where all patterns meet in a clause."""
    at: set[int] = set()
    for pattern in patterns:
        found = find(clause.words, pattern)
        if found is None:
            return None
        at.update(found)
    return Hit(clause, tuple(sorted(at)))


def find(words: Sequence[Word], pattern: str) -> tuple[int, ...] | None:
    """The first run of words that fits one of the pattern's alternatives."""
    for start, word in enumerate(words):
        for phrase in _begun(word.plain, pattern):
            run = _run(words, start, phrase)
            if run is not None:
                return run
    return None


@lru_cache(200_000)
def _begun(word: str, pattern: str) -> tuple[tuple[str, ...], ...]:
    """The alternatives of a pattern that may begin with a word; for nearly every word there are none."""
    return tuple(
        phrase
        for phrase in phrases(pattern)
        if alike(word, phrase[0])
        or (len(phrase) == 1 and phrase[0].startswith(word))
        or (len(phrase) > 1 and alike(word, "".join(phrase)))
    )


def _run(words: Sequence[Word], start: int, phrase: Sequence[str]) -> tuple[int, ...] | None:
    """The words from `start` on that spell the phrase; `long range`, `long-range` and `longrange` are one."""
    run = tuple(range(start, start + len(phrase)))
    said = [word.plain for word in words[start : start + len(phrase)]]
    if len(said) == len(phrase) and all(map(alike, said, phrase)):
        return run
    if len(phrase) > 1:
        return (start,) if alike(said[0], "".join(phrase)) else None
    together = "".join(word.plain for word in words[start : start + 2])
    return (start, start + 1) if len(words) > start + 1 and together == phrase[0] else None


def is_denied(hit: Hit) -> bool:
    """Whether an odd number of negations reaches the words of a hit. The pattern's own words deny nothing."""
    return sum(_reaches(hit, n) for n in _negations(hit)) % 2 == 1


def _negations(hit: Hit) -> Iterator[int]:
    words = hit.clause.words
    for n, word in enumerate(words):
        if n in hit.at or word.plain not in _NOT | _AVOID:
            continue
        if word.plain in _NOT and n + 1 < len(words) and words[n + 1].plain in _ONLY:
            continue
        yield n


def _reaches(hit: Hit, negation: int) -> bool:
    words = hit.clause.words
    reach = SHORT_REACH if words[negation].plain in _AVOID else REACH
    if any(0 < n - negation <= reach for n in hit.at):
        return True
    behind_verb = negation > 0 and words[negation - 1].plain in _VERBS
    return behind_verb and 0 < negation - max(hit.at) <= AFTERWARDS

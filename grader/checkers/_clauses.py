"""An answer cut into items, sentences and clauses.

A clause is the reach of one statement: words of two clauses do not meet, and a negation reaches no further.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.checkers._words import FUNCTION_WORDS, Word, stem, word_set, words

MAX_WORDS = 3_000
"""Words of an answer that are searched; a person reads the rest."""
STUFFED_WORDS = 7
"""From so many words on, a clause without a function word is a list of keywords."""
STUFFED_ITEMS = 10
"""From so many one- or two-word items on, a list is a list of keywords."""
LABEL_WORDS = 2
"""So many words before a colon are a label that goes with every clause behind it (`L1: absolute, sparse`)."""
LIST_WORDS = 5
"""A piece between commas up to this long is an item of a list."""
COPIED_SHARE = 0.8
COPIED_WORDS = 3
"""A clause of at least this many telling words, most of them from the question, only repeats the question."""

_END = re.compile(
    r"(?<!\.\w)[.!?…]+(?=[*_)”’]*(?:\s|$))|[;\n]|\s[-–—]+\s|[•·]|^[ \t]*\(?\d{1,2}[.)](?=\s)",
    re.MULTILINE,
)
_BREAK = re.compile(r"[,()\[\]:]")
_LABEL = re.compile(r"\s*:\s")
_CONTRAST = word_set("""
    but however whereas while although though yet instead because therefore men mens derimot fordi selv siden
    aber jedoch sondern während obwohl weil hingegen
    """)
_JOIN = word_set("and og und samt sowie")
_ITEM = re.compile(
    r"^[ \t]*(?:[-–—*•·]|\(?(?:\d{1,2}|[a-z])[.)])[ \t]+|(?<=\s)\(?\d{1,2}[.)][ \t]+", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Clause:
    """Words that stand in one statement. `sentence` counts sentences from 0."""

    words: tuple[Word, ...]
    sentence: int
    stuffed: bool = False

    @property
    def start(self) -> int:
        return self.words[0].start


def clauses(text: str) -> list[Clause]:
    """The clauses of a text, in order, up to `MAX_WORDS` words."""
    found: list[Clause] = []
    number = 0
    for start, end in _sentences(text[: searched(text)]):
        parts = list(_parts(text, start, end))
        short = sum(len(part) <= 2 for part in parts)
        for part in parts:
            stuffed = short >= STUFFED_ITEMS or _is_stuffed(part)
            found.append(Clause(tuple(part), number, stuffed))
        number += bool(parts)
    return found


def searched(text: str) -> int:
    """How much of a text, in characters, `MAX_WORDS` words take."""
    told = words(text)[:MAX_WORDS]
    return told[-1].end if len(told) == MAX_WORDS else len(text)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in _END.finditer(text):
        yield start, end.start()
        start = end.end()
    yield start, len(text)


def _parts(text: str, start: int, end: int) -> Iterator[list[Word]]:
    """The clauses of one sentence, each with the label that stands before them all."""
    part: list[Word] = []
    label: list[Word] = []
    reached = start
    for word in _within(text, start, end):
        gap = text[reached : word.start]
        if not label and 0 < len(part) <= LABEL_WORDS and _LABEL.match(gap):
            label = part
        if part and (_BREAK.search(gap) or word.plain in _CONTRAST | _JOIN):
            yield part
            part = list(label)
        if word.plain not in _JOIN:
            part.append(word)
        reached = word.end
    if part:
        yield part


def _within(text: str, start: int, end: int) -> list[Word]:
    return [Word(w.plain, w.start + start, w.end + start) for w in words(text[start:end])]


def _is_stuffed(part: Sequence[Word]) -> bool:
    return len(part) >= STUFFED_WORDS and not any(word.plain in FUNCTION_WORDS for word in part)


def content(clause: Sequence[Word]) -> list[str]:
    """Stems of the words that say something."""
    return [stem(word.plain) for word in clause if word.plain not in FUNCTION_WORDS]


def is_copied(clause: Clause, question: frozenset[str]) -> bool:
    """Whether a clause says little beside the words of the question (given as stems)."""
    told = content(clause.words)
    if len(told) < COPIED_WORDS:
        return False
    return sum(word in question for word in told) >= COPIED_SHARE * len(told)


def items(text: str) -> list[tuple[int, int]]:
    """(start, end) of each entry of an enumeration; the whole text where it is none.

    Read are bullets and numbers, several lines, `a; b; c`, and one line of short pieces between commas.
    """
    marks = list(_ITEM.finditer(text))
    if len(marks) > 1:
        starts = [mark.end() for mark in marks]
        return _filled(
            text, [*zip(starts, [m.start() for m in marks[1:]] + [len(text)], strict=True)]
        )
    for separator in (r"\n", r";"):
        spans = _filled(text, _split(text, separator))
        if len(spans) > 1:
            return spans
    spans = _filled(text, _split(text, r",(?!\d)|\s(?:and|og|und)\s|[.]\s*$"))
    if len(spans) > 1 and all(len(words(text[slice(*span)])) <= LIST_WORDS for span in spans):
        return spans
    return [(0, len(text))]


def _split(text: str, separator: str) -> list[tuple[int, int]]:
    gaps = list(re.finditer(separator, text))
    starts = [0, *(gap.end() for gap in gaps)]
    ends = [*(gap.start() for gap in gaps), len(text)]
    return list(zip(starts, ends, strict=True))


def _filled(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [span for span in spans if words(text[slice(*span)])]


def count_sentences(text: str) -> int:
    """Sentences as people count them: ends with a full stop, a question or an exclamation mark, or the text."""
    pieces = re.split(r"(?<!\be\.g)(?<!\bi\.e)[.!?…]+(?:\s+(?=[^\Wa-z])|\s*$)", text.strip())
    return sum(bool(words(piece)) for piece in pieces)

"""Which option, row, item or node a candidate's words name, and how to cut a line of such names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, TypeVar

from pydantic import BeforeValidator

from grader.checkers.base import Accepted, Misconception, Misread
from grader.checkers.numeric import Texts
from grader.expressions import Unreadable

MAX_PIECES = 1_000
"""Pieces of one answer between separators."""
MAX_JOINED = 6
"""Pieces that one option's own text may hold (`size, shape and colour`)."""
MAX_PIECE = 1_000
"""Characters of one entry; longer ones name nothing."""
MAX_LISTED = 12
"""Ids that a message lists."""
MAX_SHOWN = 40
"""Characters of the candidate's words that a message repeats."""

_AROUND = " \t\r\n.,:;!?()[]{}<>\"'`*_•·“”‘’«»–—-"
_LEAD = re.compile(
    r"^\W*(?:(?:the|my|correct|right|both|riktig|richtig)\s+)*"
    r"(?:(?:statements?|conditions?|påstand|vilkår|aussagen?|answers?|options?|alternatives?|choices?|numbers?|letters?|svar|svaret|alternativ|antwort|nummer|nr|no)\b[.:]?)?"
    r"\s*(?:(?:is|are|er|ist|sind)\b)?[\s:]*(?:(?:both|option|alternative?|nr\.?|number)\s+)?",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"^[\s(\[]*(?P<label>[^\s:.)\]=]+)\s*[:.)\]=–—-]+\s*(?P<rest>\S.*)$", re.DOTALL
)

_ARROW = re.compile(r"\\(?:to|gets|(?:long)?(?:right|left)arrow|(?:Right|Left)arrow)(?![A-Za-z])")

T = TypeVar("T")


def fold(text: str) -> str:
    """One spelling for texts that read alike: case, width, mathematics signs and outer punctuation do not count."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("−", "-")
    plain = re.sub(r"[$`\\]", "", plain)
    return re.sub(r"\s+", " ", plain).strip(_AROUND) or plain.strip()


def squeeze(text: str) -> str:
    """A folded text without blanks, hyphens and underscores: `Back-propagation` is `back propagation`."""
    return re.sub(r"[\s_‐‑-]", "", fold(text))


@dataclass(frozen=True)
class Labels:
    """Ids with their texts and other spellings. `what` names one of them in messages."""

    what: str
    texts: Mapping[str, str]
    folded: Mapping[str, frozenset[str]]
    squeezed: Mapping[str, frozenset[str]]

    @classmethod
    def of(
        cls, what: str, texts: Mapping[str, str], aliases: Mapping[str, str] | None = None
    ) -> Labels:
        """`texts` is id to text (which may be empty); `aliases` is another spelling to id."""
        spellings = [(id_, id_) for id_ in texts]
        spellings += [(text, id_) for id_, text in texts.items() if text.strip()]
        spellings += list((aliases or {}).items())
        return cls(what, texts, _index(fold, spellings), _index(squeeze, spellings))

    def candidates(self, text: str) -> frozenset[str]:
        """Every id that the text may name."""
        if len(text) > MAX_PIECE:
            return frozenset()
        if text.strip() in self.texts:
            return frozenset({text.strip()})
        found = self.folded.get(fold(text)) or self.squeezed.get(squeeze(text))
        return found or frozenset()

    def find(self, text: str) -> str | None:
        """The one id that the text names."""
        found = self.candidates(text)
        return next(iter(found)) if len(found) == 1 else None

    def find_loosely(self, text: str) -> str | None:
        """As `find`, also with words before it (`answer: b`) or the id and the text together (`b) Dropout`)."""
        if len(text) > MAX_PIECE:
            return None
        found = self.find(text) or self.find(_LEAD.sub("", text, count=1))
        if found or not (labelled := _LABELLED.match(text)):
            return found
        label, rest = self.find(labelled["label"]), self.find(labelled["rest"])
        return label if label is not None and rest == label else None

    @property
    def short(self) -> bool:
        """Whether every id is a single character, so that `bd` can be read as b and d."""
        return all(len(id_) == 1 for id_ in self.texts)

    def spelled(self, text: str) -> list[str] | None:
        """The ids in a run of blanks-separated ids (`b d`) or single-character ids (`bd`)."""
        words = text.split()
        ids = [
            id_ if (id_ := self.find(word)) and fold(id_) == fold(word) else None for word in words
        ]
        if len(words) > 1 and None not in ids:
            return [id_ for id_ in ids if id_ is not None]
        if not self.short:
            return None
        ids = [self.find(letter) for letter in "".join(words)]
        return None if None in ids or not ids else [id_ for id_ in ids if id_ is not None]

    def shown(self, id_: str) -> str:
        """The id with its text, for people."""
        text = self.texts[id_].strip()
        return f"{id_} ({text})" if text and fold(text) != fold(id_) else id_

    def explain(self, text: str) -> str:
        """Why the text names none of them, and which one it may have meant."""
        word = clip(text)
        found = sorted(self.candidates(text), key=list(self.texts).index)
        if len(found) > 1:
            return f"“{word}” may mean {' or '.join(found)}; write which."
        ids = list(self.texts)
        listed = ", ".join(ids[:MAX_LISTED]) + (", …" if len(ids) > MAX_LISTED else "")
        near = get_close_matches(fold(text[:MAX_SHOWN]), self.folded, n=1)
        meant = sorted(self.folded[near[0]], key=ids.index)[0] if near else None
        hint = f" Did you mean {self.shown(meant)}?" if meant is not None else ""
        return f"“{word}” is no {self.what} of this question ({listed}).{hint}"

    def clashes(self) -> Iterator[str]:
        """Ids and texts of different entries that read alike, which no candidate could tell apart."""
        for spelling, ids in self.folded.items():
            exact = [id_ for id_ in ids if fold(id_) == spelling]
            if len(ids) > 1 and len(exact) < len(ids):
                names = " and ".join(sorted(ids, key=list(self.texts).index))
                yield f"{self.what}s {names} both read {spelling!r}; give them different ids or texts"


def _index(
    spell: Callable[[str], str], spellings: Iterable[tuple[str, str]]
) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for spelling, id_ in spellings:
        found.setdefault(spell(spelling), set()).add(id_)
    return {spelling: frozenset(ids) for spelling, ids in found.items()}


def clip(text: str) -> str:
    """The candidate's words, short enough for a message."""
    word = " ".join(text.split())
    return word if len(word) <= MAX_SHOWN else word[: MAX_SHOWN - 1] + "…"


def as_written(text: str) -> str:
    """LaTeX arrows and dollar signs as plain text of the same length, so that places keep their numbers."""

    def arrow(found: re.Match[str]) -> str:
        return ("←" if "left" in found[0] else "→").ljust(len(found[0]))

    return _ARROW.sub(arrow, text).replace("$", " ")


def cut(
    text: str,
    separator: re.Pattern[str],
    parse: Callable[[str], list[T] | None],
    whole: Callable[[str], list[T] | None],
    explain: Callable[[str], str],
) -> list[T]:
    """Read a text piece by piece between separators.

    An entry whose own text holds separators is tried first: `whole` gets the longest runs of pieces,
    `parse` single ones.

    Raises:
        Unreadable: with `explain` of the first piece that neither understands.
    """
    text = as_written(text)
    spans = [span for span in _between(text, separator) if text[slice(*span)].strip()]
    if len(spans) > MAX_PIECES:
        raise Misread(f"The answer has {len(spans):,} entries; at most {MAX_PIECES:,} are read.")
    found: list[T] = []
    at = 0
    while at < len(spans):
        for end in range(min(len(spans), at + MAX_JOINED), at, -1):
            piece = text[spans[at][0] : spans[end - 1][1]]
            entries = parse(piece) if end == at + 1 else whole(piece)
            if entries is not None:
                found += entries
                at = end
                break
        else:
            start, stop = spans[at]
            blank = len(text[start:stop]) - len(text[start:stop].lstrip())
            raise Unreadable(explain(text[start:stop]), text, start + blank)
    return found


def _between(text: str, separator: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in separator.finditer(text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


def unique(values: Iterable[T]) -> tuple[T, ...]:
    """Each value once, in the order of first appearance."""
    return tuple(dict.fromkeys(values))


class AcceptedIds(Accepted):
    """A further right selection or order."""

    value: Texts


def _with_value(value: object) -> object:
    return value if isinstance(value, Mapping) else {"value": value}


AcceptedEntry = Annotated[
    AcceptedIds, BeforeValidator(_with_value, json_schema_input_type=str | list[str] | AcceptedIds)
]


class IdsMisconception(Misconception):
    """A wrong selection or order."""

    when: Texts

"""An answer exactly as it was entered -> HTML, with the words marked that a proposal rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from markupsafe import Markup, escape

from grader.score import Finding, Raw

MAX_SHOWN_CHARACTERS = 20_000
"""More of one text is not shown; the file that was handed in has all of it."""
MAX_SHOWN_ENTRIES = 500
MAX_SHOWN_DEPTH = 8

_PRE, _PRE_END = Markup('<pre class="entered">'), Markup("</pre>")
_NO_ENTRY = Markup('<span class="nothing">nothing</span>')
_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"} | {
    0x7F: 0x2421
}
_BIDI_CONTROLS = dict.fromkeys(
    [*range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\N{REPLACEMENT CHARACTER}"
)
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")
_VISIBLE: dict[int, int | str] = {**_PICTURES, **_BIDI_CONTROLS, **_SURROGATES}
"""Control characters as their pictures, one for one, so that places in the text keep their numbers."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of one text of the answer; `path` leads to that text, `number` is that of the finding."""

    path: tuple[str, ...]
    start: int
    end: int
    number: int


def visible(text: str) -> str:
    """Text without characters that a page cannot hold or that would turn its order around. Keeps its length."""
    return text.replace("\r\n", " \n").replace("\r", "\n").translate(_VISIBLE)


def entered_html(raw: Raw, findings: Sequence[Finding] = ()) -> Markup:
    """The answer: text in `<pre>`, lists and mappings as nested lists. Findings with spans mark it, numbered from 1."""
    found = enumerate((finding for finding in findings if finding.spans), 1)
    marks = [
        Mark(one.path, start, end, number)
        for number, one in found
        if one.path or only_text(raw) is not None
        for start, end in one.spans
    ]
    return _node(raw, marks, MAX_SHOWN_DEPTH)


def only_text(raw: Raw) -> str | None:
    """The text that spans point into: the answer itself, or the only text in it; None where there are several."""
    texts = [text for text in _texts(raw) if text.strip()]
    return texts[0] if len(texts) == 1 else None


def _texts(raw: Raw) -> Iterator[str]:
    if isinstance(raw, str):
        yield raw
    elif raw is not None:
        for value in raw.values() if isinstance(raw, Mapping) else raw:
            yield from _texts(value)


def _below(marks: Sequence[Mark], key: str) -> list[Mark]:
    """The marks that go on into one entry; those without a path go wherever the only text is."""
    into = [replace(mark, path=mark.path[1:]) for mark in marks if mark.path[:1] == (key,)]
    return [*into, *(mark for mark in marks if not mark.path)]


def _node(raw: Raw, marks: Sequence[Mark], depth: int) -> Markup:
    if raw is None:
        return _NO_ENTRY
    if isinstance(raw, str):
        here = sorted({(mark.start, mark.end, mark.number) for mark in marks if not mark.path})
        return Markup('<pre class="entered">{}</pre>').format(
            _marked(raw, here if raw.strip() else ())
        )
    if depth == 0:
        return Markup('<span class="nothing">more, nested too deeply to show</span>')
    if isinstance(raw, Mapping):
        entries = [
            Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(
                visible(key), _node(value, _below(marks, key), depth - 1)
            )
            for key, value in list(raw.items())[:MAX_SHOWN_ENTRIES]
        ]
        shown, tag = Markup("").join(entries), "dl"
    else:
        shown = Markup("").join(
            Markup("<li>{}</li>").format(_node(value, marks, depth - 1))
            for value in raw[:MAX_SHOWN_ENTRIES]
        )
        tag = "ol"
    rest = Markup('<p class="nothing">… and {} more entries</p>').format(
        len(raw) - MAX_SHOWN_ENTRIES
    )
    return Markup('<{0} class="entered">{1}</{0}>').format(tag, shown) + (
        rest if len(raw) > MAX_SHOWN_ENTRIES else Markup("")
    )


def _marked(text: str, marks: Sequence[tuple[int, int, int]]) -> Markup:
    """The text, escaped, with each marked stretch in `<mark>`; the numbers of its findings stand in `data-n`."""
    shown = visible(text[:MAX_SHOWN_CHARACTERS])
    if not marks and len(text) <= MAX_SHOWN_CHARACTERS:
        return escape(shown)
    pieces: list[str] = []
    place = 0
    for start, end, numbers in _stretches(marks, len(shown)):
        label = ",".join(str(number) for number in numbers)
        pieces += (
            escape(shown[place:start]),
            f'<mark data-n="{label}">',
            escape(shown[start:end]),
            "</mark>",
        )
        place = end
    pieces.append(escape(shown[place:]))
    if len(text) > MAX_SHOWN_CHARACTERS:
        more = f"{len(text) - MAX_SHOWN_CHARACTERS:,}"
        pieces.append(f'\n<span class="nothing">… and {more} more characters</span>')
    return Markup("".join(pieces))  # noqa: S704 - text is escaped above, the rest is ours


def _stretches(
    marks: Sequence[tuple[int, int, int]], length: int
) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Marks cut where they overlap: (start, end, numbers) in order, without gaps inside a mark."""
    inside = [(max(start, 0), min(end, length), number) for start, end, number in marks]
    edges = sorted({edge for start, end, _ in inside if start < end for edge in (start, end)})
    for start, end in pairwise(edges):
        numbers = tuple(sorted({n for first, last, n in inside if first <= start and end <= last}))
        if numbers:
            yield start, end, numbers

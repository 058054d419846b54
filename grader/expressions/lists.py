"""Answers that are lists: (24, 32), 24x32, [[1, 2], [3, 4]], LaTeX matrices."""

import re
from dataclasses import replace
from typing import TypeAlias

from grader.expressions.expression import Expression
from grader.expressions.functions import SPELLINGS
from grader.expressions.glyphs import GREEK_NAMES
from grader.expressions.limits import MAX_DEPTH, MAX_LIST_CHARACTERS, MAX_LIST_ITEMS
from grader.expressions.reading import answer_span, read_formula
from grader.expressions.scope import EMPTY, Scope
from grader.expressions.unreadable import Unreadable
from grader.expressions.wrapping import wrapped

Listing: TypeAlias = "Expression | tuple[Listing, ...]"

_NUMBER = r"[-+−]?(?:\d+(?:[.,]\d+)?|[.]\d+)"
_SIZES = re.compile(rf"\s*{_NUMBER}(?:\s*(?:[x×X*]|\\times(?![A-Za-z])|\bby\b)\s*{_NUMBER})+\s*")
_BY = re.compile(r"\s*(?:[x×X*]|\\times(?![A-Za-z])|\bby\b)\s*")
_MATRIX = re.compile(
    r"\\begin\s*\{([pbBvV]?matrix|array)\}(?:\{[lcr|]*\})?(.*)\\end\s*\{\1\}", re.DOTALL
)
_WRAPPING = re.compile(r"\\(?:left|right|[bB]igg?[lr]?)(?![A-Za-z])|\$|\\[()\[\]]")
_OPENERS = {"(": ")", "[": "]", "{": "}"}
_DECIMAL_COMMA = re.compile(rf"\s*{_NUMBER}\s*")
_POINTS = re.compile(r"(?<![\d.,])(?:0\.\d|\d+\.(?:\d{1,2}(?!\d)|\d{4}|\d+[eE]))")
"""A decimal point that cannot part thousands."""
_PROSE = re.compile(r"\s*[A-Za-z]+(?:\s+[A-Za-z]+){2,}\s*")
_SPACED = re.compile(rf"\s*{_NUMBER}(?:\s+{_NUMBER})+\s*")


def read_list(
    text: str,
    scope: Scope = EMPTY,
    *,
    names: tuple[str, ...] = (),
) -> tuple[Listing, ...]:
    """Read a list of expressions, nested as written.

    (24, 32), [24, 32], {24, 32}, 24, 32, [24 32], 24x32 and 24 by 32 all give two expressions;
    [[1, 2], [3, 4]], [1 2; 3 4] and a LaTeX matrix give a tuple of rows. A single value gives one
    expression. With a decimal comma, ";" or a comma and a space separates, and (24,32) is asked
    back. `names` are asked names, as for `read`, and words around the whole list are taken off as
    there. Raises `Unreadable`.
    """
    try:
        return _read_list(text, scope, names)
    except Unreadable:
        inside = wrapped(text)
        if inside is None:
            raise
        try:
            return _read_list(text[slice(*inside)], scope, names)
        except Unreadable as error:
            raise Unreadable(error.message, text, error.position + inside[0]) from None


def _read_list(text: str, scope: Scope, names: tuple[str, ...]) -> tuple[Listing, ...]:
    if len(text) > MAX_LIST_CHARACTERS:
        raise Unreadable(
            f"This is too long: write at most {MAX_LIST_CHARACTERS} characters.", text, 0
        )
    if _POINTS.search(text) and ";" not in text:
        scope = replace(scope, decimal_comma=False)  # 0.62 stands in it: its commas only separate
    start, end = answer_span(text, scope, names)
    plain = _WRAPPING.sub(lambda found: " " * len(found[0]), text[:end]).replace(r"\{", " {")
    plain = plain.replace(r"\}", " }")
    _check_brackets(text, plain)
    reader = _Reader(text, plain, scope)
    found = reader.listing(start, len(plain), 0, nested=False)
    return found if isinstance(found, tuple) else (found,)


def _check_brackets(text: str, plain: str) -> None:
    """Every bracket is closed by its own kind; [0, 1) is an interval, not a list."""
    waiting: list[int] = []
    for k, c in enumerate(plain):
        if c in _OPENERS:
            waiting.append(k)
        elif c in ")]}":
            opened = waiting.pop() if waiting else k
            if _OPENERS.get(plain[opened]) != c:
                raise Unreadable(
                    "These brackets do not match: write a list as (1, 2) or [1, 2].", text, k
                )
    if waiting:
        opener = plain[waiting[-1]]
        raise Unreadable(
            f"This {opener} is never closed: add {_OPENERS[opener]}.", text, waiting[-1]
        )


class _Reader:
    """Reads one list; positions are the same in `text` (as entered) and `plain`."""

    def __init__(self, text: str, plain: str, scope: Scope) -> None:
        self.text = text
        self.plain = plain
        self.scope = scope
        self.items = 0

    def listing(self, start: int, end: int, depth: int, *, nested: bool) -> Listing:
        """What stands in plain[start:end]: a list, or one expression."""
        start, end = self._trimmed(start, end)
        if depth > MAX_DEPTH:
            raise Unreadable(
                "This list is nested too deeply: use fewer brackets.", self.text, start
            )
        if matrix := _MATRIX.fullmatch(self.plain, start, end):
            return self._matrix(matrix)
        if self._enclosed(start, end):
            return self._inside(start, end, depth, nested=nested)
        parts = self._split(start, end, _separator(self.scope))
        if len(parts) > 1:
            return tuple([self.listing(a, b, depth + 1, nested=True) for a, b in parts])
        if _SIZES.fullmatch(self.plain, start, end) and not nested:
            return self._by(start, end)
        return self._expression(start, end)

    def _inside(self, start: int, end: int, depth: int, *, nested: bool) -> Listing:
        """A bracketed list, or a bracketed single value."""
        inner = (start + 1, end - 1)
        rows = self._split(*inner, re.compile(";"))
        if len(rows) > 1 and self.plain[start] == "[" and any(map(self._several, rows)):
            return tuple([self._row(*row, depth) for row in rows])
        parts = self._split(*inner, _separator(self.scope))
        if len(parts) > 1 or self._enclosed(*self._trimmed(*inner)):
            return tuple([self.listing(a, b, depth + 1, nested=True) for a, b in parts])
        if _SPACED.fullmatch(self.plain, *inner):
            return self._spaced(*inner)
        self._refuse_doubtful(*inner)
        return (self.listing(*inner, depth + 1, nested=True),)

    def _several(self, row: tuple[int, int]) -> bool:
        return bool(_SPACED.fullmatch(self.plain, *row)) or "," in self.plain[slice(*row)]

    def _row(self, start: int, end: int, depth: int) -> Listing:
        if _SPACED.fullmatch(self.plain, start, end):
            return self._spaced(start, end)
        parts = self._split(start, end, _separator(self.scope))
        return tuple([self.listing(a, b, depth + 1, nested=True) for a, b in parts])

    def _refuse_doubtful(self, start: int, end: int) -> None:
        """(24,32) where 24,32 is a number: two values or one?"""
        inside = self.plain[start:end]
        if self.scope.decimal_comma and "," in inside and _DECIMAL_COMMA.fullmatch(inside):
            raise Unreadable(
                f"{inside.strip()} may be one number or two: write {inside.strip().replace(',', '; ')}"
                " for two.",
                self.text,
                start,
            )

    def _spaced(self, start: int, end: int) -> Listing:
        found = re.finditer(r"\S+", self.plain[start:end])
        return tuple([self._expression(start + m.start(), start + m.end()) for m in found])

    def _by(self, start: int, end: int) -> Listing:
        return tuple([self._expression(a, b) for a, b in self._split(start, end, _BY)])

    def _matrix(self, matrix: re.Match[str]) -> Listing:
        rows = self._split(*matrix.span(2), re.compile(r"\\\\"))
        if len(rows) > 1 and not self.plain[slice(*rows[-1])].strip():
            rows.pop()
        return tuple(
            [
                tuple([self._expression(*cell) for cell in self._split(*row, re.compile("&"))])
                for row in rows
            ]
        )

    def _expression(self, start: int, end: int) -> Expression:
        self.items += 1
        if self.items > MAX_LIST_ITEMS:
            raise Unreadable(
                f"This list is too long: write at most {MAX_LIST_ITEMS} values.", self.text, start
            )
        start, end = self._trimmed(start, end)
        if self.scope.open and _PROSE.fullmatch(self.plain, start, end):
            self._refuse_prose(start, end)
        try:
            return read_formula(self.plain[start:end], self.scope)
        except Unreadable as error:
            raise Unreadable(error.message, self.text, start + error.position) from None

    def _refuse_prose(self, start: int, end: int) -> None:
        """Words between commas are no product of their letters."""
        known = SPELLINGS.keys() | GREEK_NAMES | {name for name, _ in self.scope.symbols}
        words = [word for word in self.plain[start:end].split() if word not in known]
        if sum(len(word) > 1 for word in words) > 1:
            raise Unreadable("This reads as words: write the values alone.", self.text, start)

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        piece = self.plain[start:end]
        return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())

    def _enclosed(self, start: int, end: int) -> bool:
        """Whether one pair of brackets holds all of plain[start:end]."""
        if end - start < 2 or _OPENERS.get(self.plain[start]) != self.plain[end - 1]:
            return False
        depth = 0
        for k in range(start, end):
            depth += (self.plain[k] in "([{") - (self.plain[k] in ")]}")
            if depth == 0:
                return k == end - 1
        return False

    def _split(self, start: int, end: int, separator: re.Pattern[str]) -> list[tuple[int, int]]:
        """The pieces between separators that stand outside brackets."""
        pieces, depth, k, last = [], 0, start, start
        while k < end:
            found = separator.match(self.plain, k, end) if depth == 0 else None
            if found and found.end() > k:
                pieces.append((last, k))
                k = last = found.end()
                continue
            depth += (self.plain[k] in "([{") - (self.plain[k] in ")]}")
            k += 1
        return [*pieces, (last, end)]


def _separator(scope: Scope) -> re.Pattern[str]:
    return re.compile(r";|,(?!\d)|(?<!\d)," if scope.decimal_comma else r"[,;]")

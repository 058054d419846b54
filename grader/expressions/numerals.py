"""Written numbers: digits, decimal mark, thousands, powers of ten, percent.

Whatever could be two numbers is asked back, never guessed: 1,000 (one, or a thousand?).
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from grader.expressions.functions import PERCENT_WORDS
from grader.expressions.glyphs import Glyphs, vulgar_fraction
from grader.expressions.limits import MAX_DIGITS
from grader.expressions.unreadable import Unreadable

_TAIL = r"(?:[eE]([+-]?\d+))?"
_GROUPED = re.compile(r"\d{1,3}(?:(?: \d{3})+(?!\d)|(?:_\d{3})+)(?:[.,]\d+)?")
_BOTH_COMMA = re.compile(r"\d{1,3}(?:,\d{3})+\.\d+")  # 1,000.99
_BOTH_POINT = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+")  # 1.000,99
_PLAIN = re.compile(rf"(\d*)(?:\.(\d*))?{_TAIL}")
_COMMA = re.compile(rf"(\d+)(?:(?:\{{,\}}|[.,])(\d+)|\.)?{_TAIL}|[.,](\d+)")
_COMMA_BETWEEN = re.compile(r"\d+(?:\{?,\}?\d+)+(?!\d)")
_LOOKS_LIKE_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\{?[,.]\}?\d{3})+(?![\d])")
_POINT_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?![\d.,])")
_BARE = re.compile(r"[0-9]+(?![0-9.,eE_%\\{½-¾⅐-⅞‰]|\s*(?:[0-9%‰\\]|p|\u2044))")
_PERMILLE = re.compile(r"\s*‰")
_PERCENT = re.compile(r"(?:\s|\\[,;: ])*\\?%")
_PERCENT_WORD = re.compile(r"\s*\\?(?:text\{)?\s*([a-z]+)\}?(?![A-Za-z0-9_])")


@dataclass(frozen=True, slots=True)
class Numeral:
    """The value, its canonical text (decimal point ".") and the end in the rewritten text."""

    value: Fraction
    text: str
    end: int


def starts_number(text: str, k: int) -> bool:
    """Whether a number begins at `k`."""
    c = text[k]
    return (
        ("0" <= c <= "9")
        or (c in ".," and text[k + 1 : k + 2].isdigit() and text[k + 1].isascii() and c == ".")
        or vulgar_fraction(c) is not None
    )


def bare_integer(text: str, k: int) -> int:
    """The end of a plain integer at `k` that nothing after it can change; 0 if it may be more."""
    found = _BARE.match(text, k)
    return found.end() if found and found.end() - k <= MAX_DIGITS else 0


def scan_number(
    glyphs: Glyphs, k: int, *, decimal_comma: bool, commas: str, e_is_name: bool
) -> Numeral:
    """Read the number at `k`.

    `commas` says in what the number stands: in a call's arguments ("call", "several") a comma ends
    the number, and among the entries of a list ("entries", "index") one that parts no thousands.
    `e_is_name`: the question declares e, so 2e-3 is asked back. Raises `Unreadable`.
    """
    text = glyphs.text
    if commas in {"entries", "index"} and not decimal_comma:
        _refuse_thousands(glyphs, k, _LOOKS_LIKE_THOUSANDS)
    separate = commas in {"call", "several"}
    digits, end = _digits(glyphs, k, decimal_comma, separate, commas in {"entries", "index"})
    if e_is_name and re.search("[eE]", digits):
        raise Unreadable(
            f"{digits} may be a power of ten or the name e: write 2*10^3 or 2*e + 3 in full.",
            glyphs.source,
            glyphs.origin(k),
        )
    value = _value(glyphs, k, digits) if digits else Fraction(0)
    part = vulgar_fraction(text[end]) if end < len(text) else None
    if part is not None and digits.replace("_", "").isdigit() | (not digits):
        return Numeral(value + Fraction(*part), digits + text[end], end + 1)
    return _with_percent(text, value, digits, end)


def _digits(
    glyphs: Glyphs, k: int, decimal_comma: bool, commas_separate: bool, listed: bool
) -> tuple[str, int]:
    """The canonical digits at `k` and where they end."""
    text = glyphs.text
    for pattern, mark in ((_GROUPED, ""), (_BOTH_COMMA, ","), (_BOTH_POINT, ".")):
        both = pattern.match(text, k)
        if (
            both
            and not (mark and commas_separate)
            and (decimal_comma or "," not in both[0] or mark)
        ):
            bare = re.sub("[ _]", "", both[0]) if not mark else both[0].replace(mark, "")
            return bare.replace(",", "."), both.end()
    if decimal_comma:
        _refuse_thousands(glyphs, k, _POINT_THOUSANDS)
        found = _COMMA.match(text, k)
    else:
        if not (commas_separate or listed):
            _refuse_commas(glyphs, k)
        found = _PLAIN.match(text, k)
    if found is None:
        return "", k
    written = found[0].replace("{,}", ".").replace(",", ".")  # LaTeX writes 3{,}14
    return ("0" if written.startswith(".") else "") + written.rstrip("."), found.end()


def _refuse_commas(glyphs: Glyphs, k: int) -> None:
    found = _COMMA_BETWEEN.match(glyphs.text, k)
    if found is None:
        return
    _refuse_thousands(glyphs, k, _LOOKS_LIKE_THOUSANDS)
    point = re.sub(r"\{?,\}?", ".", found[0], count=1)
    raise Unreadable(
        f"The comma in {found[0]} is not a decimal point here: write {point}, "
        "or put brackets around a list.",
        glyphs.source,
        glyphs.origin(k),
    )


def _refuse_thousands(glyphs: Glyphs, k: int, pattern: re.Pattern[str]) -> None:
    found = pattern.match(glyphs.text, k)
    if found:
        whole = re.sub(r"[{},.]", "", found[0])
        head, tail = re.split(r"[{},.]+", found[0])[:2]
        raise Unreadable(
            f"{found[0]} can be read in two ways: write {whole}, or {head}.{tail}0 for the decimal.",
            glyphs.source,
            glyphs.origin(k),
        )


def _value(glyphs: Glyphs, k: int, digits: str) -> Fraction:
    mantissa, _, power = digits.lower().partition("e")
    if len(mantissa) > MAX_DIGITS or len(power) > 5 or abs(int(power or 0)) > MAX_DIGITS:
        raise Unreadable(
            f"This number is too large: write at most {MAX_DIGITS} digits.",
            glyphs.source,
            glyphs.origin(k),
        )
    whole, _, decimals = mantissa.partition(".")
    unscaled, shift = int(whole + decimals or "0"), int(power or 0) - len(decimals)
    return Fraction(unscaled * 10**shift) if shift >= 0 else Fraction(unscaled, 10**-shift)


def _with_percent(text: str, value: Fraction, digits: str, end: int) -> Numeral:
    sign = _PERCENT.match(text, end)
    if sign is None and (permille := _PERMILLE.match(text, end)):
        return Numeral(value / 1000, digits + "‰", permille.end())
    if sign is None:
        word = _PERCENT_WORD.match(text, end)
        sign = word if word and word[1] in PERCENT_WORDS else None
    if sign is None:
        return Numeral(value, digits, end)
    return Numeral(value / 100, digits + "%", sign.end())

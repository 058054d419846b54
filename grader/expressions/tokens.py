"""The pieces a text is read into."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

TokenKind = Literal[
    "number", "symbol", "constant", "function", "operator", "relation",
    "open", "close", "brace", "unbrace", "bar", "comma", "semicolon", "colon",
    "frac", "root", "end",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """One piece; `start` and `end` are positions in the text as entered.

    `text` is the canonical name, the operator or the digits. `value` belongs to numbers,
    `meaning` and `base` to functions (`base` is that of a log with one, else 0). An unknown word
    that an open scope took for a symbol has the meaning `vocabulary.WORD`.
    """

    kind: TokenKind
    text: str
    start: int
    end: int
    value: Fraction = Fraction(0)
    meaning: str = ""
    base: int = 0

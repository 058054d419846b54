"""The pieces a text is read into."""

from fractions import Fraction
from typing import Literal, NamedTuple

TokenKind = Literal[
    "number", "symbol", "constant", "function", "operator", "relation", "setop",
    "open", "close", "brace", "unbrace", "bar", "norm", "comma", "semicolon", "colon",
    "frac", "root", "binom", "index", "prime", "binder", "differential", "differentiate",
    "begin", "finish", "cell", "row", "word", "end",
]  # fmt: skip

WORD = "word"
"""The meaning of a symbol that was invented for an unknown word."""
TRANSPOSE = "transpose"
"""The meaning of a symbol that, raised, can only be the sign of a transpose."""
NOTHING = Fraction(0)


class Token(NamedTuple):
    """One piece; `start` and `end` are positions in the text as entered.

    `text` is the canonical name, the operator or the digits. `value` belongs to numbers,
    `meaning` and `base` to functions (`base` is that of a log, or of a number not in base ten, else 0); a symbol's meaning
    is "", `WORD` or `TRANSPOSE`. A tuple, since many thousands are made a second.
    """

    kind: TokenKind
    text: str
    start: int
    end: int
    value: Fraction = NOTHING
    meaning: str = ""
    base: int = 0

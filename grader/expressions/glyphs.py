"""Unicode notation rewritten as plain characters, each remembering where it came from."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from grader.expressions.limits import MAX_CHARACTERS
from grader.expressions.unreadable import Unreadable

GREEK: dict[str, str] = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon",
    "ζ": "zeta", "η": "eta", "θ": "theta", "ϑ": "theta", "ι": "iota", "κ": "kappa",
    "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma",
    "ς": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi",
    "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi",
    "Π": "Pi", "Σ": "Sigma", "Υ": "Upsilon", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}  # fmt: skip
GREEK_NAMES = frozenset(GREEK.values()) | {"varepsilon", "vartheta", "varphi"}

ACCENTS: dict[str, str] = {
    "\u0302": "hat",
    "\u0304": "bar",
    "\u0305": "bar",
    "\u0303": "tilde",
    "\u0307": "dot",
}

_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱˣʲᵏᵐᵗᵀ", "0123456789+-()nixjkmtT", strict=True))
_SUBSCRIPTS = dict(
    zip("₀₁₂₃₄₅₆₇₈₉₊₋ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789+-aehijklmnoprstuvx", strict=True)
)
_SIMPLE: dict[str, str] = {
    **dict.fromkeys("−–—‐‑﹣－", "-"),
    **dict.fromkeys("·×⋅∙•∗＊✕⨯", "*"),
    **dict.fromkeys("÷∕⁄／", "/"),
    **dict.fromkeys("≈≃≅＝←", "="),
    **dict(zip("０１２３４５６７８９", "0123456789", strict=True)),
    **dict.fromkeys("\u00a0\u202f\u205f\u3000\t\n\r", " "),
    **{chr(code): " " for code in range(0x2000, 0x200B)},
    **{chr(code): "" for code in range(0xFE00, 0xFE10)},  # how a sign is to look
    "\u2062": " * ", "\u2063": ",",
    "＋": "+", "≤": "<=", "≥": ">=", "⩽": "<=", "⩾": ">=", "≠": "!=", "∶": ":",
    "∞": " inf ", "∣": "|", "∥": "‖", "（": "(", "）": ")", "，": ",", "。": ".", "％": "%",
    "∊": "∈", "〈": "⟨", "〉": "⟩", "º": "°", "⊤": "\\top ",
    "𝔼": "E", "ℙ": "P", "𝟙": "\\mathbb{1}", "𝟏": "\\mathbb{1}", "ℝ": "R", "∖": "\\setminus ",
    "\u2126": "Ω", "\u00b5": "μ", "𝜎": "σ", "ℯ": "e", "′": "'",
}  # fmt: skip


_LINES = frozenset("\t\n\r")
_APPLIED, _PLUS = "\u2061", "\u2064"
_ESCAPES = {"\a": "\\a", "\b": "\\b", "\v": "\\v", "\f": "\\f"}
"""What a program's quotation marks make of \\alpha, \\beta, \\vec and \\frac; nobody types these characters."""
_REWRITTEN = _LINES | _ESCAPES.keys()


@dataclass(frozen=True, slots=True)
class Glyphs:
    """`text` after rewriting; `origins[k]` is the index in `source` that `text[k]` came from."""

    source: str
    text: str
    origins: Sequence[int]

    def origin(self, k: int) -> int:
        """Where in the source position `k` is; the end when past the last character."""
        return self.origins[k] if k < len(self.origins) else len(self.source)


def rewrite(source: str) -> Glyphs:
    """Turn superscripts into ^(...), subscripts into _{...}, look-alikes into ASCII.

    Greek letters stay single characters (the reader names them), fractions such as ½ stay too.
    Raises `Unreadable` when the text is longer than the limit.
    """
    if len(source) > MAX_CHARACTERS:
        raise Unreadable(
            f"This is too long: write at most {MAX_CHARACTERS} characters.", source, MAX_CHARACTERS
        )
    if source.isascii() and _REWRITTEN.isdisjoint(source):
        return Glyphs(source, source, range(len(source)))
    pieces: list[str] = []
    origins: list[int] = []
    k = 0
    while k < len(source):
        written, end = _one(source, k)
        pieces.append(written)
        origins.extend([k] * len(written))
        k = end
    return Glyphs(source, "".join(pieces), tuple(origins))


def _one(source: str, k: int) -> tuple[str, int]:
    """The rewriting of the character, or run of raised or lowered ones, at `k`, and its end."""
    c = source[k]
    if c < "\x7f" and c not in _LINES:
        return _unescaped(source, k)
    for table, opening, closing in ((_SUPERSCRIPTS, "^(", ")"), (_SUBSCRIPTS, "_{", "}")):
        if c in table:
            end = k
            while end < len(source) and source[end] in table:
                end += 1
            return opening + "".join(table[s] for s in source[k:end]) + closing, end
    if c in _SIMPLE:
        return _SIMPLE[c], k + 1
    if unicodedata.category(c) == "Cf":
        return _unseen(source, k), k + 1
    apart = unicodedata.normalize("NFD", c)
    if len(apart) == 2 and apart[1] in ACCENTS:
        return apart, k + 1
    return c, k + 1


def _unescaped(source: str, k: int) -> tuple[str, int]:
    """The character at `k`, or the beginning of a command that an escape sequence took the place of."""
    start = k + (source[k] == "\\")
    command = _ESCAPES.get(source[start : start + 1])
    if command and source[start + 1 : start + 2].isalpha():
        return command, start + 1
    return source[k], k + 1


def _unseen(source: str, k: int) -> str:
    """What a formatting character at `k` stands for: a sign that is only thought, or nothing at all."""
    after = source[k + 1 : k + 2]
    if source[k] == _APPLIED:
        return "" if after in "([{" else " "
    if source[k] == _PLUS:
        mixed = source[k - 1 : k].isdigit() and unicodedata.category(after or " ") in {"Nd", "No"}
        return "+" if not mixed else " " if after.isdecimal() else ""
    return ""


def vulgar_fraction(c: str) -> tuple[int, int] | None:
    """(numerator, denominator) of a character such as ½, else None."""
    if c < "\x7f" or unicodedata.category(c) != "No":
        return None
    top, slash, bottom = unicodedata.normalize("NFKC", c).partition("⁄")
    return (int(top), int(bottom)) if slash and top.isdigit() and bottom.isdigit() else None

"""What reading a text piece by piece shares: the state, numbers and declared notations."""

import re
from fractions import Fraction
from functools import lru_cache

from grader.expressions.binding import bound_names
from grader.expressions.glyphs import Glyphs, rewrite
from grader.expressions.names import fold
from grader.expressions.numerals import Numeral, bare_integer, scan_number
from grader.expressions.partials import POSSIBLE
from grader.expressions.scope import Scope
from grader.expressions.tokens import NOTHING, Token, TokenKind
from grader.expressions.unreadable import Unreadable
from grader.expressions.vocabulary import Meaning, Vocabulary, vocabulary

_BASE = re.compile(r"_(?:\{\s*(\d\d?)\s*\}|(\d\d?)(?![\w{]))")
_ONE_OF = re.compile(r"1(?=_(?:\{[^{}]*(?:[<>=∈]|\\(?:[lg]eq?|ne|in)(?![a-z]))))")


class Scanner:
    """A text under a scope, and the tokens found in it so far."""

    def __init__(self, source: str, scope: Scope) -> None:
        self.glyphs: Glyphs = rewrite(source)
        self.text = self.glyphs.text
        self.origins = self.glyphs.origins
        self.scope = scope
        self.bound = bound_names(self.text)
        self.words: Vocabulary = vocabulary(scope, self.bound)
        self.lent = set(self.bound)
        if self.lent:
            declared = {fold(name) for name in self.words.declared}
            self.lent = {name for name in self.lent if fold(name) not in declared}
        self.found: list[Token] = []
        self.brackets: list[str] = []  # what each open bracket holds: see `_holds`
        self.single_digits = 0  # arguments still owed to \frac, as in \frac12
        self.derivatives = _may_derive(self.text) and POSSIBLE.search(self.text) is not None
        self.closing = -1  # where the brace is that ends a fraction read as a derivative
        self.integrals = 0  # open integrals, each waiting for its dx
        self.environments = 0
        self.bars = 0

    def fail(self, message: str, k: int) -> Unreadable:
        """An `Unreadable` at position `k` of the rewritten text."""
        return Unreadable(message, self.glyphs.source, self.glyphs.origin(k))

    def add(
        self, kind: TokenKind, text: str, start: int, end: int, value: Fraction = NOTHING
    ) -> int:
        origins = self.origins
        self.found.append(Token(kind, text, origins[start], origins[end - 1] + 1, value))
        return end

    def named(self, meaning: Meaning, k: int, end: int) -> int:
        start, last = self.origins[k], self.origins[end - 1] + 1
        self.found.append(
            Token(meaning.kind, meaning.name, start, last, NOTHING, meaning.builtin, meaning.base)
        )
        return end

    def number(self, k: int) -> int:
        text = self.text
        if self.single_digits and text[k].isdigit():
            self.single_digits -= 1
            return self.add("number", text[k], k, k + 1, _whole(text[k]))
        if self.found and self.found[-1].kind == "index" and text[k].isdigit():
            return self.add("number", text[k], k, k + 1, _whole(text[k]))  # TeX lowers one digit
        if text[k] == "1" and _ONE_OF.match(text, k):
            return self.named(Meaning("function", "indicator", "indicator"), k, k + 1)
        holds = self.brackets[-1] if self.brackets else "plain"
        whole = bare_integer(text, k)
        if whole:
            return self.add("number", text[k:whole], k, whole, _whole(text[k:whole]))
        numeral = scan_number(
            self.glyphs,
            k,
            decimal_comma=self.scope.decimal_comma and holds != "several",
            commas=holds,
            e_is_name="e" in self.words.known,
        )
        if text[numeral.end : numeral.end + 1] == "_":
            return self._based(numeral, k)
        return self.add("number", numeral.text, k, numeral.end, numeral.value)

    def _based(self, numeral: Numeral, k: int) -> int:
        """1101_2: digits in another base than ten."""
        found = _BASE.match(self.text, numeral.end)
        if found is None or not (numeral.text.isascii() and numeral.text.isdigit()):
            raise self.fail("A number has no index: write the number alone.", numeral.end)
        base = int(found[1] or found[2])
        if base < 2 or any(int(digit) >= base for digit in numeral.text):
            raise self.fail(f"In base {base} this is no number: write its digits.", numeral.end)
        end = self.add("number", numeral.text, k, found.end(), numeral.value)
        self.found[-1] = self.found[-1]._replace(base=base)
        return end

    def notation(self, k: int) -> int:
        """A declared notation such as b^{[1]}_2 at `k`; 0 if there is none."""
        for notation, meaning in self.words.notations:
            end = _match_loosely(self.text, k, notation)
            if end:
                return self.named(meaning, k, end)
        return 0

    def unknown_name(self, name: str) -> str:
        shown = sorted(self.words.declared)
        if not shown:
            return f"{name} is not a name in this question: write numbers."
        return f"{name} is not a name in this question: use {', '.join(shown)}."


@lru_cache(maxsize=1_024)
def _whole(digits: str) -> Fraction:
    return Fraction(int(digits))


def _match_loosely(text: str, k: int, notation: str) -> int:
    """Where `notation` ends when `text` has it at `k`, braces and spaces aside; 0 if it has not."""
    depth = 0
    for wanted in notation:
        while text[k : k + 1] in ("{", "}", " "):
            depth += {"{": 1, "}": -1}.get(text[k], 0)
            if depth < 0:
                return 0
            k += 1
        if text[k : k + 1] != wanted:
            return 0
        k += 1
    while depth > 0 and text[k : k + 1] == "}":
        depth, k = depth - 1, k + 1
    goes_on = notation[-1].isalnum() and text[k : k + 1].isalnum()
    return k if depth == 0 and not goes_on else 0


def _may_derive(text: str) -> bool:
    """Whether it is worth a closer look for a derivative: most texts hold neither d nor a command."""
    return "d" in text or "\\" in text or not text.isascii()

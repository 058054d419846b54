"""Text to tokens: plain, LaTeX and unicode notation in one pass."""

import re
from fractions import Fraction

from grader.expressions.functions import SPELLINGS
from grader.expressions.glyphs import Glyphs, rewrite
from grader.expressions.names import BadIndex, Unit, fold, scan_word
from grader.expressions.numerals import scan_number, starts_number
from grader.expressions.partials import Partial, scan_partial
from grader.expressions.scope import Scope
from grader.expressions.tokens import Token, TokenKind
from grader.expressions.unreadable import Unreadable
from grader.expressions.vocabulary import Meaning, vocabulary

_SPACING = re.compile(
    r"\s+|\$|~|\\[,;:! ]|\\(?:left|right|[bB]igg?[lr]?|displaystyle|limits|quad|qquad|boxed|,)"
    r"(?![A-Za-z])\.?|\\[()\[\]]"
)
_COMMAND = re.compile(r"\\([A-Za-z]+|[{}|%])")
_NORM_INDEX = re.compile(r"_\{?[12]\}?(?![0-9])")  # of a number, every norm is its absolute value
_LETTERS = re.compile(r"[A-Za-z]+")
_SYMBOLS = re.compile(r"\*\*|=/=|<=|>=|!=|==|:=|=<|=>|[-+*/^!<>=()\[\]{}|,;:&√~]")

_TOKENS: dict[str, tuple[TokenKind, str]] = {
    **{c: ("operator", c) for c in "+-*/^!"},
    "**": ("operator", "^"),
    **{c: ("relation", c) for c in ("=", "<", ">", "<=", ">=", "!=")},
    "==": ("relation", "="), ":=": ("relation", "="), "=/=": ("relation", "!="),
    "=<": ("relation", "<="), "=>": ("relation", ">="), "~": ("relation", "="),
    "(": ("open", "("), "[": ("open", "["), ")": ("close", ")"), "]": ("close", "]"),
    "{": ("brace", "{"), "}": ("unbrace", "}"), "|": ("bar", "|"),
    ",": ("comma", ","), ";": ("semicolon", ";"), ":": ("colon", ":"), "√": ("root", "√"),
}  # fmt: skip
_COMMANDS: dict[str, tuple[TokenKind, str]] = {
    **dict.fromkeys(("cdot", "times", "ast"), ("operator", "*")),
    "div": ("operator", "/"),
    **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac"), ("frac", "frac")),
    "sqrt": ("root", "sqrt"),
    **dict.fromkeys(("le", "leq", "leqslant"), ("relation", "<=")),
    **dict.fromkeys(("ge", "geq", "geqslant"), ("relation", ">=")),
    **dict.fromkeys(("approx", "simeq", "coloneqq", "leftarrow", "gets"), ("relation", "=")),
    **dict.fromkeys(("ne", "neq"), ("relation", "!=")),
    "lt": ("relation", "<"), "gt": ("relation", ">"), "colon": ("colon", ":"),
    **dict.fromkeys(("vert", "lvert", "rvert", "mid", "|", "Vert", "lVert", "rVert"), ("bar", "|")),
    "infty": ("constant", "inf"),
}  # fmt: skip
_SEVERAL = frozenset({"max", "min", "diff"})
_TEACHABLE = {
    **dict.fromkeys(("sum", "prod", "int", "lim"), "cannot be read yet; write the terms out"),
    "pm": "stands for two values; write each value",
    "mp": "stands for two values; write each value",
}


class Lexer:
    """Reads one text under one scope; `tokens()` gives the pieces with an end mark."""

    def __init__(self, source: str, scope: Scope) -> None:
        self.glyphs: Glyphs = rewrite(source)
        self.text = self.glyphs.text
        self.scope = scope
        self.words = vocabulary(scope)
        self.found: list[Token] = []
        self.brackets: list[bool] = []  # for each open bracket, whether it holds a call's arguments
        self.listing: list[bool] = []  # and whether a comma between digits parts two of them
        self.single_digits = 0  # arguments still owed to \frac, as in \frac12

    def tokens(self) -> tuple[Token, ...]:
        """All tokens. Raises `Unreadable` at the first piece that is nothing known."""
        k = 0
        while k < len(self.text):
            k = self._step(k)
        self.found.append(Token("end", "", len(self.glyphs.source), len(self.glyphs.source)))
        return tuple(self.found)

    def fail(self, message: str, k: int) -> Unreadable:
        """An `Unreadable` at position `k` of the rewritten text."""
        return Unreadable(message, self.glyphs.source, self.glyphs.origin(k))

    def _add(self, kind: TokenKind, text: str, start: int, end: int) -> int:
        last = self.glyphs.origin(end - 1) + 1
        self.found.append(Token(kind, text, self.glyphs.origin(start), last))
        return end

    def _step(self, k: int) -> int:
        """Read one piece at `k`; the position after it."""
        spacing = _SPACING.match(self.text, k)
        if spacing and not (spacing[0] == "~" and not self.found):
            return spacing.end()
        if starts_number(self.text, k):
            return self._number(k)
        named = self._notation(k) or self._derivative(k) or self._word(k)
        if named:
            return named
        if self.text[k] == "\\":
            return self._command(k)
        symbol = _SYMBOLS.match(self.text, k)
        if symbol is None or symbol[0] not in _TOKENS:
            raise self.fail(_unknown(self.text[k]), k)
        return self._symbol(symbol[0], k)

    def _symbol(self, written: str, k: int) -> int:
        kind, text = _TOKENS[written]
        if kind in {"open", "brace"}:
            before = self.found[-1] if self.found else None
            function = before if before and before.kind == "function" and kind == "open" else None
            self.brackets.append(function is not None)
            self.listing.append(function is not None and self._lists(function, k))
        elif kind in {"close", "unbrace"} and self.brackets:
            self.brackets.pop()
            self.listing.pop()
        if kind == "brace":
            self.single_digits = 0
        return self._after_bar(self._add(kind, text, k, k + len(written)))

    def _lists(self, function: Token, k: int) -> bool:
        """Whether max(0,1-x) has two arguments where 0,1 could be a number: unless ; or a blank parts them."""
        inside = self.text[k + 1 :].partition(")")[0]
        return function.meaning in _SEVERAL and not re.search(r";|,\s", inside)

    def _after_bar(self, k: int) -> int:
        """The position after a norm's index, as in |x|_2."""
        index = _NORM_INDEX.match(self.text, k) if self.found[-1].kind == "bar" else None
        return index.end() if index else k

    def _number(self, k: int) -> int:
        if self.single_digits and self.text[k].isdigit():
            self.single_digits -= 1
            digit = self.text[k]
            return self._token_number(Fraction(int(digit)), digit, k, k + 1)
        numeral = scan_number(
            self.glyphs,
            k,
            decimal_comma=self.scope.decimal_comma and not (self.listing and self.listing[-1]),
            commas_separate=bool(self.brackets) and self.brackets[-1],
            e_is_name="e" in self.words.known,
        )
        if self.text[numeral.end : numeral.end + 1] == "_":
            raise self.fail("A number has no index: write the number alone.", numeral.end)
        return self._token_number(numeral.value, numeral.text, k, numeral.end)

    def _token_number(self, value: Fraction, text: str, k: int, end: int) -> int:
        start, last = self.glyphs.origin(k), self.glyphs.origin(end - 1) + 1
        self.found.append(Token("number", text, start, last, value))
        return end

    def _notation(self, k: int) -> int:
        """A declared notation such as b^{[1]}_2 at `k`; 0 if there is none."""
        for notation, meaning in self.words.notations:
            end = _match_loosely(self.text, k, notation)
            if end:
                return self._named(meaning, k, end)
        return 0

    def _derivative(self, k: int) -> int:
        """∂e/∂g at `k` as the one name de_dg; 0 if there is none."""
        if self.text[k] not in "∂d\\":
            return 0
        try:
            partial = scan_partial(self.text, k)
        except BadIndex as error:
            raise self._bad_index(error) from None
        if partial is None:
            return 0
        meaning = self._partial_meaning(partial)
        return self._named(meaning, k, partial.end) if meaning else 0

    def _partial_meaning(self, partial: Partial) -> Meaning | None:
        meaning = self.words.known.get(fold(partial.name))
        if meaning is None and self.scope.open:
            plain = any(fold(part) in self.words.known for part in partial.parts)
            meaning = None if plain and not partial.certain else Meaning("symbol", partial.name)
        if meaning is None and partial.certain:
            raise self.fail(self._unknown_name(partial.name), partial.start)
        return meaning

    def _word(self, k: int) -> int:
        try:
            units = scan_word(self.text, k)
        except BadIndex as error:
            raise self._bad_index(error) from None
        letters = _LETTERS.match(self.text, k)
        if letters and units and self._is_function_before_digits(letters, units):
            return self._named(
                Meaning("function", letters[0], SPELLINGS[letters[0]]), k, letters.end()
            )
        if not units or self._is_operator_command(units):
            return 0
        end = units[-1].end
        called = self.text[end : end + 1] == "(" or self.text[end : end + 6] == "\\left("
        parts = self.words.split(units, called)
        if parts is None:
            raise self.fail(self._unknown_name(self.text[k:end]), k)
        for piece, meaning in parts:
            self._named(meaning, piece[0].start, piece[-1].end)
        return end

    def _is_function_before_digits(self, letters: re.Match[str], units: list[Unit]) -> bool:
        """sin2x is sin(2x), unless sin2 is itself a name."""
        after = self.text[letters.end() : letters.end() + 1]
        if letters[0] not in SPELLINGS or not after.isdigit():
            return False
        return self.words.find([unit for unit in units if unit.start < letters.end()]) is None

    def _is_operator_command(self, units: list[Unit]) -> bool:
        return self.text[units[0].start] == "\\" and units[0].base == ""

    def _named(self, meaning: Meaning, k: int, end: int) -> int:
        last = self.glyphs.origin(end - 1) + 1
        start = self.glyphs.origin(k)
        self.found.append(
            Token(
                meaning.kind,
                meaning.name,
                start,
                last,
                meaning=meaning.builtin,
                base=meaning.base,
            )
        )
        return end

    def _command(self, k: int) -> int:
        command = _COMMAND.match(self.text, k)
        if command is None:
            raise self.fail("A backslash starts nothing known here: write the formula plainly.", k)
        word = command[1]
        if word in _COMMANDS:
            kind, text = _COMMANDS[word]
            self.single_digits = 2 if kind == "frac" else 0
            return self._after_bar(self._add(kind, text, k, command.end()))
        if word in SPELLINGS:
            return self._named(Meaning("function", word, SPELLINGS[word]), k, command.end())
        if word in {"{", "}"}:
            raise self.fail("A set is not one expression here: write a single value.", k)
        reason = _TEACHABLE.get(word, "is not known here; write it plainly")
        raise self.fail(f"\\{word} {reason}.", k)

    def _bad_index(self, error: BadIndex) -> Unreadable:
        return self.fail("Write an index as a name or a number, such as x_1.", int(error.args[0]))

    def _unknown_name(self, name: str) -> str:
        shown = sorted(self.words.declared)
        if not shown:
            return f"{name} is not a name in this question: write numbers."
        return f"{name} is not a name in this question: use {', '.join(shown)}."


def _match_loosely(text: str, k: int, notation: str) -> int:
    """Where `notation` ends when `text` has it at `k`, braces and spaces aside; 0 if it has not."""
    depth = 0
    for wanted in notation:
        while text[k : k + 1] in ("{", "}", " "):
            depth += {"{": 1, "}": -1}.get(text[k], 0)
            k += 1
        if text[k : k + 1] != wanted:
            return 0
        k += 1
    while depth > 0 and text[k : k + 1] == "}":
        depth, k = depth - 1, k + 1
    goes_on = notation[-1].isalnum() and text[k : k + 1].isalnum()
    return k if depth == 0 and not goes_on else 0


def _unknown(c: str) -> str:
    special = {
        "±": "± stands for two values: write each value.",
        "∑": "Sums with ∑ cannot be read yet: write the terms out.",
        "∂": "A derivative is written ∂e/∂g, with a name after each ∂.",
        "%": "A percent sign follows a number: write 50%.",
        "°": "Degrees are not read here: write the angle in radians.",
        "'": "A prime is not read here: write the derivative as de/dg.",
        '"': "Quotation marks are not mathematics: write the formula alone.",
    }
    shown = c if c.isprintable() else f"U+{ord(c):04X}"
    return special.get(c, f"The character {shown} means nothing here: write plain mathematics.")

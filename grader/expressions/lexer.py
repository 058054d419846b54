"""Text to tokens: plain, LaTeX and unicode notation in one pass."""

import re
from fractions import Fraction

from grader.expressions.commands import (
    BINDERS,
    COMMAND,
    COMMANDS,
    IN_TEXT,
    SIGN,
    SIGNS,
    WORDS,
    unknown_command,
    unknown_sign,
)
from grader.expressions.functions import CALLED, SPELLINGS
from grader.expressions.numerals import starts_number
from grader.expressions.tokens import TRANSPOSE, Token, TokenKind
from grader.expressions.vocabulary import Meaning
from grader.expressions.words import Words

_SPACING = re.compile(
    r"\s+|~|\\[,;:! $]"
    r"|\\(?:left|right|middle|[bB]igg?[lr]?|displaystyle|limits|quad|qquad|boxed|,)(?![A-Za-z])\.?"
    r"|\\[()\[\]]"
)
_NORM_INDEX = re.compile(r"_\{?[12]\}?(?![0-9])")  # of a number, every norm is its absolute value
_NORM = re.compile(r"\|\|(?=[^|]+\|\|)")
_COMMANDED = re.compile(
    r"\\(?:arg\s*\\|arg|(?:operatorname|mathop|mathrm|text)\*?\s*\{\s*arg(?:\\[,;]|\s)*)(max|min)\s*\}?"
    r"|\\(max|min)(?=\s*(?:\\limits\s*)?_)"
)
_OPENS_CALL = re.compile(r"\s*(?:\\(?:left|[bB]igg?l?)\s*)?[(\[]")
_PARTING = re.compile(r"[(\[{)\]};]|,(?=\s)")
_TEXT = re.compile(r"\\(?:text|textrm|mathrm|mbox)\s*\{\s*([A-Za-zü ]+?)[\s,]*\}")
_BEGIN = re.compile(r"\\begin\s*\{([A-Za-z]+)\*?\}(?:\s*\{[lcr|\s]*\})?|\\end\s*\{([A-Za-z]+)\*?\}")
_ENDS_CELL = re.compile(r"[,.;]\s*(?:&|\\\\|\\end)")
_ROW = re.compile(r"\\\\(?:\s*\[[^\]\\]*\])?")
_INDICATOR = re.compile(
    r"\\math(?:bb|bf|bbm|ds)\s*\{?\s*1\s*\}?(?=\s*(?:\\left\s*)?(?:[_\[(]|\\\{))"
)
_UPRIGHT_NUMBER = re.compile(
    r"\\(?:math(?:rm|bf|it|sf)|boldsymbol|bm|text(?:rm|bf|it)?)\s*\{\s*(\d{1,15})\s*\}(?!\s*[\d_])"
)
_TRANSPOSE = re.compile(r"\\(?:top|intercal|mathsf\s*\{?\s*T\s*\}?)(?![A-Za-z])")
_DEGREES = re.compile(r"\^\s*(?:\{\s*\\circ\s*\}|\(\s*\\circ\s*\)|\\circ(?![A-Za-z]))")
_PRIMES = re.compile(r"\^\s*(?:\{\s*(?:\\prime\s*)+\}|\\prime(?![A-Za-z]))")
_ENTRY = r"[-+]?(?:\d+(?:\.\d+)?|\.\d+)"
_ROWS = re.compile(rf"\[\s*{_ENTRY}(?:\s+{_ENTRY})*(?:\s*;\s*{_ENTRY}(?:\s+{_ENTRY})*)*\s*\]")
_SEVERAL = frozenset({"max", "min", "diff", "sum", "product", "integral"})
_PLAIN_BEFORE = frozenset({"frac", "root", "binom", "unbrace"})
_BLANKS = frozenset(" $")
_MAY_SPACE = frozenset("\\~")
_PLAIN_SIGNS = frozenset("+-/(){}[],;")
_ARITHMETIC = frozenset("+-/")
_OTHER_SIGNS = frozenset("*^=<>|:'!&_")  # no name begins with one
_OPERATES = frozenset(word[0] for word in (*WORDS, *BINDERS, "in"))


class Lexer(Words):
    """Reads one text under one scope; `tokens()` gives the pieces with an end mark."""

    def tokens(self) -> tuple[Token, ...]:
        """All tokens. Raises `Unreadable` at the first piece that is nothing known."""
        text, end, k = self.text, len(self.text), 0
        while k < end:
            c = text[k]
            k = k + 1 if c in _BLANKS else self._step(c, k)
        source = len(self.glyphs.source)
        self.found.append(Token("end", "", source, source))
        return tuple(self.found)

    def _step(self, c: str, k: int) -> int:
        """Read one piece at `k`; the position after it."""
        if "0" <= c <= "9":
            return self.number(k)
        if c in _PLAIN_SIGNS:
            if self.words.notations and (end := self.notation(k)):
                return end
            if c in _ARITHMETIC:
                return self.add("operator", c, k, k + 1)
            return self._symbol(*SIGNS[c], k, k + 1)
        if c in _OTHER_SIGNS and not self.words.notations:
            return self._sign(c, k)
        if c in _MAY_SPACE or c.isspace():
            spacing = _SPACING.match(self.text, k)
            if spacing and not (c == "~" and (not self.found or "index" in self.brackets[-1:])):
                return spacing.end()
        elif (c == "." or c > "\x7f") and starts_number(self.text, k):
            return self.number(k)
        named = (
            (self.words.notations and self.notation(k))
            or (c == "\\" and self._special(k))
            or (self.derivatives and c in "∂d\\∇" and self.derivative(k))
            or (c in _OPERATES and self.operator(c, k))
            or self.word(k)
        )
        if named:
            return named
        return self._command(k) if c == "\\" else self._sign(c, k)

    def _sign(self, c: str, k: int) -> int:
        if c == "^" and (degrees := _DEGREES.match(self.text, k)):
            return self.add("operator", "°", k, degrees.end())
        if c == "^" and self.found and (primes := _PRIMES.match(self.text, k)):
            return self.primed("'" * primes[0].count("prime"), k, primes.end())
        if c == "|" and self.text.startswith("||", k) and (end := self._double_bar(k)):
            return end
        if c == "'" and self.found:
            return self.prime(k)
        sign = SIGN.match(self.text, k)
        if sign is None or sign[0] not in SIGNS:
            return self._separator(c, k)
        kind, text = SIGNS[sign[0]]
        self.bars += c == "|"
        return self._symbol(kind, text, k, sign.end())

    def _double_bar(self, k: int) -> int:
        """||x||: a norm, unless the bars close and open absolute values as in |x||y|; then 0."""
        last = next((t for t in reversed(self.found) if t.kind in {"bar", "norm"}), None)
        closes = last is not None and last.meaning == "||"
        if not closes and (self.bars % 2 or _NORM.match(self.text, k) is None):
            return 0
        end = self.add("norm", "‖", k, k + 2)
        if not closes:
            self.found[-1] = self.found[-1]._replace(meaning="||")
        return end

    def _separator(self, c: str, k: int) -> int:
        """The & between the columns of a matrix, and a full stop at the end of a row."""
        if c == "&" and self.environments:
            return self.add("cell", "&", k, k + 1)
        if c == "." and self.environments and _ENDS_CELL.match(self.text, k):
            return k + 1
        raise self.fail(unknown_sign(c), k)

    def _symbol(self, kind: TokenKind, text: str, k: int, end: int) -> int:
        if kind in {"open", "brace"}:
            if text == "[" and (rows := _ROWS.match(self.text, k)) and self._is_spaced(rows[0]):
                return self._spaced(k, rows.end())
            self.brackets.append(self._holds(kind, k))
        elif kind in {"close", "unbrace"}:
            if k == self.closing:
                return end
            if self.brackets:
                self.brackets.pop()
        elif kind == "comma":
            if self.environments and _ENDS_CELL.match(self.text, k):
                return end
            self._refuse_two_commas(k)
        if kind == "brace":
            self.single_digits = 0
        self.add(kind, text, k, end)
        return self._after_bar(end) if kind == "bar" else end

    def _holds(self, kind: TokenKind, k: int) -> str:
        """What a bracket at `k` holds: a call's arguments, entries, an index, or just one expression.

        In max(0,1-x), "several", a comma parts arguments even where 0,1 is a number.
        """
        before = self.found[-1] if self.found else None
        if before is None:
            return "entries"
        if before.kind == "function" and kind == "open":
            listed = self.scope.decimal_comma and before.meaning in _SEVERAL
            return "several" if listed and not _is_parted(self.text, k) else "call"
        if before.kind == "index":
            return "index"
        plain = kind == "brace" and (before.kind in _PLAIN_BEFORE or before.text == "^")
        return "plain" if plain else "entries"

    def _is_spaced(self, rows: str) -> bool:
        """Whether [24 32] or [1 2; 3 4] holds numbers with blanks between."""
        if ";" in rows:
            return re.search(r"[\d.]\s+[-+.\d]", rows) is not None
        grouped = re.fullmatch(r"\[\s*\d{1,3}(?: \d{3})+\s*\]", rows)
        return (
            not grouped
            and re.search(r"\d\s+[\d.]", rows) is not None
            and not re.search("[-+]", rows)
        )

    def _spaced(self, k: int, end: int) -> int:
        """The tokens of such a row, with a comma for every blank."""
        self.add("open", "[", k, k + 1)
        for piece in re.finditer(r"[-+]|[\d.]+|(?<=\d)\s+(?=[-+.\d])|;", self.text[k:end]):
            start, stop = k + piece.start(), k + piece.end()
            if piece[0][0] in "+-":
                self.add("operator", piece[0], start, stop)
            elif piece[0] == ";":
                self.add("semicolon", ";", start, stop)
            elif piece[0].isspace():
                self.add("comma", ",", start, stop)
            else:
                self.number(start)
        return self.add("close", "]", end - 1, end)

    def _refuse_two_commas(self, k: int) -> None:
        """In a comma locale 1,2,3 is 1.2 and 3, or three values: asked back."""
        last = self.found[-1] if self.found else None
        adjacent = self.text[k - 1 : k].isdigit() and self.text[k + 1 : k + 2].isdigit()
        listed = bool(self.brackets) and self.brackets[-1] == "entries"
        if self.scope.decimal_comma and listed and adjacent and last and last.kind == "number":
            raise self.fail("These commas can be read in two ways: write ; between values.", k)

    def _after_bar(self, k: int) -> int:
        """The position after a norm's index, as in |x|_2."""
        index = _NORM_INDEX.match(self.text, k)
        return index.end() if index else k

    def _command(self, k: int) -> int:
        command = COMMAND.match(self.text, k)
        if command is None:
            raise self.fail("A backslash starts nothing known here: write the formula plainly.", k)
        word = command[1]
        if word in COMMANDS:
            kind, text = COMMANDS[word]
            self.single_digits = 2 if kind in {"frac", "binom"} else 0
            if kind == "binder":
                self.integrals += text == "integral"
            return self._symbol(kind, text, k, command.end())
        meaning = SPELLINGS.get(word) or CALLED.get(word)
        if meaning:
            name = word if word in SPELLINGS else meaning
            return self.named(Meaning("function", name, meaning), k, command.end())
        raise self.fail(unknown_command(word), k)

    def _special(self, k: int) -> int:
        r"""\begin, \end, \\, \argmax, \text{if}, \mathbb{1} and \top at `k`; 0 if none of them is there."""
        text = self.text
        if text.startswith("\\\\", k):
            if self.environments:
                row = _ROW.match(text, k)
                return self.add("row", "\\\\", k, row.end() if row else k + 2)
            return k + 1 if text[k + 2 : k + 3].isalpha() else 0  # written for a program: \\frac
        if environment := _BEGIN.match(text, k):
            begins = environment[1] is not None
            self.environments += 1 if begins else -1
            kind: TokenKind = "begin" if begins else "finish"
            return self.add(kind, environment[1] or environment[2], k, environment.end())
        if bound := _COMMANDED.match(text, k):
            return self._commanded(bound, k)
        if indicator := _INDICATOR.match(text, k):
            return self.named(Meaning("function", "indicator", "indicator"), k, indicator.end())
        if (spoken := _TEXT.match(text, k)) and spoken[1] in IN_TEXT:
            kind = "relation" if IN_TEXT[spoken[1]] == "in" else "word"
            return self.add(kind, IN_TEXT[spoken[1]], k, spoken.end())
        if upright := _UPRIGHT_NUMBER.match(text, k):
            return self.add("number", upright[1], k, upright.end(), Fraction(int(upright[1])))
        if transposed := _TRANSPOSE.match(text, k):
            return self.named(Meaning("symbol", "T", TRANSPOSE), k, transposed.end())
        return 0

    def _commanded(self, bound: re.Match[str], k: int) -> int:
        word = f"arg{bound[1]}" if bound[1] else bound[2]
        if _OPENS_CALL.match(self.text, bound.end()):
            return self.named(Meaning("function", word, word), k, bound.end())
        return self.add("binder", BINDERS[word], k, bound.end())


def _is_parted(text: str, k: int) -> bool:
    """Whether ; or a comma before a blank stands between the arguments of the call that opens at `k`."""
    depth = 0
    for mark in _PARTING.finditer(text, k):
        if mark[0] in ",;" and depth == 1:
            return True
        depth += (mark[0] in "([{") - (mark[0] in ")]}")
        if depth == 0:
            break
    return False

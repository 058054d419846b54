"""Names, and words that do something: derivatives, sums, `if`, `choose`, families with an index."""

import re
from functools import lru_cache

from grader.expressions.binding import LONGEST_RUN
from grader.expressions.commands import BINDERS, WORDS, unknown_sign
from grader.expressions.functions import SPELLINGS
from grader.expressions.names import Unit, braced, fold, joined, scan_index, scan_word
from grader.expressions.partials import (
    Partial,
    scan_gradient,
    scan_operator,
    scan_partial,
    scan_raised,
)
from grader.expressions.scanner import Scanner
from grader.expressions.tokens import NOTHING, Token, TokenKind
from grader.expressions.vocabulary import Meaning, Vocabulary

_LETTERS = re.compile(r"[A-Za-z]+")
_RUN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*")
_WORD = re.compile(rf"(?<=[\s,;)\]}}|&~])(?:{'|'.join(WORDS)}|in)(?![A-Za-z0-9_(^])")
_RELATES = re.compile(r"[<>=≤≥≠∈]|\\(?:[lg]eq?|ne|in|[lg]t)(?![a-z])")
_OPENS = re.compile(r"\s*(?:\\left\s*)?(?:[\[(\]{]|\\\{|\\mathbb|[A-Z](?![A-Za-z0-9_(]))")
_BINDER = re.compile(r"(sum|prod|int|argmax|argmin|max|min)(?:(?=\s*_)|(?=\())|[∑∏∫]")
_LIST = re.compile(r"\s*(?:\\left\s*)?\([^()]*,")
_CAPITAL = re.compile(
    r"[ΣΠ](?=_(?:[a-z](?![A-Za-z0-9])|\{[a-z](?:=[^{}]*)?\})(?!\s*\^[\s{(]*-)(?:\^\S+)?\s*[A-Za-z0-9(\\])"
)
_LOG = re.compile(r"log(?=_(?:[A-Za-zα-ω](?![A-Za-z0-9_])|\{[^{}]*[A-Za-zα-ω\\][^{}]*\}))")
_MAY_BE_PRIMED = re.compile(r"(?!d[A-Za-z]\w*_d[A-Za-z]|nabla_)[A-Za-z]+'*(?:_.*)?")
_ENDS_WORD = frozenset("\\_")
_ASCII_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


class Words(Scanner):
    """The part of the lexer that begins with a letter."""

    def derivative(self, k: int) -> int:
        """∂e/∂g at `k` as the one name de_dg, or the operator d/dx; 0 if there is neither."""
        partial = scan_partial(self.text, k) or self._gradient(k)
        if partial is not None:
            meaning = self._partial_meaning(partial)
            return self.named(meaning, k, partial.end) if meaning else 0
        if (raised := scan_raised(self.text, k)) and (meaning := self._partial_meaning(raised[0])):
            self.closing = raised[1]
            return self.named(meaning, k, raised[0].end)
        operator = scan_operator(self.text, k)
        if operator is None or ("d" in self.words.known and self.text[k] == "d"):
            return 0
        return self.add("differentiate", operator[0], k, operator[1])

    def _gradient(self, k: int) -> Partial | None:
        partial = scan_gradient(self.text, k)
        if partial is not None and is_called(self.text, partial.end):
            raise self.fail(
                "A gradient is one name: write ∇_w L, without brackets after it.", partial.end
            )
        return partial

    def _partial_meaning(self, partial: Partial) -> Meaning | None:
        meaning = self.words.known.get(fold(partial.name))
        if meaning is None and self.scope.open:
            plain = any(fold(part) in self.words.known for part in partial.parts)
            meaning = None if plain and not partial.certain else Meaning("symbol", partial.name)
        if meaning is None and partial.certain:
            raise self.fail(self.unknown_name(partial.name), partial.start)
        return meaning

    def operator(self, c: str, k: int) -> int:
        """A word or sign that binds an index (sum, argmax) or joins (if, choose) at `k`; 0 if none."""
        found = _BINDER.match(self.text, k) or _CAPITAL.match(self.text, k)
        if found:
            return self._binder(found[0], k, found.end())
        if c in _ASCII_LETTERS:
            word = _WORD.match(self.text, k)
            if word and self.found and word[0] not in self.words.known:
                return self._joining(word[0], k, word.end())
        return 0

    def _joining(self, word: str, k: int, end: int) -> int:
        """A word such as `if` at `k`, where the formula around it asks for one; else 0."""
        meaning = "in" if word == "in" else WORDS[word]
        match meaning:
            case "if":
                fits = _RELATES.search(self.text, end) is not None
            case "else":
                ready = {"comma", "semicolon", "cell"}
                fits = self.found[-1].kind in ready or any(t.kind == "word" for t in self.found)
            case "and" if self.found[-1].kind == "close" and _LIST.match(self.text, end):
                fits = True
            case "and" | "or":
                inner = (
                    self.environments or self.brackets or any(t.kind == "word" for t in self.found)
                )
                inner = inner or any(t.kind == "relation" for t in self.found)
                fits = bool(inner) and _RELATES.search(self.text, end) is not None
            case "in" | "union":
                fits = _OPENS.match(self.text, end) is not None and self.text[k - 1] == " "
            case _:
                fits = end < len(self.text)
        if not fits:
            return 0
        kinds: dict[str, TokenKind] = {"in": "relation", "union": "setop"}
        return self.add(kinds.get(meaning, "word"), meaning, k, end)

    def _binder(self, word: str, k: int, end: int) -> int:
        declared = fold({"Σ": "Sigma", "Π": "Pi"}.get(word, word)) in self.words.known
        called = self.text[end : end + 1] == "(" and word.isascii()
        if declared or (called and word not in {"sum", "prod", "int"}):
            return 0
        if word in {"Σ", "Π"} and not self.scope.open:
            return 0
        meaning = BINDERS[word]
        if called:
            return self.named(Meaning("function", word, meaning), k, end)
        self.integrals += meaning == "integral"
        return self.add("binder", meaning, k, end)

    def word(self, k: int) -> int:
        text = self.text
        if text[k] == "l" and text.startswith("log_", k) and (end := self._logarithm(k)):
            return end
        if text[k] in _ASCII_LETTERS and not self.integrals and not self._single(k):
            run = _RUN.match(text, k)
            after = text[run.end() : run.end() + 1] if run else "_"
            if run and after.isascii() and after not in _ENDS_WORD:
                pieces = _pieces(self.words, run[0], self._is_called(run.end()))
                if pieces:
                    for meaning, start, end in pieces:
                        self.named(meaning, k + start, k + end)
                    return run.end()
        units = scan_word(text, k)
        if self._single(k):
            units = units[:1]
        letters = _LETTERS.match(text, k)
        if letters and units and _is_function_before_digits(self.words, text, letters, units):
            return self.named(
                Meaning("function", letters[0], SPELLINGS[letters[0]]), k, letters.end()
            )
        if not units or (text[units[0].start] == "\\" and units[0].base == ""):
            return 0
        if self.integrals and len(units) > 1 and units[-2].fold == "d":
            return self._differential(units)
        return self._units(units, k)

    def _logarithm(self, k: int) -> int:
        """The log of log_a(x), its base to follow; 0 where log_a is a name of its own."""
        log = _LOG.match(self.text, k)
        if log is None or "log" in self.words.known:
            return 0
        units = scan_word(self.text, k)
        if "".join([unit.fold for unit in units]) in self.words.known:
            return 0
        return self.named(Meaning("function", "log", "log"), k, log.end())

    def _is_called(self, end: int) -> bool:
        """Whether ( follows a name that is no base, as a is in log_a(x)."""
        if len(self.found) > 1 and self.found[-1].kind == "index":
            return self.found[-2].meaning != "log" and is_called(self.text, end)
        return is_called(self.text, end)

    def _single(self, k: int) -> bool:
        r"""Whether TeX lowers or raises one letter only here, as in \sum_i x."""
        if len(self.found) < 2 or self.text[k - 1] not in "_^":
            return False
        return any(
            t.kind in {"binder", "norm"}
            and (len(t.text) == 1 or self.text[t.start : t.start + 1] == "\\")
            for t in self.found[-6:-1]
        )

    def _differential(self, units: list[Unit]) -> int:
        """What stands before the dx, and the dx."""
        if len(units) > 2:
            self._units(units[:-2], units[0].start)
        self.integrals -= 1
        meaning = self.words.find(units[-1:])
        name = meaning.name if meaning else joined(units[-1:])
        return self.add("differential", name, units[-2].start, units[-1].end)

    def _units(self, units: list[Unit], k: int) -> int:
        end = units[-1].end
        parts = self.words.split(units, self._is_called(end))
        if parts is None:
            return self._entry(units, k)
        for piece, meaning in parts:
            self.named(meaning, piece[0].start, piece[-1].end)
        return end

    def _entry(self, units: list[Unit], k: int) -> int:
        """x_i where x is declared and i is bound or declared: the family x, its index to follow."""
        end = units[-1].end
        low = self.text.find("_", k, end)
        base = self.words.find(scan_word(self.text[k:low], 0)) if low > 0 else None
        inside = re.findall(r"[A-Za-z]+|\d+", self.text[low:end])
        known = any(
            part in self.words.known
            or (len(part) <= LONGEST_RUN and set(part) <= self.words.known.keys())
            for part in inside
        )
        if len(units) == 1 and base and base.kind == "symbol" and known:
            return self.named(base, k, low)
        if self._is_operator_name(units, k, end):
            self.lent.add(units[0].base)
            return self.named(Meaning("symbol", joined(units)), k, end)
        raise self.fail(self.unknown_name(self.text[k:end]), k)

    def _is_operator_name(self, units: list[Unit], k: int, end: int) -> bool:
        """E[x] and I(x > 0) need no declaration."""
        after = self.text[end : end + 1]
        if len(units) != 1 or units[0].base not in {"E", "I"}:
            return False
        return after == "[" or (
            after in {"(", "_"} and (units[0].base == "I" or self.text[k] == "\\")
        )

    def prime(self, k: int) -> int:
        """The signs ' at `k`, after a name."""
        end = k
        while self.text[end : end + 1] == "'":
            end += 1
        if self.text[end : end + 1].isalnum():  # it's, don't
            raise self.fail(unknown_sign("'"), k)
        return self.primed("'" * (end - k), k, end)

    def primed(self, primes: str, k: int, end: int) -> int:
        """f'(x): the derivative of a function, under a name of its own; s' is a name of its own too."""
        last = self.found[-1]
        lettered = last.kind == "symbol" and self.scope.open and not last.meaning
        name = last.text + primes
        kind: TokenKind = "function"
        if last.kind != "function" and not (lettered and is_called(self.text, end)):
            if not lettered or not _MAY_BE_PRIMED.fullmatch(last.text):
                raise self.fail(unknown_sign("'"), k)
            kind, (name, end) = "symbol", self._primed_name(last.text, primes, end)
        meaning = last.meaning + primes if last.meaning else ""
        self.found[-1] = Token(
            kind, name, last.start, self.glyphs.origin(end - 1) + 1, NOTHING, meaning
        )
        return end

    def _primed_name(self, name: str, primes: str, end: int) -> tuple[str, int]:
        """s'_t and s_t' are one name: the index stands last."""
        base, low, index = name.partition("_")
        if not low:
            index, end = scan_index(self.text, end)
            low, index = "_" * bool(index), braced(index)
        return base + primes + low + index, end


def is_called(text: str, end: int) -> bool:
    """Whether ( follows."""
    return text[end : end + 1] == "(" or text.startswith("\\left(", end)


def _is_function_before_digits(
    words: Vocabulary, text: str, letters: re.Match[str], units: list[Unit]
) -> bool:
    """sin2x is sin(2x), unless sin2 is itself a name."""
    after = text[letters.end() : letters.end() + 1]
    if letters[0] not in SPELLINGS or not after.isdigit():
        return False
    return words.find([unit for unit in units if unit.start < letters.end()]) is None


@lru_cache(maxsize=16_384)
def _pieces(
    words: Vocabulary, run: str, called: bool
) -> tuple[tuple[Meaning, int, int], ...] | None:
    """The names in a run of plain letters, digits and underscores; None where it takes a closer look."""
    units = scan_word(run, 0)
    letters = _LETTERS.match(run)
    if not units or units[-1].end != len(run) or letters is None:
        return None
    if _is_function_before_digits(words, run, letters, units):
        return None
    parts = words.split(units, called)
    if parts is None:
        return None
    return tuple([(meaning, piece[0].start, piece[-1].end) for piece, meaning in parts])

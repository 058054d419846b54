"""Which names a scope knows, looked up by fold."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from grader.expressions.binding import is_derivative
from grader.expressions.functions import CALLED, CONSTANTS, SPELLINGS
from grader.expressions.glyphs import GREEK_NAMES, rewrite
from grader.expressions.limits import MAX_WORD_UNITS
from grader.expressions.names import Unit, fold, joined, scan_word
from grader.expressions.partials import scan_partial
from grader.expressions.scope import Scope
from grader.expressions.tokens import WORD

Kind = Literal["symbol", "function", "constant"]
_LOG_BASE = re.compile(r"log(\d+)")
_LONGEST_PRODUCT = 3  # letters; see Scope.open
ABSTRACT = frozenset("fgh")
"""What is a function as soon as brackets follow, see `Scope.open`."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name stands for; `builtin` is a function's meaning ("" = abstract), `base` a log's.

    A symbol that was invented for an unknown word has `WORD` as its `builtin`.
    """

    kind: Kind
    name: str
    builtin: str = ""
    base: int = 0


def _is_word(name: str) -> bool:
    """Whether an undeclared name looks like prose: at least four letters, accents aside."""
    letters = re.sub(r"(hat|bar|tilde|dot)?(_.*)?$", "", name)
    return len(letters) > _LONGEST_PRODUCT and letters not in GREEK_NAMES


def _is_greek(units: list[Unit]) -> bool:
    """Whether the letters spell a Greek letter with an index, such as mu_1."""
    if not units[-1].index or any(unit.index for unit in units[:-1]):
        return False
    return "".join([unit.base for unit in units]) in GREEK_NAMES


_Best = tuple[int, int, list[tuple[list[Unit], Meaning]]]  # unknown units, names, the split


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """`known` holds declared names by fold, `builtin` the rest by letters.

    `notations` are the aliases that are no name, stripped of braces and spaces. Compared by
    identity: there is one for each scope and set of bound names.
    """

    scope: Scope
    known: dict[str, Meaning]
    builtin: dict[str, Meaning]
    notations: tuple[tuple[str, Meaning], ...]
    declared: frozenset[str]

    def find(self, units: list[Unit]) -> Meaning | None:
        """The meaning of units read as one name, if they have one.

        A letter index makes a name of its own: p_i is not pi, x_i is not the Greek xi.
        """
        return self._find("".join([unit.fold for unit in units]), units)

    def _find(self, key: str, units: list[Unit]) -> Meaning | None:
        meaning = self.known.get(key)
        if meaning is not None:
            return meaning
        meaning = self.builtin.get(key)
        if meaning is None and key.startswith("log") and (base := _LOG_BASE.fullmatch(key)):
            meaning = Meaning("function", "log", "log", int(base[1]))
        if meaning is None or any(unit.index and not unit.index.isdigit() for unit in units):
            return None
        return meaning

    def split(self, units: list[Unit], called: bool) -> list[tuple[list[Unit], Meaning]] | None:
        """Read a word as one name, else as the fewest known names side by side; None if neither.

        `called` says that "(" follows: in an open scope a lone f, g or h is then a function.
        """
        whole = self.find(units)
        if whole is not None:
            return [(units, whole)]
        if called and (meaning := CALLED.get("".join([unit.fold for unit in units]))):
            return [(units, Meaning("function", meaning, meaning))]
        if not self.scope.open:
            cost, parts = self._cheapest(units) if len(units) <= MAX_WORD_UNITS else (1, [])
            return parts if cost == 0 else None
        name = joined(units)
        if called and len(units) == 1 and units[0].base in ABSTRACT:
            return [(units, Meaning("function", name))]
        if _is_greek(units) or is_derivative(name):
            return [(units, Meaning("symbol", name))]
        if len(units) > MAX_WORD_UNITS:
            return [(units, Meaning("symbol", name, WORD))]
        _, parts = self._cheapest(units)
        letters = [p for p, _ in parts if len(p) == 1 and p[0].fold not in self.known]
        if len(letters) > _LONGEST_PRODUCT or (len(units) == 1 and _is_word(name)):
            return [(units, Meaning("symbol", name, WORD if _is_word(name) else ""))]
        return parts

    def _cheapest(self, units: list[Unit]) -> tuple[int, list[tuple[list[Unit], Meaning]]]:
        """The split with the fewest unknown units, then the fewest names; and that first count."""
        best: list[_Best] = [(0, 0, [])]
        folds = [unit.fold for unit in units]
        for end in range(1, len(units) + 1):
            unknown, count, parts = best[end - 1]
            last = units[end - 1 : end]
            option: _Best = (
                unknown + 1,
                count + 1,
                [*parts, (last, Meaning("symbol", joined(last)))],
            )
            for start in range(end):
                meaning = self._find("".join(folds[start:end]), units[start:end])
                if meaning is None:
                    continue
                before = best[start]
                if (before[0], before[1] + 1) < option[:2]:
                    piece = (units[start:end], meaning)
                    option = (before[0], before[1] + 1, [*before[2], piece])
            best.append(option)
        return best[-1][0], best[-1][2]


def name_key(spelling: str) -> str | None:
    """The fold of a spelling that is one name (or one partial derivative), else None."""
    text = rewrite(spelling.strip()).text
    partial = scan_partial(text, 0)
    if partial is not None and partial.end == len(text):
        return fold(partial.name)
    units = scan_word(text, 0)
    whole = bool(units) and units[-1].end == len(text)
    return "".join(unit.fold for unit in units) if whole else None


@lru_cache(maxsize=1_024)
def vocabulary(scope: Scope, bound: tuple[str, ...] = ()) -> Vocabulary:
    """The names of a scope, and those that sums and integrals in the text bind.

    Declared names win over the built-in functions and constants.
    """
    known: dict[str, Meaning] = {}
    notations: dict[str, Meaning] = {}
    declared = [(name, Meaning("symbol", name)) for name, _ in scope.symbols]
    for name, stands_for in scope.functions:
        declared.append((name, Meaning("function", name, SPELLINGS.get(stands_for, stands_for))))
    for spelling, meaning in declared:
        _enter(spelling, meaning, known, notations)
    for spelling, canonical in scope.aliases:
        target = known.get(name_key(canonical) or "") or notations.get(_stripped(canonical))
        _enter(spelling, target or Meaning("symbol", canonical), known, notations)
    for name in bound:
        named = notations if "'" in name else known
        named.setdefault(fold(name), Meaning("symbol", name))
    longest_first = sorted(notations.items(), key=lambda item: -len(item[0]))
    names = frozenset(name for name, _ in declared)
    return Vocabulary(scope, known, _builtin(scope.open), tuple(longest_first), names)


@lru_cache(maxsize=2)
def _builtin(is_open: bool) -> dict[str, Meaning]:
    """What is known without a declaration, by letters."""
    builtin = {key: Meaning("constant", name) for key, name in CONSTANTS.items()}
    builtin |= {key: Meaning("function", key, name) for key, name in SPELLINGS.items()}
    if is_open:
        builtin |= {key: Meaning("symbol", key) for key in GREEK_NAMES - {"pi"}}
    return builtin


def _enter(
    spelling: str, meaning: Meaning, known: dict[str, Meaning], notations: dict[str, Meaning]
) -> None:
    key = name_key(spelling)
    if key is None:
        notations[_stripped(spelling)] = meaning
    else:
        known[key] = meaning


def _stripped(spelling: str) -> str:
    return re.sub(r"[{}\s]", "", rewrite(spelling).text)

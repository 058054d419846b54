"""Words of an answer: where they stand, their stems, and whether two are the same but for a typing error.

One light stemmer serves English, Norwegian and German, the languages that answers come in. It only has to
give both sides of a comparison the same stem; what it returns need not be a word.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

MIN_STEM = 4
"""Letters that stay when an ending is taken away."""
MIN_TYPO = 5
"""Shorter words must be spelled right: `loss` is not `less`."""
TWO_TYPOS = 12
"""From this length on a word may hold two typing errors."""
MAX_LETTERS = 40
"""Longer words are no words; they are compared as they stand."""
_CACHE = 100_000

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "đ": "d", "ł": "l", "’": "'"})
_BRITISH = (
    (re.compile(r"(?<=\w{3})is(?=(?:ation|ations|e|ed|es|ing|er|ers|able)$)"), "iz"),
    (re.compile(r"(?<=\w{3})ys(?=(?:e|ed|es|ing)$)"), "yz"),
    (re.compile(r"(?<=\w{3})our(?=s|$|al|ed|ing)"), "or"),
    (re.compile(r"(?<=\w{3})tre(?=s|$)"), "ter"),
)


def _longest_first(*endings: str) -> tuple[str, ...]:
    return tuple(sorted(set(" ".join(endings).split()), key=lambda ending: (-len(ending), ending)))


_ENDINGS = _longest_first(
    "ization ation ification ifier ify ified tion sion tional tionally sional ability ibility ity ness ment",
    "ance ancy ence ency ant ent able ible ical ically ive ively ly ing ize izer ized izing ated ate ating ator",
    "ed er est ie",
    "ene enes en ens et ets ere este ende ingen inger ingene sjon sjonen sjoner asjon asjonen het heten else elsen",
    "isering iseringen isere iserer isert ering eringen erer ert",
    "ung ungen heit keit lich isch em bar ierung ieren iert",
)
"""English, Norwegian, German."""
_INNER_ENDINGS = _longest_first("iz at ment ent ant ing ed tion ation en")
"""What may stand before an ending (`augment-ation`, `gradient-ene`)."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text, spelled plainly, and its (start, end) in that text."""

    plain: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """The words of a text, in order."""
    return [
        Word(plain(found.group()), found.start(), found.end()) for found in _WORD.finditer(text)
    ]


@lru_cache(_CACHE)
def plain(word: str) -> str:
    """A word in small letters without accents, in American spelling."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter)).translate(
        _LETTERS
    )
    if len(bare) <= MAX_LETTERS:
        for british, american in _BRITISH:
            bare = british.sub(american, bare)
    return bare


def word_set(listed: str) -> frozenset[str]:
    """Plain words, from a text with blanks between them."""
    return frozenset(plain(word) for word in listed.split())


FUNCTION_WORDS = word_set(
    """
    a about after all also an and any are as at be because been before being both but by can could do does each for
    from had has have how however if in into is it its later less like make makes may might more most much must no
    not of on only or other our over should since so some such than that the their them then there these they this
    those through thus to too under us use used uses using very was we were what when where which while who whose
    why will with without would you your one two three
    at av da de deg den denne der det dette du eller en er et for fordi fra han har hva hvis hvor i ikke ingen jeg
    kan med men mens mer mindre mot må når og også om over på seg siden skal slik som så til under ut vi ved vil være
    aber alle als also am an auch auf aus bei da damit das dass dem den der des die dies diese dieser durch ein eine
    einem einen einer er es für hat im in ist kann kein keine mehr mit nach nicht noch nur oder sich sie sind so um
    und von vom wenn werden wie wir wird zu zum zur über
    """
)
"""Words that hold a sentence together; a run of words without any is no sentence."""


@lru_cache(_CACHE)
def stem(word: str) -> str:
    """What stays of a plain word without its endings. Words with digits and very long ones stay whole."""
    if not word.isalpha() or not MIN_STEM <= len(word) <= MAX_LETTERS:
        return word
    word = _without(_without(singular(word), _ENDINGS), _INNER_ENDINGS)
    word = word[:-1] if len(word) > MIN_STEM and word[-1] == "e" else word
    word = word[:-1] if len(word) > MIN_STEM and word[-1] == word[-2] else word
    word = word[:-1] + "i" if word[-1] == "y" else word
    if len(word) > MIN_STEM + 1 and word[-1] == "i":
        word = word[:-1]
    return word[:-1] + "il" if word.endswith(("abl", "ibl")) else word


def singular(word: str) -> str:
    """A plain word without the ending of an English plural."""
    if len(word) <= MIN_STEM or word.endswith(("ss", "us", "is")):
        return word
    return word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s")


def _without(word: str, endings: tuple[str, ...]) -> str:
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= MIN_STEM:
            return word[: -len(ending)]
    return word


@lru_cache(_CACHE)
def alike(word: str, pattern: str) -> bool:
    """Whether a plain word is the pattern's word, in any inflection or with a typing error.

    A pattern that ends in `*` stands for every word that begins so.
    """
    if pattern.endswith("*"):
        start = pattern[:-1]
        if word.startswith(start):
            return True
        lengths = (len(start), len(start) + 1, len(start) - 1)
        return any(_mistyped(word[:length], start) for length in lengths if length <= len(word))
    if word == pattern or stem(word) == stem(pattern):
        return True
    if _mistyped(word, pattern) or _mistyped(singular(word), singular(pattern)):
        return True
    own, due = stem(word), stem(pattern)
    return own[-1] == due[-1] and _mistyped(own, due)


def _mistyped(word: str, pattern: str) -> bool:
    """Whether few enough letters are wrong, missing, added or swapped. The first letter must be right."""
    if (
        len(pattern) < MIN_TYPO
        or len(word) < MIN_STEM
        or max(len(word), len(pattern)) > MAX_LETTERS
    ):
        return False
    if word in FUNCTION_WORDS or not (word.isalpha() and pattern.isalpha()):
        return False
    allowed = 2 if len(pattern) >= TWO_TYPOS else 1
    swapped = word[:2] == pattern[1::-1]
    if (word[0] != pattern[0] and not swapped) or abs(len(word) - len(pattern)) > allowed:
        return False
    return distance(word, pattern, allowed) <= allowed


def distance(first: str, second: str, limit: int) -> int:
    """Letters to change, add, drop or swap with a neighbour; stops counting above `limit`."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, start=1):
        older, before, row = before, row, [i]
        for j, other in enumerate(second, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]

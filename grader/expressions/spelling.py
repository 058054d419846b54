"""How a name is written so that the reader finds the same name again.

What a name is read as depends on what the question declares and on what stands in it: pi_2 may be one name or
p times i_2. So of several spellings the first is taken that is read as the name.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from grader.expressions.functions import BINDS
from grader.expressions.glyphs import ACCENTS, GREEK, GREEK_NAMES
from grader.expressions.lexer import Lexer
from grader.expressions.limits import READ_CACHE
from grader.expressions.names import fold, scan_word
from grader.expressions.scope import Scope
from grader.expressions.tree import Call, Node, Reduce, Symbol, walk
from grader.expressions.unreadable import Unreadable
from grader.expressions.vocabulary import vocabulary

_ACCENTED = re.compile(r"([A-Za-z]+?)(hat|bar|tilde|dot)")
_SPLIT = re.compile(r"(?<=[^_])_d(?=[^\W\d_])")
_GRADIENT = "nabla_"
_GLYPHS = {name: glyph for glyph, name in reversed(GREEK.items())}
_MARKS = {accent: mark for mark, accent in reversed(ACCENTS.items())}


def bound(tree: Node) -> tuple[str, ...]:
    """The names that sums, integrals and the like introduce, as the reader compares them."""
    found = set()
    for node in walk(tree):
        match node:
            case Reduce(_, variable):
                found.add(fold(variable))
            case Call(_, (_, Symbol(name)), meaning) if meaning in BINDS:
                found.add(fold(name))
    return tuple(sorted(found))


@lru_cache(maxsize=READ_CACHE)
def plain_name(
    name: str, scope: Scope | None, beside: tuple[str, ...], *, called: bool = False
) -> str:
    """`name` in plain text, within a text that binds `beside`; `called`: brackets follow."""
    sign = name.replace(_GRADIENT, "∇", 1)
    usual = (sign, name) if name.startswith(_GRADIENT) else (name,)
    return _first(name, (*usual, *_plain(name), *_latex(name)), scope, beside, called)


@lru_cache(maxsize=READ_CACHE)
def latex_name(
    name: str, scope: Scope | None, beside: tuple[str, ...], *, called: bool = False
) -> str:
    """`name` in LaTeX, as for `plain_name`: yhat_2 is \\hat{y}_{2}, de_dg a fraction."""
    return _first(name, tuple(_latex(name)), scope, beside, called)


def _first(
    name: str,
    spellings: tuple[str, ...],
    scope: Scope | None,
    beside: tuple[str, ...],
    called: bool,
) -> str:
    """The first spelling that is read as `name`; the first of all where none is."""
    if scope is not None:
        for spelling in spellings:
            if _is_read_as(name, spelling, scope, beside, called):
                return spelling
    return spellings[0]


def _is_read_as(
    name: str, spelling: str, scope: Scope, beside: tuple[str, ...], called: bool
) -> bool:
    try:
        lexer = Lexer(f"{spelling}(1)" if called else spelling, scope)
        lexer.words = vocabulary(scope, beside)
        tokens = lexer.tokens()
    except Unreadable:
        return False
    if tokens[0].kind == "differentiate" and len(tokens) == 3:
        return name == f"d{tokens[1].text}_d{tokens[0].text}"
    if called:
        return tokens[0].text == name and tokens[1].kind == "open"
    return tokens[0].text == name and tokens[0].kind == "symbol" and tokens[1].kind == "end"


def letter(name: str) -> str:
    """A Greek name as its letter, as in dθ."""
    return _GLYPHS.get(name, name)


def _halves(name: str) -> Iterator[tuple[str, str]]:
    """What dL_5_dw may be the derivative of, and by what; several for a derivative of a derivative."""
    if name.startswith("d"):
        for split in _SPLIT.finditer(name, 1):
            yield name[1 : split.start()], name[split.end() :]


def _parts(name: str) -> tuple[str, str, str] | None:
    """The letters, the accent and the index of a name such as yhat_2; None for other notations."""
    units = scan_word(name, 0)
    if not units or units[-1].end != len(name):
        return None
    base = "".join(unit.fold for unit in units[:-1]) + units[-1].base
    accented = _ACCENTED.fullmatch(base)
    letters, accent = (accented[1], accented[2]) if accented else (base, "")
    return letters, accent, units[-1].index


def _plain(name: str) -> Iterator[str]:
    for above, below in _halves(name):
        yield f"∂{above}/∂{below}"
        yield f"d/d{below} {above}"
    parts = _parts(name)
    if parts is None:
        return
    letters, accent, index = parts
    if letters in _GLYPHS or len(letters) == 1:
        lowered = f"_{index}" if index.replace("_", "").isalnum() else f"_{{{index}}}"
        yield _GLYPHS.get(letters, letters) + _MARKS.get(accent, "") + (lowered if index else "")


def _latex(name: str) -> Iterator[str]:
    for above, below in _halves(name):
        top, bottom = (next(_latex(part)) for part in (above, below))
        spellings = [
            rf"\frac{{\partial {top}}}{{\partial {bottom}}}",
            rf"\frac{{d}}{{d{bottom}}} {top}",
        ]
        yield from reversed(spellings) if any(_halves(above)) else spellings
    body = name.replace("'", "")
    primes = "'" * (len(name) - len(body))
    if body.startswith(_GRADIENT):
        yield rf"\nabla {next(_latex(body.removeprefix(_GRADIENT)))}{primes}"
    parts = _parts(body)
    if parts is None:
        yield name if _is_balanced(name) else rf"\mathrm{{{re.sub('[^A-Za-z0-9]', ' ', name)}}}"
        return
    letters, accent, index = parts
    lowered = (f"_{{{index}}}" if index else "") + primes
    yield (rf"\{accent}{{{_letters(letters)}}}" if accent else _letters(letters)) + lowered
    yield rf"\mathrm{{{letters}{accent}}}{lowered}"


def _letters(base: str) -> str:
    if base in GREEK_NAMES:
        return f"\\{base}"
    return base if len(base) == 1 else rf"\mathrm{{{base}}}"


def _is_balanced(name: str) -> bool:
    """Whether a notation such as b^{[1]}_2 can stand in LaTeX as it is."""
    return name.isascii() and name.count("{") == name.count("}") and not set(name) & set("#%&$~ ")


@lru_cache(maxsize=READ_CACHE)
def is_declared(word: str, scope: Scope | None) -> bool:
    """Whether the question has a name of its own that is written like this word."""
    return scope is not None and fold(word) in vocabulary(scope).known

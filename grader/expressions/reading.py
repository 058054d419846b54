"""`read`: from text to an expression."""

import re
from dataclasses import replace
from functools import lru_cache

from grader.expressions.expression import Expression
from grader.expressions.functions import BINDS
from grader.expressions.lexer import Lexer
from grader.expressions.limits import MAX_CHARACTERS, READ_CACHE
from grader.expressions.names import fold
from grader.expressions.parser import Parser
from grader.expressions.scope import EMPTY, Scope
from grader.expressions.tree import Call, Node, Reduce, Relation, Symbol, children
from grader.expressions.unreadable import Unreadable
from grader.expressions.vocabulary import name_key, vocabulary
from grader.expressions.wrapping import is_wrapped, percent_inside, without_unit, wrapped

_STOPS = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0.,;"
_LEADING = re.compile(r"^(?:[^\S\v\f]|[=≈≃~])+")  # \v and \f begin damaged commands: see glyphs
_EQUALS = re.compile(
    r"(?<![<>!=:/])(?::=|==?|≈|≃|←|\\(?:approx|leftarrow|gets)(?![A-Za-z]))(?![=<>/])"
)
_COLON = re.compile(r":(?!=)")
_FURTHER = re.compile(r"\b(?:where|with|and|der|hvor|og|wobei|mit|und)\b")
_UNSPOKEN = re.compile(r"[{}\s$]|\\[()\[\]]|\\left|\\right")


@lru_cache(maxsize=READ_CACHE)
def read(text: str, scope: Scope = EMPTY, *, names: tuple[str, ...] = ()) -> Expression:
    """Read `text` as one expression or relation under `scope`.

    `names` are the asked names: "ŷ = 36", "yhat: 36" and "ŷ = 3*9 + 9 = 36" are then read as
    what stands last. Nothing is checked about the steps between. A leading = or ≈ and a trailing
    full stop, comma or semicolon are ignored, and so are words around the answer that leave no
    doubt (see `wrapping`). Raises `Unreadable`, nothing else.
    """
    moved = percent_inside(text)
    if moved != text:
        try:
            return replace(_read(moved, scope, names), text=text)
        except Unreadable as error:
            raise Unreadable(error.message, text, error.position) from None
    return _read(text, scope, names)


def _read(text: str, scope: Scope, names: tuple[str, ...]) -> Expression:
    if is_wrapped(text) and (inside := wrapped(text)):
        return _unwrapped(text, inside, scope, names)
    try:
        return read_formula(text, scope, names)
    except Unreadable:
        inside = wrapped(text)
        if inside is None:
            raise
        return _unwrapped(text, inside, scope, names)


def read_formula(text: str, scope: Scope, names: tuple[str, ...] = ()) -> Expression:
    """As `read`, where no words stand around the answer. Raises `Unreadable`."""
    if len(text) > MAX_CHARACTERS:
        raise Unreadable(
            f"This is too long: write at most {MAX_CHARACTERS} characters.", text, MAX_CHARACTERS
        )
    start, end = answer_span(text, scope, names)
    body = text[start:end]
    try:
        tree = _tree(body, scope)
        if names and isinstance(tree, Relation) and _is_working(tree):
            tree = tree.sides[-1]
        return Expression.of(text, tree, scope)
    except Unreadable as error:
        raise Unreadable(error.message, text, error.position + start) from None


def _unwrapped(
    text: str, inside: tuple[int, int], scope: Scope, names: tuple[str, ...]
) -> Expression:
    """What stands within words. Raises `Unreadable` with the place in the whole text."""
    start, end = inside
    try:
        found = read_formula(text[start:end], scope, names)
    except Unreadable as error:
        raise Unreadable(error.message, text, error.position + start) from None
    return replace(found, text=text)


def _tree(body: str, scope: Scope) -> Node:
    lexer = Lexer(body, scope)
    tokens = lexer.tokens()
    parser = Parser(tokens, body, lexer.words.declared, decimal_comma=scope.decimal_comma)
    tree = parser.statement()
    if lexer.lent and not scope.open:
        loose = sorted(_free(tree) & lexer.lent)
        if loose:
            place = next((token.start for token in tokens if token.text == loose[0]), 0)
            raise Unreadable(
                f"{loose[0]} is not a name in this question: use it only where a sum or an "
                "integral goes over it.",
                body,
                place,
            )
    return tree


def _free(node: Node) -> frozenset[str]:
    """The names of a tree that nothing in it binds."""
    match node:
        case Reduce(_, variable):
            bound = frozenset({variable})
        case Call(_, (_, Symbol(name)), meaning) if meaning in BINDS:
            bound = frozenset({name})
        case Symbol(name):
            return frozenset({name})
        case _:
            bound = frozenset()
    return frozenset().union(*map(_free, children(node))) - bound


def _is_working(tree: Relation) -> bool:
    """Whether a chain such as 3*9 + 9 = 36 only shows the way to its last number."""
    bare = all(not Expression.of("", side, EMPTY).names() for side in tree.sides)
    return bare and set(tree.operators) == {"="}


def answer_span(text: str, scope: Scope, names: tuple[str, ...]) -> tuple[int, int]:
    """Where the answer itself begins and ends: after the asked name, without a trailing full stop."""
    end = _end(text)
    if scope.units:
        end = without_unit(text, end, scope.units)
    leading = _LEADING.match(text)
    start = min(leading.end(), end) if leading else 0
    if not names:
        return start, end
    marks = [*_EQUALS.finditer(text, start, end)]
    if marks and is_asked(text[start : marks[0].start()], scope, names):
        last = marks[0] if _goes_on(text[marks[0].end() : marks[-1].start()]) else marks[-1]
        return last.end(), end
    colon = _COLON.search(text, start, end)
    if colon and is_asked(text[start : colon.start()], scope, names):
        return (marks[-1] if marks else colon).end(), end
    return start, end


def _end(text: str) -> int:
    """Where the text ends but for blanks, full stops, commas and semicolons."""
    end = len(text.rstrip(_STOPS))
    while end and text[end - 1] == "\\" and text[end : end + 1] in {",", ";", ":", " "}:
        end = len(text[: end - 1].rstrip(_STOPS))
    return end


def _goes_on(between: str) -> bool:
    """Whether another statement begins between two equals signs, as in `f = s(o), o = x + 1`."""
    depth = 0
    for k, c in enumerate(between):
        depth += (c in "([{") - (c in ")]}")
        decimal = between[k - 1 : k].isdigit() and between[k + 1 : k + 2].isdigit()
        if depth <= 0 and (c in ";\n" or _FURTHER.match(between, k) or (c == "," and not decimal)):
            return True
    return False


def is_asked(written: str, scope: Scope, names: tuple[str, ...]) -> bool:
    """Whether `written` is one of the asked names, in any notation or alias."""
    wanted = {_canonical(name, scope) for name in names}
    return _canonical(written, scope) in wanted


@lru_cache(maxsize=READ_CACHE)
def _canonical(written: str, scope: Scope) -> str:
    """One spelling for all notations of a name; text that is no name is only stripped of braces."""
    bare = re.sub(r"\$|\\[()\[\]]", "", written).strip()
    key = name_key(bare) if len(bare) <= MAX_CHARACTERS else None
    if key is not None:
        meaning = vocabulary(scope).known.get(key)
        return fold(meaning.name) if meaning else key
    stripped = _UNSPOKEN.sub("", bare)
    for notation, meaning in vocabulary(scope).notations:
        if stripped == notation:
            return fold(meaning.name)
    return stripped

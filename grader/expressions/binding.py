"""Names that a sum, a product or an integral binds: found before reading, bound after it."""

import re
from fractions import Fraction
from functools import lru_cache

from grader.expressions.glyphs import GREEK
from grader.expressions.names import fold
from grader.expressions.tree import Constant, Indexed, Node, Number, Symbol, children, rebuild

_MARK = re.compile(r"sum|prod|int|max|min|[∑∏∫ΣΠ]")
_NAME = r"(?:\\?[A-Za-z]+|[Α-ω])'*"
_BELOW = re.compile(
    r"(?:\\?(?:sum|prod|(?:arg)?(?:max|min)\}?)|[∑∏ΣΠ])\s*(?:\\limits\s*)?(?:\^(?:\{[^{}]*\}|\S))?"
    rf"\s*_\s*(?:\{{\s*({_NAME}(?:\s*,\s*{_NAME})*)\s*(?:[=}}<>∈:]|\\in|\\[lg]e|\\sim)|([A-Za-zΑ-ω]))"
)
_INTEGRAL = re.compile(r"∫|\\int|(?<![A-Za-z])int(?:_|\s)")
_DIFFERENTIAL = re.compile(r"d\}?\s?(\\[A-Za-z]+|[A-Za-zα-ω])(?:_?\{?(\d+)\}?|(?![A-Za-z]))")
_SET = re.compile(
    r"\{\s*([A-Za-zα-ω])\s*(?:\\mid(?![a-z])|\\?[,:;]?\s*\\?(?:middle)?[|:]|∈|\\in(?![a-z]))"
)
_CALL = re.compile(r"(?:sum|prod|int|over|argmax|argmin)\(")
_PART = re.compile(r"[(\[{)\]};]|,(?!(?<=\d,)\d)")
_LETTER = re.compile(r"\s*([A-Za-zα-ω])\s*")
_DERIVATIVE = re.compile(r"d[^\W\d_]\w*_d[^\W\d_]\w*")
_GRADIENT = re.compile(r"(d.+_d.+?)_([A-Za-z0-9]+)")
RAISED = "^"
"""Ends the name of a family whose first index is written above: W^{(l)}_{ij} is W^[l, i, j]."""
LONGEST_RUN = 3
"""Letters of an index that are read one by one, as in w_{ij}."""


def bound_names(text: str) -> tuple[str, ...]:
    """The names that binders in `text` (rewritten, see glyphs) introduce, in canonical spelling."""
    found: list[str] = _SET.findall(text) if "{" in text else []
    if not found and _MARK.search(text) is None:
        return ()
    for braced, single in _BELOW.findall(text):
        found += re.split(r"\s*,\s*", braced) if braced else [single]
    if _INTEGRAL.search(text):
        found += [f"{name}_{n}" if n else name for name, n in _DIFFERENTIAL.findall(text)]
    if _CALL.search(text):
        found += _second_arguments(text)
    names = {_canonical(name) for name in found}
    return tuple(sorted(names - {"inf", "infty", "pi"}))


def _canonical(name: str) -> str:
    base, low, index = name.partition("_")
    letters = base.strip("\\'")
    return fold(GREEK.get(letters, letters)) + "'" * base.count("'") + low + index


def _second_arguments(text: str) -> list[str]:
    """The letter that each of sum(f, i, 1, n), int(f, x) and so on gives second."""
    calls = {call.end() - 1 for call in _CALL.finditer(text)}
    found: list[str] = []
    waiting: list[
        list[int]
    ] = []  # of each open bracket: where its last part began, the part, a call?
    for mark in _PART.finditer(text):
        k = mark.start()
        if mark[0] in "([{":
            waiting.append([k + 1, 1, k in calls])
            continue
        if not waiting:
            continue
        start, part, called = waiting[-1]
        letter = _LETTER.fullmatch(text, start, k) if called and part == 2 else None
        if letter and letter[1] != "e":
            found.append(letter[1])
        if mark[0] in ",;":
            waiting[-1] = [k + 1, part + 1, called]
        else:
            waiting.pop()
    return found


def bind(node: Node, variable: str, declared: frozenset[str]) -> Node:
    """The tree with x_i read as an entry of the family x wherever i is the bound name."""
    match node:
        case Constant(name):
            return Symbol(name) if name == variable else node
        case Symbol(name):
            return _entry(name, variable, declared) if "_" in name else node
    below = children(node)
    if not below:
        return node
    parts = tuple([bind(child, variable, declared) for child in below])
    return rebuild(node, parts) if parts != below else node


def bind_unit(node: Node) -> Node:
    """An index with i as a name: no index is imaginary."""
    if node == Constant("i"):
        return Symbol("i")
    below = children(node)
    parts = tuple([bind_unit(child) for child in below])
    return rebuild(node, parts) if parts != below else node


def _entry(name: str, variable: str, declared: frozenset[str]) -> Node:
    parts = _index_parts(name, variable)
    if parts is None or (parts[2] and name in declared):
        return Symbol(name)
    return Indexed(parts[0], tuple([index_node(part) for part in parts[1]]))


@lru_cache(maxsize=4_096)
def _index_parts(name: str, variable: str) -> tuple[str, tuple[str, ...], bool] | None:
    """The family, the indices and whether they were letters run together; None where none is bound."""
    base, index = split_index(name)
    if index == variable:
        return base, (index,), False
    parts = tuple(re.split("[,_]", index))
    if variable in parts:
        return base, parts, False
    if len(parts) == 1 and 1 < len(index) <= LONGEST_RUN and variable in index:
        return base, tuple(index), True
    return None


def is_derivative(name: str) -> bool:
    """Whether a name is that of a derivative, such as dL_dw."""
    return _DERIVATIVE.fullmatch(name) is not None


def split_index(name: str) -> tuple[str, str]:
    """The letters and the index of x_i, of dL_dw_i too; the index is "" where there is none."""
    gradient = _GRADIENT.fullmatch(name)
    if gradient:
        return gradient[1], gradient[2]
    if is_derivative(name):
        return name, ""
    base, _, index = name.partition("_")
    return base, index.strip("{}")


def index_node(part: str) -> Node:
    """One index of a name: a number or a name."""
    return Number(Fraction(int(part)), part) if part.isdigit() else Symbol(part)

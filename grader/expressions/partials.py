"""Derivatives written as fractions, ∂e/∂g, de/dg, \\frac{\\partial e}{\\partial g}, as one name de_dg.

So is a gradient, ∇_w L as dL_dw. An operator before what it is taken of, d/dx or \\frac{d}{dx}, gives the name x.
"""

import re
from dataclasses import dataclass, replace

from grader.expressions.names import joined, scan_unit, scan_word

_CURLY = r"(?:∂|\\partial(?![A-Za-z])|\\mathrm\{d\})"
_CURLY_D = re.compile(rf"{_CURLY}\s*")
_CURLY_INDEX = re.compile(rf"{_CURLY}\s*_\s*(\{{?)\s*")
_FRACTION = re.compile(r"\\[dt]?frac\s*\{\s*")
_SLASH = re.compile(r"\s*/\s*")
_RAISED = re.compile(
    r"(\\[dt]?frac\s*\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}\s*\{[^{}^]*(?:_\{[^{}]*\})?)"
    r"\^\{\([^(){}]*\)\}(?:_(?:\{[^{}]*\}|\w))?\s*\}"
)
_BETWEEN = re.compile(r"\s*\}\s*\{\s*")
_CLOSE = re.compile(r"\s*\}")
_SPACE = re.compile(r"\s*")
_NABLA = re.compile(r"(?:∇|\\nabla(?![A-Za-z]))\s*(?:_\s*(\{?)\s*)?")
_OPERATOR = re.compile(rf"(?:\\[dt]?frac\s*\{{\s*(?:{_CURLY}|d)\s*\}}\s*\{{|(?:{_CURLY}|d)\s*/)\s*")
_ALONE = re.compile(r"\s*(?:$|[-+=<>,;)\]}!^*/.])")
POSSIBLE = re.compile(rf"{_CURLY}|∇|\\nabla|d[^/]*/\s*d|frac\s*\{{\s*d")
"""Whether a text can hold a derivative at all."""


@dataclass(frozen=True, slots=True)
class Partial:
    """A derivative as one name. `certain` when written with ∂, so nothing else can be meant."""

    name: str
    start: int
    end: int
    certain: bool
    parts: tuple[str, str]


def scan_partial(text: str, k: int) -> Partial | None:
    """The derivative written at `k`, or None."""
    indexed = _CURLY_INDEX.match(text, k)
    if indexed:
        return _scan_indexed(text, k, indexed)
    fraction = _FRACTION.match(text, k)
    start = fraction.end() if fraction else k
    top = _differential(text, start)
    if top is None:
        return None
    between = (_BETWEEN if fraction else _SLASH).match(text, top[2])
    bottom = _differential(text, between.end()) if between else None
    if bottom is None:
        return None
    close = _CLOSE.match(text, bottom[2]) if fraction else _SPACE.match(text, bottom[2], bottom[2])
    if close is None:
        return None
    return _partial(top[0], bottom[0], k, close.end(), top[1] and bottom[1])


def scan_raised(text: str, k: int) -> tuple[Partial, int] | None:
    """\\frac{\\partial L}{\\partial W^{(1)}} at `k`: the derivative by W, which ends before ^{(1)}, and the closing brace."""
    found = _RAISED.match(text, k)
    partial = scan_partial(text[: found.end(1)] + "}", k) if found else None
    if found is None or partial is None or partial.end != found.end(1) + 1:
        return None
    return replace(partial, end=found.end(1)), found.end() - 1


def scan_gradient(text: str, k: int) -> Partial | None:
    """∇_w L at `k`, or None; ∇L has the name nabla_L."""
    nabla = _NABLA.match(text, k)
    if nabla is None:
        return None
    if nabla[1] is not None:
        return _scan_indexed(text, k, nabla)
    above = scan_word(text, nabla.end())
    if not above:
        return None
    name = joined(above)
    return Partial(f"nabla_{name}", k, above[-1].end, True, ("nabla", name))


def scan_operator(text: str, k: int) -> tuple[str, int] | None:
    """The name of d/dx or \\frac{d}{dx} at `k` and where it ends, before what it is taken of; else None."""
    operator = _OPERATOR.match(text, k)
    bottom = _differential(text, operator.end()) if operator else None
    if operator is None or bottom is None:
        return None
    if operator[0].endswith("{"):
        close = _CLOSE.match(text, bottom[2])
        return (bottom[0], close.end()) if close else None
    return None if _ALONE.match(text, bottom[2]) else (bottom[0], bottom[2])


def _scan_indexed(text: str, k: int, indexed: re.Match[str]) -> Partial | None:
    """∂_g e, ∂_{g} e; without braces, TeX lowers one letter only."""
    if not indexed[1] and text[indexed.end() : indexed.end() + 1] == "\\":
        unit = scan_unit(text, indexed.end())
        below = [unit] if unit else []
    else:
        below = scan_word(text, indexed.end())
    if not below:
        return None
    end = below[-1].end
    if indexed[1]:
        close = _CLOSE.match(text, end)
        if close is None:
            return None
        end = close.end()
    start = _SPACE.match(text, end)
    above = scan_word(text, start.end() if start else end)
    if not above:
        return None
    return _partial(joined(above), joined(below), k, above[-1].end, True)


def _differential(text: str, k: int) -> tuple[str, bool, int] | None:
    """(the name after the d, whether it was a ∂, the end) of ∂e or de."""
    curly = _CURLY_D.match(text, k)
    if curly:
        units = scan_word(text, curly.end())
        return (joined(units), True, units[-1].end) if units else None
    units = scan_word(text, k)
    if len(units) < 2 or units[0].fold != "d" or text[k] != "d":
        return None
    return joined(units[1:]), False, units[-1].end


def _partial(above: str, below: str, start: int, end: int, certain: bool) -> Partial:
    return Partial(f"d{above}_d{below}", start, end, certain, (f"d{above}", f"d{below}"))

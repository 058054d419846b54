"""Forms that a question may ask for beside the right value: expanded, factored, lowest terms and the like.

They are checked on the tree as written, after the value was found right. A form is refused with a sentence that says
what to write instead, and never says the value.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from math import gcd
from typing import Literal

from grader.expressions.degrees import integer_exponent
from grader.expressions.factoring import content, irreducible_parts, shares_a_factor
from grader.expressions.limits import MAX_DIGITS, MAX_FORM_NODES
from grader.expressions.normal import normal
from grader.expressions.tree import (
    Add,
    Call,
    Collection,
    Constant,
    Interval,
    Matrix,
    Mul,
    Neg,
    Node,
    Number,
    Pow,
    Recip,
    Relation,
    children,
    height_and_size,
    symbols,
    walk,
)

Form = Literal[
    "expanded",
    "factored",
    "lowest terms",
    "single fraction",
    "simplified",
    "exact",
    "cartesian",
    "polar",
]
_FIGURES = re.compile(r"(\d{1,4}) significant figures?")
_DIGITS = re.compile(r"[1-9][\d.]*|0(?=[1-9.])")


def is_form(form: str) -> bool:
    """Whether `form_problem` knows the form; "3 significant figures" and the like count their own digits."""
    return form in _CHECKS or _FIGURES.fullmatch(form) is not None


def form_problem(tree: Node, form: str) -> str:
    """What is missing for the tree to have the form, as a sentence; "" if it has it.

    Each element of a list, a set or a matrix and each side of a relation is looked at. Raises ValueError for a form
    that `is_form` does not know.
    """
    figures = _FIGURES.fullmatch(form)
    if figures is None and form not in _CHECKS:
        raise ValueError(f"the form {form!r} is not known; write one of {', '.join(_CHECKS)}")
    if height_and_size(tree)[1] > MAX_FORM_NODES:
        return "This is too long for its form to be checked: write it more briefly."
    for part in _parts(tree):
        problem = (
            _figures(part, min(int(figures[1]), MAX_DIGITS)) if figures else _CHECKS[form](part)
        )
        if problem:
            return problem
    return ""


def _parts(tree: Node) -> tuple[Node, ...]:
    """The trees that must have the form each."""
    if isinstance(tree, Relation | Collection | Matrix | Interval):
        return tuple([part for child in children(tree) for part in _parts(child)])
    return (tree,)


def _bare(node: Node) -> Node:
    while isinstance(node, Neg):
        node = node.argument
    return node


def _expanded(tree: Node) -> str:
    """No product or power of a sum, and like terms collected."""
    for node in walk(tree):
        factors = node.factors if isinstance(node, Mul) else ()
        if any(isinstance(_bare(factor), Add) for factor in factors):
            return "Expand it: multiply out the brackets."
        if isinstance(node, Pow) and isinstance(_bare(node.base), Add):
            power = integer_exponent(node.exponent)
            if power is not None and power > 1:
                return "Expand it: multiply out the power of a bracket."
        if isinstance(node, Neg) and isinstance(node.argument, Add):
            return "Expand it: carry the minus into the bracket."
    return _like_terms(tree)


def _like_terms(tree: Node) -> str:
    for node in walk(tree):
        if isinstance(node, Add) and len(node.terms) > len(
            {_without_number(t) for t in node.terms}
        ):
            return "Collect like terms: each kind of term once."
    return ""


def _without_number(term: Node) -> str:
    """A term without its numeric factor, as a canonical text; "" for a number."""
    factors = [_bare(term)]
    kept: list[Node] = []
    while factors:
        part = _bare(factors.pop())
        if isinstance(part, Mul):
            factors.extend(part.factors)
        elif not _is_rational(part):
            kept.append(part)
    return normal(Mul(tuple(kept))) if kept else ""


def _is_rational(node: Node) -> bool:
    node = _bare(node)
    if isinstance(node, Recip):
        return _is_rational(node.argument)
    if isinstance(node, Mul):
        return all(map(_is_rational, node.factors))
    return isinstance(node, Number)


def _factored(tree: Node) -> str:
    """Every factor irreducible over the rational numbers, and nothing but a number to take out."""
    factors, waiting = [], [tree]
    while waiting:
        part = _bare(waiting.pop())
        if isinstance(part, Mul):
            waiting.extend(part.factors)
        elif isinstance(part, Pow) and integer_exponent(part.exponent) is not None:
            waiting.append(part.base)
        else:
            factors.append(part.argument if isinstance(part, Recip) else part)
    for factor in factors:
        if not symbols(factor):
            continue
        number_of = irreducible_parts(factor)
        if number_of is None:
            return "" if not isinstance(factor, Add) else "This cannot be checked for its factors."
        if number_of > 1:
            return "Factor it further: one of the factors is still a product."
        if isinstance(factor, Add) and content(factor) != 1:
            return "Factor it further: take the common number out of the bracket."
    return ""


def _lowest_terms(tree: Node) -> str:
    """Each fraction of whole numbers reduced and alone, its denominator a written number above one."""
    for node in walk(tree):
        if isinstance(node, Recip) and isinstance(node.argument, Neg) and _is_rational(node):
            return "Write the minus in front of the fraction."
        if isinstance(node, Add) and _loose_numbers(node):
            return "Add the numbers up: one fraction."
        if not isinstance(node, Mul) or not any(isinstance(f, Recip) for f in node.factors):
            continue
        top, bottom = _fraction_parts(node)
        if top is None or bottom is None:
            if symbols(node) and shares_a_factor(node):
                return "Cancel what the top and the bottom share."
            continue
        if bottom == 1 or gcd(top, bottom) > 1:
            return "Reduce the fraction: the top and the bottom share a factor."
    return ""


def _loose_numbers(node: Add) -> bool:
    """Whether numbers are left to add up; a whole number and a smaller fraction make a mixed number, 1 1/2."""
    numbers = [term for term in node.terms if _is_rational(term)]
    match numbers:
        case [Number(), Mul() as fraction]:
            top, bottom = _fraction_parts(fraction)
            return top is None or bottom is None or top >= bottom
        case _:
            return len(numbers) > 1


def _fraction_parts(node: Mul) -> tuple[int | None, int | None]:
    """The whole numbers above and below the line; None where something else stands there."""
    sides: list[int | None] = [1, 1]
    for factor in node.factors:
        below = isinstance(factor, Recip)
        part = _bare(factor.argument if isinstance(factor, Recip) else factor)
        whole = isinstance(part, Number) and part.value.denominator == 1
        side = sides[below]
        value = part.value.numerator if isinstance(part, Number) else 0
        sides[below] = side * value if whole and side is not None else None
    return sides[0], sides[1]


def _single_fraction(tree: Node) -> str:
    """At most one line, at the top, and nothing but it."""
    root = _bare(tree)
    lines = [node for node in walk(root) if _is_fraction(node)]
    if not lines:
        return ""
    at_root = isinstance(root, Recip) or (
        isinstance(root, Mul) and any(isinstance(f, Recip) for f in root.factors)
    )
    below = root.factors if isinstance(root, Mul) else (root,)
    allowed = sum([isinstance(f, Recip) for f in below])
    if not at_root or len(lines) > allowed:
        return "Write it as one fraction: one line, with everything above or below it."
    return ""


def _is_fraction(node: Node) -> bool:
    if isinstance(node, Pow):
        power = integer_exponent(node.exponent)
        return power is not None and power < 0
    return isinstance(node, Recip)


def _simplified(tree: Node) -> str:
    """Like terms collected, numbers worked out, no fraction in a fraction, lowest terms."""
    for node in walk(tree):
        if isinstance(node, Recip) and any(_is_fraction(part) for part in walk(node.argument)):
            return "Simplify it: no fraction inside the bottom of a fraction."
        if isinstance(node, Neg) and isinstance(node.argument, Neg):
            return "Simplify it: two minus signs in a row make plus."
        if isinstance(node, Add | Mul | Pow) and _unfinished(node):
            return "Simplify it: work out the numbers."
        if isinstance(node, Mul) and _repeated(node):
            return "Simplify it: collect equal factors in one power."
    return _like_terms(tree) or _lowest_terms(tree)


def _unfinished(node: Add | Mul | Pow) -> bool:
    """Whether written numbers stand side by side that make one number."""
    if isinstance(node, Pow):
        if isinstance(node.exponent, Number) and node.exponent.value in (0, 1):
            return True
        return (
            isinstance(_bare(node.base), Number)
            and isinstance(_bare(node.exponent), Number)
            and (integer_exponent(node.exponent) is not None)
        )
    if isinstance(node, Add):
        numbers = [term for term in node.terms if isinstance(_bare(term), Number)]
        return len(numbers) > 1 or any(_zero(term) for term in numbers)
    numbers = [factor for factor in node.factors if isinstance(_bare(factor), Number)]
    over = [factor for factor in node.factors if not isinstance(factor, Recip)]
    spare = len(over) > 1 and any(map(_one, over))  # the 1 of 1/x has to be there
    return len(numbers) > 1 or spare or any(map(_zero, numbers))


def _zero(node: Node) -> bool:
    node = _bare(node)
    return isinstance(node, Number) and node.value == 0


def _one(node: Node) -> bool:
    node = _bare(node)
    return isinstance(node, Number) and node.value == 1 and node.text == "1"


def _repeated(node: Mul) -> bool:
    """Whether a factor that is no number stands there twice, or above and below the line."""
    bases: list[str] = []
    for factor in node.factors:
        part = _bare(factor.argument if isinstance(factor, Recip) else factor)
        base = part.base if isinstance(part, Pow) else part
        if not isinstance(_bare(base), Number):
            bases.append(normal(base))
    return len(bases) > len(set(bases))


def _exact(tree: Node) -> str:
    """No decimals."""
    for node in walk(tree):
        if isinstance(node, Number) and ("." in node.text or "e" in node.text.lower()):
            return "Write the exact value: fractions and roots, no decimals."
    return ""


def _figures(tree: Node, wanted: int) -> str:
    """One written number with so many significant figures; trailing zeros of a whole number may count or not."""
    node = _bare(tree)
    if not isinstance(node, Number):
        return f"Write one decimal number with {wanted} significant figures."
    mantissa = re.split(r"[eE]|\*|×", node.text.rstrip("%"))[0]
    digits = mantissa.replace(".", "").lstrip("0")
    if not digits:  # zero has as many as are written after the point
        digits = mantissa.partition(".")[2] or "0"
    most = len(digits)
    fewest = most if "." in mantissa else max(1, len(digits.rstrip("0")))
    if fewest <= wanted <= most:
        return ""
    return f"Write it with {wanted} significant figures."


def _is_i(node: Node) -> bool:
    return isinstance(node, Constant) and node.name == "i"


def _cartesian(tree: Node) -> str:
    """a + b*i: no i in a bottom, an exponent or a function, and at most one term with it."""
    for node in walk(tree):
        inside = _inside_of(node)
        if inside is not None and any(map(_is_i, walk(inside))):
            return "Write it as a + b*i."
    root = _bare(tree)
    terms = root.terms if isinstance(root, Add) else (root,)
    with_i = [term for term in terms if any(map(_is_i, walk(term)))]
    if len(with_i) > 1 or any(isinstance(p, Add) for t in with_i for p in walk(t)):
        return "Write it as a + b*i."
    return ""


def _inside_of(node: Node) -> Node | None:
    if isinstance(node, Recip):
        return node.argument
    if isinstance(node, Pow):
        return node
    return node.arguments[0] if isinstance(node, Call) and node.arguments else None


def _polar(tree: Node) -> str:
    """r*e^(i*t): i only in the exponent of e or the argument of exp."""
    for node in walk(tree):
        if isinstance(node, Add) and any(map(_is_i, node.terms)):
            return "Write it as r*e^(i*t)."
    factors = _bare(tree)
    parts = factors.factors if isinstance(factors, Mul) else (factors,)
    turned = [part for part in parts if any(map(_is_i, walk(part)))]
    for part in turned:
        power = isinstance(part, Pow) and isinstance(part.base, Constant) and part.base.name == "e"
        if not power and not (isinstance(part, Call) and part.meaning == "exp"):
            return "Write it as r*e^(i*t)."
    return "" if len(turned) <= 1 else "Write it as r*e^(i*t), with one power of e."


_CHECKS: dict[str, Callable[[Node], str]] = {
    "expanded": _expanded,
    "factored": _factored,
    "lowest terms": _lowest_terms,
    "single fraction": _single_fraction,
    "simplified": _simplified,
    "exact": _exact,
    "cartesian": _cartesian,
    "polar": _polar,
}
FORMS: tuple[str, ...] = tuple(_CHECKS)
"""Every form by name, beside "n significant figures"."""

"""Random formulas for `bench/equivalence_random.py`: trees of their own, rewrites that change nothing, edits that do.

Nothing here uses the judge: values are exact fractions, or 40 digits of mpmath where functions occur.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import mpmath

NAMES = ("x", "y", "w_1", "theta", "yhat")
FUNCTIONS = ("sin", "cos", "exp", "tanh", "abs", "relu", "sigmoid", "sqrt", "ln")
DIGITS, APART = 40, mpmath.mpf(10) ** -15
"""Two values are apart when they differ by this much of their size."""
POINTS = 6  # places to look for a difference
LARGEST_ARGUMENT = 5_000  # of an exponential
LARGEST_BITS = 4_000  # of an exact value


@dataclass(frozen=True, slots=True)
class Tree:
    """kind: number, name, add, mul, neg, div, pow or the name of a function; pow keeps its exponent in `value`."""

    kind: str
    parts: tuple[Tree, ...] = ()
    name: str = ""
    value: Fraction = Fraction(0)


class Undefined(ArithmeticError):
    """No real value, or too large to hold."""


def number(value: Fraction | int) -> Tree:
    return Tree("number", value=Fraction(value))


def add(*parts: Tree) -> Tree:
    return Tree("add", parts)


def mul(*parts: Tree) -> Tree:
    return Tree("mul", parts)


def neg(part: Tree) -> Tree:
    return Tree("neg", (part,))


def div(top: Tree, bottom: Tree) -> Tree:
    return Tree("div", (top, bottom))


def power(base: Tree, exponent: int) -> Tree:
    return Tree("pow", (base,), value=Fraction(exponent))


def call(function: str, argument: Tree) -> Tree:
    return Tree(function, (argument,))


ONE, TWO = number(1), number(2)


def grow(draw: random.Random, size: int, functions: bool) -> Tree:
    """A random tree of about `size` leaves."""
    if size <= 1:
        if draw.random() < 0.6:
            return Tree("name", name=draw.choice(NAMES))
        return number(
            draw.choice((1, 2, 3, 5, 7, 12, Fraction(1, 2), Fraction(3, 4), Fraction(2, 3)))
        )
    kinds = ["add", "add", "mul", "mul", "neg", "div", "pow"] + ["call"] * (3 if functions else 0)
    kind = draw.choice(kinds)
    if kind in {"add", "mul", "div"}:
        left = draw.randint(1, size - 1)
        parts = (grow(draw, left, functions), grow(draw, size - left, functions))
        return Tree(kind, parts)
    inner = grow(draw, size - 1, functions)
    if kind == "neg":
        return neg(inner)
    return (
        power(inner, draw.randint(2, 4)) if kind == "pow" else call(draw.choice(FUNCTIONS), inner)
    )


def walk(tree: Tree) -> Iterator[tuple[tuple[int, ...], Tree]]:
    """Every node with its path from the root."""
    waiting: list[tuple[tuple[int, ...], Tree]] = [((), tree)]
    while waiting:
        path, node = waiting.pop()
        yield path, node
        waiting.extend(((*path, k), part) for k, part in enumerate(node.parts))


def put(tree: Tree, path: tuple[int, ...], new: Tree) -> Tree:
    """The tree with `new` at `path`."""
    if not path:
        return new
    parts = list(tree.parts)
    parts[path[0]] = put(parts[path[0]], path[1:], new)
    return replace(tree, parts=tuple(parts))


Change = Callable[[Tree, random.Random], Tree | None]
"""A node and chance in, another node out, or None where it does not apply."""


def _commute(t: Tree, draw: random.Random) -> Tree | None:
    if t.kind not in {"add", "mul"}:
        return None
    return replace(t, parts=tuple(draw.sample(t.parts, len(t.parts))))


def _distribute(t: Tree, draw: random.Random) -> Tree | None:
    sums = [k for k, part in enumerate(t.parts) if part.kind == "add"] if t.kind == "mul" else []
    if not sums:
        return None
    k = draw.choice(sums)
    rest = t.parts[:k] + t.parts[k + 1 :]
    return add(*[mul(term, *rest) for term in t.parts[k].parts])


def _take_out(t: Tree, draw: random.Random) -> Tree | None:
    factor = number(draw.choice((2, 3, Fraction(1, 2))))
    return mul(factor, add(*[div(p, factor) for p in t.parts])) if t.kind == "add" else None


def _unroll(t: Tree, _draw: random.Random) -> Tree | None:
    if t.kind != "pow" or t.value < 2:
        return None
    base, n = t.parts[0], int(t.value)
    if n == 2 and base.kind == "add" and len(base.parts) == 2:
        a, b = base.parts
        return add(power(a, 2), mul(TWO, a, b), power(b, 2))
    return mul(base, power(base, n - 1)) if n > 2 else mul(base, base)


def _turn_signs(t: Tree, _draw: random.Random) -> Tree:
    return neg(add(*map(neg, t.parts))) if t.kind == "add" else neg(neg(t))


def _divide_otherwise(t: Tree, draw: random.Random) -> Tree | None:
    if t.kind != "div":
        return None
    top, bottom = t.parts
    return draw.choice(
        (mul(top, power(bottom, -1)), div(neg(top), neg(bottom)), div(ONE, div(bottom, top)))
    )


def _add_nothing(t: Tree, draw: random.Random) -> Tree:
    other = grow(draw, 2, functions=False)
    return add(t, other, neg(other))


def _times_one(t: Tree, draw: random.Random) -> Tree:
    safe = add(power(Tree("name", name=draw.choice(NAMES)), 2), ONE)
    return div(mul(t, safe), safe)


def _pythagoras(t: Tree, draw: random.Random) -> Tree:
    angle = grow(draw, 2, functions=False)
    return mul(t, add(power(call("sin", angle), 2), power(call("cos", angle), 2)))


def _split_number(t: Tree, draw: random.Random) -> Tree | None:
    part = draw.choice((1, 2, Fraction(1, 2)))
    if t.kind != "number":
        return None
    return (
        add(number(t.value + part), neg(number(part)))
        if draw.random() < 0.5
        else div(number(t.value * 6), number(6))
    )


def _function(t: Tree, draw: random.Random) -> Tree | None:
    if t.kind not in FUNCTIONS:
        return None
    a = t.parts[0]
    minus = neg(a)
    ways: dict[str, tuple[Tree, ...]] = {
        "sin": (neg(call("sin", minus)),),
        "cos": (call("cos", minus), add(ONE, neg(mul(TWO, power(call("sin", div(a, TWO)), 2))))),
        "exp": (div(ONE, call("exp", minus)), power(call("exp", div(a, TWO)), 2)),
        "tanh": (neg(call("tanh", minus)), add(mul(TWO, call("sigmoid", mul(TWO, a))), neg(ONE))),
        "abs": (call("abs", minus), add(call("relu", a), call("relu", minus))),
        "relu": (div(add(a, call("abs", a)), TWO), add(a, call("relu", minus))),
        "sigmoid": (div(ONE, add(ONE, call("exp", minus))), add(ONE, neg(call("sigmoid", minus)))),
        "sqrt": (div(call("sqrt", mul(number(4), a)), TWO),),
        "ln": (neg(call("ln", div(ONE, a))), add(call("ln", mul(TWO, a)), neg(call("ln", TWO)))),
    }
    return draw.choice(ways[t.kind])


REWRITES: tuple[Change, ...] = (
    *(_commute, _distribute, _take_out, _unroll, _turn_signs, _divide_otherwise),
    *(_add_nothing, _times_one, _pythagoras, _split_number, _function, _function),
)


def _sign(t: Tree, draw: random.Random) -> Tree | None:
    if t.kind != "add":
        return None
    k = draw.randrange(len(t.parts))
    return replace(t, parts=(*t.parts[:k], neg(t.parts[k]), *t.parts[k + 1 :]))


def _coefficient(t: Tree, draw: random.Random) -> Tree | None:
    return (
        number(t.value + draw.choice((1, -1, 2, Fraction(1, 10**9))))
        if t.kind == "number"
        else mul(TWO, t)
    )


def _exponent(t: Tree, _draw: random.Random) -> Tree | None:
    return replace(t, value=t.value + 1) if t.kind == "pow" else None


def _drop(t: Tree, draw: random.Random) -> Tree | None:
    if t.kind not in {"add", "mul"}:
        return None
    k = draw.randrange(len(t.parts))
    kept = t.parts[:k] + t.parts[k + 1 :]
    return kept[0] if len(kept) == 1 else replace(t, parts=kept)


def _rename(t: Tree, draw: random.Random) -> Tree | None:
    return replace(t, name=draw.choice(NAMES)) if t.kind == "name" else None


def _other_function(t: Tree, draw: random.Random) -> Tree | None:
    return replace(t, kind=draw.choice(FUNCTIONS)) if t.kind in FUNCTIONS else None


EDITS: tuple[Change, ...] = (_sign, _coefficient, _exponent, _drop, _rename, _other_function)


def changed(tree: Tree, changes: tuple[Change, ...], draw: random.Random) -> Tree:
    """The tree after one change at a place where it applies."""
    places = [*walk(tree)]
    while True:
        path, node = draw.choice(places)
        new = draw.choice(changes)(node, draw)
        if new is not None:
            return put(tree, path, new)


def has_functions(tree: Tree) -> bool:
    return any(node.kind in FUNCTIONS for _, node in walk(tree))


def apart(a: Tree, b: Tree, draw: random.Random) -> bool:
    """Whether the two were seen to differ at a real point where both have a value."""
    exact = not has_functions(a) and not has_functions(b)
    for _ in range(POINTS):
        point = {name: Fraction(draw.randint(1, 40), draw.randint(7, 13)) for name in NAMES}
        try:
            if exact:
                if _exact(a, point) != _exact(b, point):
                    return True
                continue
            with mpmath.workdps(DIGITS):
                first, second = _real(a, point), _real(b, point)
                if abs(first - second) > APART * (1 + abs(first) + abs(second)):
                    return True
        except Undefined:
            continue
    return False


def real_somewhere(a: Tree, b: Tree, draw: random.Random) -> bool:
    """Whether both have a real value at one point: rewritings of logarithms and roots promise nothing elsewhere."""
    for _ in range(POINTS):
        point = {name: Fraction(draw.randint(1, 40), draw.randint(7, 13)) for name in NAMES}
        try:
            with mpmath.workdps(DIGITS):
                _real(a, point), _real(b, point)
        except Undefined:
            continue
        return True
    return False


def _exact(t: Tree, point: dict[str, Fraction]) -> Fraction:
    if t.kind in {"number", "name"}:
        return t.value if t.kind == "number" else point[t.name]
    parts = [_exact(part, point) for part in t.parts]
    if (t.kind == "div" and parts[1] == 0) or (t.kind == "pow" and t.value < 0 and parts[0] == 0):
        raise Undefined
    if t.kind in {"add", "mul"}:
        total = parts[0]
        for part in parts[1:]:
            total = total + part if t.kind == "add" else total * part
    elif t.kind == "neg":
        total = -parts[0]
    else:
        total = parts[0] / parts[1] if t.kind == "div" else parts[0] ** int(t.value)
    if total.numerator.bit_length() + total.denominator.bit_length() > LARGEST_BITS:
        raise Undefined
    return total


def _real(t: Tree, point: dict[str, Fraction]) -> mpmath.mpf:
    if t.kind in {"number", "name"}:
        value = t.value if t.kind == "number" else point[t.name]
        return mpmath.mpf(value.numerator) / value.denominator
    parts = [_real(part, point) for part in t.parts]
    match t.kind:
        case "add":
            return mpmath.fsum(parts)
        case "mul":
            return mpmath.fprod(parts)
        case "neg":
            return -parts[0]
        case "div":
            return _quotient(parts[0], parts[1])
        case "pow":
            whole = parts[0] ** abs(int(t.value))
            return whole if t.value > 0 else _quotient(mpmath.mpf(1), whole)
        case _:
            return _applied(t.kind, parts[0])


def _quotient(top: mpmath.mpf, bottom: mpmath.mpf) -> mpmath.mpf:
    if abs(bottom) < APART:
        raise Undefined
    return top / bottom


def _applied(function: str, x: mpmath.mpf) -> mpmath.mpf:
    if abs(x) > LARGEST_ARGUMENT and function not in {"abs", "relu", "sqrt", "ln"}:
        raise Undefined
    if (function == "sqrt" and x < 0) or (function == "ln" and x < APART):
        raise Undefined
    if function in {"abs", "relu"}:
        return abs(x) if function == "abs" or x > 0 else mpmath.mpf(0)
    return 1 / (1 + mpmath.exp(-x)) if function == "sigmoid" else getattr(mpmath, function)(x)

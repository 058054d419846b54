"""A canonical text for a tree: equal texts mean equal expressions, the converse is not claimed."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from grader.expressions.arraynames import ARRAY
from grader.expressions.tree import (
    Add,
    Call,
    Collection,
    Constant,
    Indexed,
    Interval,
    Matrix,
    Mul,
    Neg,
    Node,
    Number,
    Piecewise,
    PlusMinus,
    Pow,
    Recip,
    Reduce,
    Relation,
    Symbol,
    children,
)

REDUCE, PLUS_MINUS = "Σ", "±"
"""Marks in the text of a sum, product or integral, and of two values; no name can hold them."""
_Bound = Mapping[str, str]  # names bound by sums around, and what they are called here
_FREE: _Bound = {}
_DEPTH = ""  # no name: how many sums are around


def normal(node: Node, bound: _Bound = _FREE) -> str:
    """Sums and products flattened and sorted, written numbers collected, spellings and bound names unified."""
    return _RULES[type(node)](node, bound)


def _number(node: Number, _: _Bound) -> str:
    return _digits(node.value)


def _symbol(node: Symbol, bound: _Bound) -> str:
    return bound.get(node.name) or f"'{node.name}'"


def _constant(node: Constant, _: _Bound) -> str:
    return node.name


def _power(node: Pow, bound: _Bound) -> str:
    if isinstance(node.base, Constant) and node.base.name == "e":
        return f"exp({normal(node.exponent, bound)})"
    return f"[{normal(node.base, bound)}^{normal(node.exponent, bound)}]"


def _call(node: Call, bound: _Bound) -> str:
    inside = [normal(argument, bound) for argument in node.arguments]
    match node.meaning:
        case "sqrt":
            return f"[{inside[0]}^1/2]"
        case "relu":
            inside, meaning = ["0/1", *inside], "max"
        case meaning:
            pass
    if meaning in {"min", "max", "and", "or", "union", "intersection"}:
        inside.sort()
    return f"{meaning or '@' + node.name}({','.join(inside)})"


def _relation(node: Relation, bound: _Bound) -> str:
    return f"relation{node.operators}({_list(node.sides, bound)})"


def _indexed(node: Indexed, bound: _Bound) -> str:
    return f"'{node.name}'_[{_list(node.indices, bound)}]"


def _reduce(node: Reduce, bound: _Bound) -> str:
    ends = ",".join(["" if end is None else normal(end, bound) for end in (node.lower, node.upper)])
    depth = bound.get(_DEPTH, "")
    inner = {**bound, node.variable: f"#{depth}", _DEPTH: f"{depth}'"}
    return f"{REDUCE}{node.kind}({ends};{inner[node.variable]};{normal(node.body, inner)})"


def _collection(node: Collection, bound: _Bound) -> str:
    if node.kind == "tuple":
        return f"tuple({_list(node.items, bound)})"
    return f"set({','.join(sorted({normal(item, bound) for item in node.items}))})"


def _matrix(node: Matrix, bound: _Bound) -> str:
    return f"matrix({';'.join([_list(row, bound) for row in node.rows])})"


def _interval(node: Interval, bound: _Bound) -> str:
    ends = _list((node.lower, node.upper), bound)
    return f"interval{node.lower_open:d}{node.upper_open:d}({ends})"


def _piecewise(node: Piecewise, bound: _Bound) -> str:
    pieces = [
        f"{normal(value, bound)}:{'' if condition is None else normal(condition, bound)}"
        for value, condition in node.pieces
    ]
    return f"cases({';'.join(pieces)})"


def _plus_minus(node: PlusMinus, bound: _Bound) -> str:
    return f"{PLUS_MINUS}({_list((node.centre, node.spread), bound)})"


def _list(nodes: tuple[Node, ...], bound: _Bound) -> str:
    return ",".join([normal(node, bound) for node in nodes])


def _sum(node: Add | Neg, bound: _Bound) -> str:
    constant, terms = Fraction(0), []
    waiting: list[tuple[Node, int]] = [(node, 1)]
    while waiting:
        part, sign = waiting.pop()
        if isinstance(part, Add):
            waiting.extend([(term, sign) for term in part.terms])
        elif isinstance(part, Neg):
            waiting.append((part.argument, -sign))
        elif isinstance(part, Number):
            constant += sign * part.value
        else:
            terms.append(("-" if sign < 0 else "+") + normal(part, bound))
    if constant:
        terms.append(f"+{_digits(constant)}")
    terms.sort()
    if len(terms) == 1 and terms[0][0] == "+":
        return terms[0][1:]
    return f"({''.join(terms)})" if terms else _digits(Fraction(0))


def _product(node: Mul | Recip, bound: _Bound) -> str:
    constant = Fraction(1)
    factors: list[str] = []
    kept: list[Node] = []
    waiting: list[tuple[Node, int]] = [(node, 1)]
    while waiting:
        part, power = waiting.pop()
        if isinstance(part, Mul):
            # the last is taken first: turned around, so that matrices keep their order
            waiting.extend([(factor, power) for factor in reversed(part.factors)])
        elif isinstance(part, Recip):
            waiting.append((part.argument, -power))
        elif isinstance(part, Neg):
            constant = -constant
            waiting.append((part.argument, power))
        elif isinstance(part, Number) and part.value:
            constant = constant * part.value if power > 0 else constant / part.value
        else:
            kept.append(part)
            factors.append(("*" if power > 0 else "/") + normal(part, bound))
    if constant != 1:
        factors.append(f"*{_digits(constant)}")
    if len(kept) == 1 or not any(map(_may_be_matrix, kept)):
        factors.sort()
    if len(factors) == 1 and factors[0][0] == "*":
        return factors[0][1:]
    return f"<{''.join(factors)}>" if factors else _digits(Fraction(1))


_ORDERED = frozenset({"transpose", "inverse", "cross", "softmax", ARRAY})
_NUMBERS = frozenset({"trace", "det", "norm", "dot"})


def _may_be_matrix(node: Node) -> bool:
    """Whether the order of factors may count for this one."""
    if isinstance(node, Matrix | Collection):
        return True
    if isinstance(node, Call) and node.meaning in _ORDERED | _NUMBERS:
        return node.meaning in _ORDERED
    return any(map(_may_be_matrix, children(node)))


def _digits(value: Fraction) -> str:
    """Hexadecimal, which has no limit on length and takes linear time."""
    return f"{value.numerator:x}/{value.denominator:x}"


_RULES: dict[type, Callable[[Any, _Bound], str]] = {
    Number: _number,
    Symbol: _symbol,
    Constant: _constant,
    Add: _sum,
    Neg: _sum,
    Mul: _product,
    Recip: _product,
    Pow: _power,
    Call: _call,
    Relation: _relation,
    Indexed: _indexed,
    Reduce: _reduce,
    Collection: _collection,
    Matrix: _matrix,
    Interval: _interval,
    Piecewise: _piecewise,
    PlusMinus: _plus_minus,
}

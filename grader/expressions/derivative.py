"""Derivatives of trees: how `diff(f, x)` in a rubric is carried out."""

from dataclasses import replace
from fractions import Fraction

from grader.expressions.limits import MAX_DEPTH, MAX_DERIVED_NODES
from grader.expressions.tree import (
    ONE,
    ZERO,
    Add,
    Call,
    Collection,
    Constant,
    Indexed,
    Matrix,
    Mul,
    Neg,
    Node,
    Number,
    Piecewise,
    Pow,
    Recip,
    Reduce,
    Relation,
    Symbol,
    children,
    fits,
    rebuild,
    symbols,
)
from grader.expressions.tree import replace as put_in


class NotDifferentiable(ValueError):
    """`args[0]` names the function that has no derivative here."""


def carry_out(node: Node) -> Node:
    """The tree with every diff(f, x) replaced by the derivative. Raises `NotDifferentiable`."""
    below = children(node)
    if not below:
        return node
    done = tuple([carry_out(child) for child in below])
    if isinstance(node, Call) and node.meaning == "diff" and isinstance(done[1], Symbol):
        found = derivative(done[0], done[1].name)
        if not fits(found, 2 * MAX_DEPTH, MAX_DERIVED_NODES):
            raise NotDifferentiable("anything this large")
        return found
    return rebuild(node, done)


def derivative(node: Node, name: str) -> Node:
    """d node / d name, hardly simplified."""
    match node:
        case Number() | Constant():
            return ZERO
        case Symbol(other):
            return ONE if other == name else ZERO
        case Add(terms):
            return plus([derivative(term, name) for term in terms])
        case Neg(argument):
            return negative(derivative(argument, name))
        case Mul(factors):
            return _product_rule(factors, name)
        case Recip(argument):
            square = Recip(Pow(argument, _number(2)))
            return negative(times(derivative(argument, name), square))
        case Pow(base, exponent):
            return _power_rule(base, exponent, name)
        case Call(_, arguments, meaning):
            return _chain_rule(meaning, arguments, name)
        case _:
            return _of_composite(node, name)


def _of_composite(node: Node, name: str) -> Node:
    match node:
        case Reduce():
            return _of_reduce(node, name)
        case Piecewise(pieces):
            return Piecewise(tuple([(derivative(value, name), test) for value, test in pieces]))
        case Matrix() | Collection("tuple", _):
            return rebuild(node, tuple([derivative(child, name) for child in children(node)]))
        case Indexed():
            if name in symbols(node):
                raise NotDifferentiable("an index")
            return ZERO
        case _:
            raise NotDifferentiable("a relation" if isinstance(node, Relation) else "this")


def _of_reduce(node: Reduce, name: str) -> Node:
    """Sums term by term; an integral by its ends and under the sign (Leibniz)."""
    if name not in symbols(node):
        return ZERO
    ends = [end for end in (node.lower, node.upper) if end is not None]
    at_ends = any(name in symbols(end) for end in ends)
    if node.kind == "product" or (node.kind == "sum" and at_ends) or len(ends) == 1:
        raise NotDifferentiable(f"a {node.kind} like this")
    if not ends and node.kind == "integral":
        if node.variable != name:
            raise NotDifferentiable("an integral without limits")
        return node.body
    inside = ZERO if name == node.variable else derivative(node.body, name)
    parts: list[Node] = [ZERO if inside == ZERO else replace(node, body=inside)]
    if node.kind == "integral":
        for end, sign in zip(ends, (-1, 1), strict=True):
            rate = times(put_in(node.body, {node.variable: end}), derivative(end, name))
            parts.append(negative(rate) if sign < 0 else rate)
    return plus(parts)


def _number(value: int) -> Number:
    return Number(Fraction(value), str(value))


def _call(meaning: str, *arguments: Node) -> Call:
    return Call(meaning, arguments, meaning)


def plus(terms: list[Node]) -> Node:
    """A sum without its zeros."""
    kept = [term for term in terms if term != ZERO]
    return Add(tuple(kept)) if len(kept) > 1 else (kept[0] if kept else ZERO)


def negative(node: Node) -> Node:
    """Minus a node; zero stays zero."""
    return ZERO if node == ZERO else Neg(node)


def times(*factors: Node) -> Node:
    """A product without its ones; zero when a factor is."""
    if ZERO in factors:
        return ZERO
    kept = [factor for factor in factors if factor != ONE]
    return Mul(tuple(kept)) if len(kept) > 1 else (kept[0] if kept else ONE)


def _product_rule(factors: tuple[Node, ...], name: str) -> Node:
    return plus(
        [
            times(*factors[:k], derivative(factor, name), *factors[k + 1 :])
            for k, factor in enumerate(factors)
        ]
    )


def _power_rule(base: Node, exponent: Node, name: str) -> Node:
    inside = derivative(base, name)
    less = Add((exponent, Neg(ONE)))
    first = times(exponent, Pow(base, less), inside)
    outside = derivative(exponent, name)
    if outside == ZERO:
        return first
    second = times(Pow(base, exponent), _call("log", base), outside)
    return plus([first, second])


def _chain_rule(meaning: str, arguments: tuple[Node, ...], name: str) -> Node:
    if meaning in {"min", "max"}:
        return _extreme(meaning, arguments, name)
    if meaning == "root":
        return _power_rule(arguments[0], Recip(arguments[1]), name)
    if meaning == "logb":
        quotient = Mul((_call("log", arguments[0]), Recip(_call("log", arguments[1]))))
        return derivative(quotient, name)
    inside = [derivative(argument, name) for argument in arguments]
    if all(part == ZERO for part in inside):
        return ZERO
    if len(arguments) != 1:
        raise NotDifferentiable(meaning or "an abstract function")
    return times(_outer(meaning, arguments[0]), inside[0])


def _extreme(meaning: str, arguments: tuple[Node, ...], name: str) -> Node:
    """max(a, b)' is a' where a > b and b' where b > a; more arguments pair up from the left."""
    if len(arguments) == 1:
        return derivative(arguments[0], name)
    first, rest = arguments[0], arguments[1:]
    second = rest[0] if len(rest) == 1 else _call(meaning, *rest)
    gap: Node = Add((first, Neg(second)))
    gap, other = (gap, Neg(gap)) if meaning == "max" else (Neg(gap), gap)
    return plus(
        [
            times(_call("step", gap), derivative(first, name)),
            times(_call("step", other), derivative(second, name)),
        ]
    )


def _outer(meaning: str, x: Node) -> Node:
    """The derivative of a one-argument function at x."""
    match meaning:
        case "sin" | "sinh":
            return _call("cos" + meaning[3:], x)
        case "cos":
            return Neg(_call("sin", x))
        case "cosh" | "exp":
            return _call("sinh" if meaning == "cosh" else "exp", x)
        case "tan" | "tanh":
            square = Pow(_call(meaning, x), _number(2))
            return Add((ONE, square if meaning == "tan" else Neg(square)))
        case "log" | "log2" | "log10":
            scale = ONE if meaning == "log" else Recip(_call("log", _number(int(meaning[3:]))))
            return times(Recip(x), scale)
        case "sqrt":
            return Recip(Mul((_number(2), _call("sqrt", x))))
        case "sigmoid":
            value = _call("sigmoid", x)
            return Mul((value, Add((ONE, Neg(value)))))
        case "relu" | "abs":
            return _call("step" if meaning == "relu" else "sign", x)
        case "sign" | "step" | "floor" | "ceil":
            return ZERO
        case _:
            return _outer_inverse(meaning, x)


def _outer_inverse(meaning: str, x: Node) -> Node:
    """The derivative of an inverse trigonometric or hyperbolic function at x."""
    square = Pow(x, _number(2))
    one_minus, one_plus = Add((ONE, Neg(square))), Add((ONE, square))
    match meaning:
        case "arcsin" | "arccos":
            slope = Recip(_call("sqrt", one_minus))
            return slope if meaning == "arcsin" else Neg(slope)
        case "arctan" | "artanh":
            return Recip(one_plus if meaning == "arctan" else one_minus)
        case "arsinh":
            return Recip(_call("sqrt", one_plus))
        case _:
            raise NotDifferentiable(meaning or "an abstract function")

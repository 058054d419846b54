"""A canonical text for a tree: equal texts mean equal expressions, the converse is not claimed."""

from fractions import Fraction

from grader.expressions.tree import (
    Add,
    Call,
    Constant,
    Mul,
    Neg,
    Node,
    Number,
    Pow,
    Recip,
    Relation,
    Symbol,
)


def normal(node: Node) -> str:
    """Sums and products flattened and sorted, written numbers collected, spellings unified."""
    match node:
        case Number(value, _):
            return _digits(value)
        case Symbol(name):
            return f"'{name}'"
        case Constant(name):
            return name
        case Add() | Neg():
            return _sum(node)
        case Mul() | Recip():
            return _product(node)
        case Pow(Constant("e"), exponent):
            return f"exp({normal(exponent)})"
        case Pow(base, exponent):
            return f"[{normal(base)}^{normal(exponent)}]"
        case Call(_, arguments, "sqrt"):
            return f"[{normal(arguments[0])}^{_digits(Fraction(1, 2))}]"
        case Call(name, arguments, meaning):
            inside = [normal(argument) for argument in arguments]
            if meaning in {"min", "max"}:
                inside.sort()
            return f"{meaning or '@' + name}({','.join(inside)})"
        case Relation(operators, sides):
            return f"relation{operators}({','.join([normal(side) for side in sides])})"


def _sum(node: Node) -> str:
    constant, terms = Fraction(0), []
    waiting = [(node, 1)]
    while waiting:
        part, sign = waiting.pop()
        match part:
            case Add(inner):
                waiting.extend([(term, sign) for term in inner])
            case Neg(argument):
                waiting.append((argument, -sign))
            case Number(value, _):
                constant += sign * value
            case _:
                terms.append(("-" if sign < 0 else "+") + normal(part))
    if constant:
        terms.append(f"+{_digits(constant)}")
    terms.sort()
    if len(terms) == 1 and terms[0][0] == "+":
        return terms[0][1:]
    return f"({''.join(terms)})" if terms else _digits(Fraction(0))


def _product(node: Node) -> str:
    constant, factors = Fraction(1), []
    waiting = [(node, 1)]
    while waiting:
        part, power = waiting.pop()
        match part:
            case Mul(inner):
                waiting.extend([(factor, power) for factor in inner])
            case Recip(argument):
                waiting.append((argument, -power))
            case Neg(argument):
                constant = -constant
                waiting.append((argument, power))
            case Number(value, _) if value:
                constant = constant * value if power > 0 else constant / value
            case _:
                factors.append(("*" if power > 0 else "/") + normal(part))
    if constant != 1:
        factors.append(f"*{_digits(constant)}")
    factors.sort()
    if len(factors) == 1 and factors[0][0] == "*":
        return factors[0][1:]
    return f"<{''.join(factors)}>" if factors else _digits(Fraction(1))


def _digits(value: Fraction) -> str:
    """Hexadecimal, which has no limit on length and takes linear time."""
    return f"{value.numerator:x}/{value.denominator:x}"

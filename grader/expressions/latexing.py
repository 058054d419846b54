"""A tree to LaTeX, for reports."""

import re

from grader.expressions.glyphs import GREEK_NAMES
from grader.expressions.names import scan_word
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

_SUM, _PRODUCT, _POWER, _ATOM = 1, 2, 3, 4
_ACCENTED = re.compile(r"([A-Za-z]+?)(hat|bar|tilde|dot)")
_DERIVATIVE = re.compile(r"d([A-Za-z]\w*?)_d([A-Za-z]\w*)")
_CONSTANTS = {"pi": r"\pi", "inf": r"\infty"}
_OPERATORS = {"<=": r"\le", ">=": r"\ge", "!=": r"\ne"}
_UPRIGHT = frozenset(
    [
        "sin",
        "cos",
        "tan",
        "sec",
        "csc",
        "cot",
        "sinh",
        "cosh",
        "tanh",
        "coth",
        "arcsin",
        "arccos",
        "arctan",
        "exp",
        "log",
        "ln",
        "min",
        "max",
    ]
)


def latex(node: Node, level: int = 0) -> str:
    """The LaTeX of a tree, without dollar signs, in brackets when looser than `level`."""
    text, strength = _bare(node)
    return rf"\left({text}\right)" if strength < level else text


def name_latex(name: str) -> str:
    """A name with its accent, index and Greek letter: yhat_2 -> \\hat{y}_{2}, de_dg -> a fraction."""
    partial = _DERIVATIVE.fullmatch(name)
    if partial:
        top, bottom = (name_latex(part) for part in partial.groups())
        return rf"\frac{{\partial {top}}}{{\partial {bottom}}}"
    units = scan_word(name, 0)
    if not units or units[-1].end != len(name):
        return rf"\mathrm{{{re.sub(r'[^A-Za-z0-9]', ' ', name)}}}"
    base = "".join(unit.fold for unit in units[:-1]) + units[-1].base
    index = f"_{{{units[-1].index}}}" if units[-1].index else ""
    accented = _ACCENTED.fullmatch(base)
    if accented:
        return rf"\{accented[2]}{{{_letters(accented[1])}}}{index}"
    return _letters(base) + index


def _letters(base: str) -> str:
    if base in GREEK_NAMES:
        return f"\\{base}"
    return base if len(base) == 1 else rf"\mathrm{{{base}}}"


def _bare(node: Node) -> tuple[str, int]:
    match node:
        case Number(value, text):
            return (
                _number(text)
                if text.isascii()
                else (rf"\frac{{{value.numerator}}}{{{value.denominator}}}", _POWER)
            )
        case Symbol(name):
            return name_latex(name), _ATOM
        case Constant(name):
            return _CONSTANTS.get(name, name), _ATOM
        case Add(terms):
            return _sum(terms), _SUM
        case Neg(argument):
            return f"-{latex(argument, _PRODUCT)}", _SUM
        case Mul(factors):
            return _product(factors)
        case Recip(argument):
            return rf"\frac{{1}}{{{latex(argument)}}}", _POWER
        case Pow(base, exponent):
            return f"{latex(base, _ATOM)}^{{{latex(exponent)}}}", _POWER
        case Call(name, arguments, _):
            return _call(name, arguments), _ATOM
        case Relation(operators, sides):
            text = latex(sides[0])
            for operator, side in zip(operators, sides[1:], strict=True):
                text += f" {_OPERATORS.get(operator, operator)} {latex(side)}"
            return text, 0


def _number(text: str) -> tuple[str, int]:
    percent = r"\%" if text.endswith("%") else ""
    mantissa, _, power = text.rstrip("%").lower().partition("e")
    if power:
        return rf"{mantissa} \cdot 10^{{{power}}}{percent}", _PRODUCT
    return mantissa + percent, _ATOM


def _sum(terms: tuple[Node, ...]) -> str:
    text = latex(terms[0], _SUM)
    for term in terms[1:]:
        if isinstance(term, Neg):
            text += f" - {latex(term.argument, _PRODUCT)}"
        else:
            text += f" + {latex(term, _PRODUCT)}"
    return text


def _product(factors: tuple[Node, ...]) -> tuple[str, int]:
    """Everything multiplied over everything divided by."""
    above: list[Node] = [factor for factor in factors if not isinstance(factor, Recip)]
    below: list[Node] = [factor.argument for factor in factors if isinstance(factor, Recip)]
    if not below:
        return _times(above), _PRODUCT
    bottom = latex(below[0]) if len(below) == 1 else _times(below)
    top = latex(above[0]) if len(above) == 1 else (_times(above) or "1")
    return rf"\frac{{{top}}}{{{bottom}}}", _POWER


def _times(factors: list[Node]) -> str:
    return r" \cdot ".join([latex(factor, _PRODUCT + (k > 0)) for k, factor in enumerate(factors)])


def _call(name: str, arguments: tuple[Node, ...]) -> str:
    if name == "factorial" and len(arguments) == 1:
        return rf"{latex(arguments[0], _ATOM)}!"
    inside = [latex(argument) for argument in arguments]
    match name, len(arguments):
        case "sqrt", 1:
            return rf"\sqrt{{{inside[0]}}}"
        case "root", 2:
            return rf"\sqrt[{inside[1]}]{{{inside[0]}}}"
        case "abs", 1:
            return rf"\left|{inside[0]}\right|"
        case "logb", 2:
            return rf"\log_{{{inside[1]}}}\left({inside[0]}\right)"
    shown = f"\\{name}" if name in _UPRIGHT else name_latex(name)
    return rf"{shown}\left({', '.join(inside)}\right)"

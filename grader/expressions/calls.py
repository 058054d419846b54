"""A function and its arguments, checked and built."""

from fractions import Fraction

from grader.expressions.functions import ARITIES, INVERSES
from grader.expressions.tokens import Token
from grader.expressions.tree import Call, Neg, Node, Number, Symbol
from grader.expressions.unreadable import Unreadable


def build_call(token: Token, arguments: tuple[Node, ...], text: str) -> Node:
    """The call of `token`'s function. Raises `Unreadable` when the arguments do not fit."""
    if token.meaning:
        fewest, most = ARITIES[token.meaning]
        if not fewest <= len(arguments) <= most:
            wanted = "one argument" if most == 1 else f"{fewest} arguments"
            raise Unreadable(
                f"{token.text} takes {wanted}: it was given {len(arguments)}.", text, token.start
            )
    if token.meaning == "diff" and not isinstance(arguments[1], Symbol):
        raise Unreadable(
            "The second argument of diff is a name: write diff(f, x).", text, token.start
        )
    if token.base:
        base = Number(Fraction(token.base), str(token.base))
        return Call("logb", (*arguments, base), "logb")
    return Call(token.text, arguments, token.meaning)


def inverse(meaning: str, exponent: Node) -> str | None:
    """sin^-1 x is arcsin x: the inverse's name when the exponent says -1."""
    minus_one = isinstance(exponent, Neg) and exponent.argument == Number(Fraction(1), "1")
    return INVERSES.get(meaning) if minus_one else None


def too_wide(meaning: str) -> bool:
    """Whether the function takes several arguments, so brackets cannot be left out."""
    return meaning in ARITIES and ARITIES[meaning][1] > 1

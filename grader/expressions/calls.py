"""A function and its arguments, checked and built."""

from fractions import Fraction

from grader.expressions.binding import bind
from grader.expressions.functions import ARITIES, INVERSES, OVER_A_NAME
from grader.expressions.tokens import Token
from grader.expressions.tree import Call, Collection, Interval, Neg, Node, Number, Symbol
from grader.expressions.unreadable import Unreadable

_ONE_ARGUMENT = (1, 1)


def apply(token: Token, arguments: tuple[Node, ...], text: str, declared: frozenset[str]) -> Node:
    """The call of `token`'s function. Raises `Unreadable` when the arguments do not fit."""
    meaning = token.meaning
    if meaning in {"max", "min"} and len(arguments) == 1:
        arguments = _listed(arguments[0])
    if meaning:
        fewest, most = ARITIES.get(meaning, _ONE_ARGUMENT)
        if not fewest <= len(arguments) <= most:
            wanted = "one argument" if most == 1 else f"{fewest} arguments"
            raise Unreadable(
                f"{token.text} takes {wanted}: it was given {len(arguments)}.", text, token.start
            )
    if meaning == "diff" and not isinstance(arguments[1], Symbol):
        raise Unreadable(
            "The second argument of diff is a name: write diff(f, x).", text, token.start
        )
    if meaning in OVER_A_NAME:
        arguments = _over(token, arguments, text, declared)
    if token.base:
        base = Number(Fraction(token.base), str(token.base))
        return Call("logb", (*arguments, base), "logb")
    return Call(token.text, arguments, meaning)


def _listed(argument: Node) -> tuple[Node, ...]:
    """max of a list is max of its entries."""
    match argument:
        case Collection(_, items) if items:
            return items
        case Interval(lower, upper, False, False):
            return (lower, upper)
        case _:
            return (argument,)


def _over(
    token: Token, arguments: tuple[Node, ...], text: str, declared: frozenset[str]
) -> tuple[Node, ...]:
    name = arguments[1]
    if not isinstance(name, Symbol):
        raise Unreadable(
            f"The second argument of {token.text} is a name: write {token.text}(f, x).",
            text,
            token.start,
        )
    return bind(arguments[0], name.name, declared), name


def inverse(meaning: str, exponent: Node) -> str | None:
    """sin^-1 x is arcsin x: the inverse's name when the exponent says -1."""
    minus_one = isinstance(exponent, Neg) and exponent.argument == Number(Fraction(1), "1")
    return INVERSES.get(meaning) if minus_one else None


def too_wide(meaning: str) -> bool:
    """Whether the function takes several arguments, so brackets cannot be left out."""
    return meaning in ARITIES and ARITIES[meaning][1] > 1

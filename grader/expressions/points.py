"""Where expressions are compared: seeded points in each symbol's domain.

The first few are short decimals, so that a difference found there is easy to repeat by hand; the
rest have large random denominators, so that periodic functions are not met at special places.
All denominators are even, so that a symbol is never by accident an odd root's exponent.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from grader.expressions.chance import Chance
from grader.expressions.limits import LONG_SUM, MAX_POINT_TRIES
from grader.expressions.showing import show_decimal

NICE_POINTS = 4
_NICE_DENOMINATOR = 100
_LOW_DENOMINATOR, _HIGH_DENOMINATOR = 100_000, 1_000_000
# (lowest, highest) per round: probabilities, beyond one, both signs, small both signs, large
_SPANS = ((0, 1), (1, 3), (-3, 3), (-1, 1), (3, 10), (-10, 10), (30, 300))
_POSITIVE_SPANS = ((0, 1), (1, 3), (0, 3), (0, 1), (3, 10), (0, 10), (30, 300))
_INTEGER_SPANS = ((1, 3), (2, 9), (-4, 5), (0, 12), (-9, 9), (10, 40), (1, 20))
LENGTHS = (2, 3, 1, 4, 0, 5, 7, 12)
"""Values of a name that ends a sum; the short ones first, and each of them among the first eight places that count."""

WHOLE = frozenset({"integer", "length", "other length", "index"})
_FAR = (Fraction(1_000), Fraction(1_000_000))
_BESIDE = Fraction(1, 1_000)
_MOST_LANDMARKS = 5

_NEARER = (Fraction(1, 10**3), Fraction(1, 10**6), Fraction(1, 10**9))

Value = Fraction | tuple[Fraction, Fraction]  # a complex number is (real, imaginary)


_WIDE = (20, 700, 40_000, 10**7)
"""Sizes of far values."""


@dataclass(frozen=True, slots=True)
class Place:
    """A value for each symbol. `nice` places are for refuting; only the others count as evidence.

    `salt` chooses the entries of families, `length` is how far a sum without limits runs.
    """

    values: Mapping[str, Value]
    nice: bool
    salt: int = 0
    length: int = LENGTHS[0]

    def without(self, names: Collection[str]) -> "Place":
        """The same place with fewer values."""
        values = {name: value for name, value in self.values.items() if name not in names}
        return replace(self, values=values)

    def show(self) -> str:
        """x = 0.73, y = 2, so that a reader can try it."""
        return ", ".join([f"{name} = {show_value(value)}" for name, value in self.values.items()])


def show_value(value: Value) -> str:
    """A short decimal as such, another fraction as p/q, a complex number as a + b*i."""
    if isinstance(value, tuple):
        return f"{show_value(value[0])} + {show_value(value[1])}*i"
    decimal = show_decimal(value)
    return f"{value.numerator}/{value.denominator}" if decimal is None else decimal


def places(domains: Mapping[str, str], seed: int, key: int = 0) -> Iterator[Place]:
    """Points for symbols (name to domain), in an order that follows from the seed.

    Those that count as evidence follow from `key` too, a hash of what is compared, so that no answer can be made
    to vanish at them.
    """
    chance = Chance(seed)
    for k in range(MAX_POINT_TRIES):
        nice = k < NICE_POINTS
        if k == NICE_POINTS:
            chance = Chance(chance.word() ^ key)
        values = {
            name: _value(domain, k, nice, len(domains), chance) for name, domain in domains.items()
        }
        yield Place(values, nice, k if nice else chance.word(), LENGTHS[k % len(LENGTHS)])


def far_places(domains: Mapping[str, str], seed: int) -> Iterator[Place]:
    """Large values of both signs: where roots and logarithms of squares take their other branch."""
    chance = Chance(seed)
    for k in range(2 * len(_WIDE)):
        size, sign = _WIDE[k // 2], 1 - 2 * (k % 2)
        values: dict[str, Value] = {}
        for name, domain in domains.items():
            value = Fraction(sign * size * chance.between(500, 1500), 1000)
            if domain in {"positive", "nonnegative"}:
                value = abs(value)
            if domain not in {"real", "positive", "nonnegative"}:
                return
            values[name] = value
        yield Place(values, nice=True)


def integer_places(names: list[str], seed: int) -> Iterator[Place]:
    """Small integers, for expressions such as (-2)^n that are real only there."""
    chance = Chance(seed)
    for k in range(len(_INTEGER_SPANS)):
        values = {name: Fraction(chance.between(*_INTEGER_SPANS[k])) for name in names}
        yield Place(values, nice=True)


def longer(place: Place, ends: Collection[str], key: int) -> Iterator[Place]:
    """The same place with longer sums, the longest first; how long follows from a hash of what is compared."""
    chance = Chance(key)
    length = chance.between(*LONG_SUM)
    while length > LENGTHS[-1]:
        others = {name: Fraction(length - k) for k, name in enumerate(sorted(ends))}
        yield replace(place, values={**place.values, **others}, length=length)
        length = length * 2 // 3


def shrunk(place: Place) -> Iterator[Place]:
    """The same place with all values nearer to zero."""
    for nearer in _NEARER:
        values = {
            name: value if isinstance(value, tuple) else value * nearer
            for name, value in place.values.items()
        }
        yield replace(place, values=values)


def landmarks(domains: Mapping[str, str], written: list[Fraction]) -> Iterator[Place]:
    """Places just beside the numbers written in an expression, and far out, on both sides."""
    targets = [*_FAR, *written[:_MOST_LANDMARKS], *written[-_MOST_LANDMARKS:]]
    for target in dict.fromkeys([*targets, *[-target for target in targets]]):
        for beside in (-_BESIDE, _BESIDE):
            values: dict[str, Value] = {}
            for k, (name, domain) in enumerate(domains.items(), 1):
                value = target + k * beside
                if domain in {"positive", "nonnegative"}:
                    value = abs(value)
                if domain in WHOLE:
                    value = Fraction(round(target) + k * (1 if beside > 0 else -1))
                    if domain != "integer":
                        value = min(abs(value), Fraction(LENGTHS[-1]))
                values[name] = value
            yield Place(values, nice=True)


def _value(domain: str, k: int, nice: bool, count: int, chance: Chance) -> Value:
    turn = k % len(_SPANS)
    match domain:
        case "integer":
            return Fraction(chance.between(*_INTEGER_SPANS[turn]))
        case "length":
            return Fraction(LENGTHS[k % len(LENGTHS)])
        case "other length":
            return Fraction(LENGTHS[chance.between(0, len(LENGTHS) - 1)])
        case "index":
            return Fraction(chance.between(1, max(1, LENGTHS[k % len(LENGTHS)])))
        case "positive" | "nonnegative":
            return _rational(_POSITIVE_SPANS[turn], nice, count, chance)
        case "complex":
            parts = [_rational(_SPANS[2 + k % 4], nice, 1, chance) for _ in range(2)]
            return parts[0], parts[1]
        case _:
            return _rational(_SPANS[turn], nice, count, chance)


def _rational(span: tuple[int, int], nice: bool, count: int, chance: Chance) -> Fraction:
    """A random value strictly inside the span; (0, 1) is shared out so that a sum stays below one."""
    if nice:
        denominator = _NICE_DENOMINATOR
    else:
        denominator = 2 * chance.between(_LOW_DENOMINATOR, _HIGH_DENOMINATOR)
    low, high = span[0] * denominator, span[1] * denominator
    if span == (0, 1) and not nice:
        high = max(denominator // count, 8)
    numerator = chance.between(low, high - 1) | 1
    return Fraction(numerator, denominator)

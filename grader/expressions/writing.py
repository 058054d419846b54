"""What plain text and LaTeX share when a tree is written out: how tightly each node binds.

`Writer.show` gives what the reader accepts back as the same expression. Brackets stand where it needs them, but
not around the first of several terms or factors: (a*b)*c and a*b*c are one text.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from fractions import Fraction
from typing import assert_never

from grader.expressions.binding import RAISED
from grader.expressions.builders import SETOF
from grader.expressions.grouping import (
    ATOM,
    EXTREMES,
    LOOSE,
    POWER,
    PRODUCT,
    SETS,
    SUM,
    is_joined,
    is_pair,
    takes_all,
)
from grader.expressions.scope import Scope
from grader.expressions.spelling import bound
from grader.expressions.tree import (
    ZERO,
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
)

Written = tuple[str, int]
UNIONS = frozenset({"union", "intersection", "setminus"})
GIVEN = "_given"
_PROBABILITY = "probability "
_SEVERAL = frozenset({"max", "min", "diff", "sum", "product", "integral"})
_LIKE_A_NAME = re.compile(r"-?\w*")
_HALF_TURN = Mul((Constant("pi"), Recip(Number(Fraction(180), "180"))))


class Writer(ABC):
    """Writes trees as one question has them: decimal point, or comma; its spellings of names.

    Without a scope, names stand in their usual spelling and nobody asks how they are read.
    """

    signs: Mapping[str, str]
    """What stands for a relation, a union, a sum and the like, where it is not the same in all notations."""

    def __init__(self, decimal_comma: bool, scope: Scope | None = None) -> None:
        self.decimal_comma = decimal_comma
        self.scope = scope
        self.separator = "; " if decimal_comma else ", "
        self.beside: tuple[str, ...] = ()  # names bound anywhere in the text
        self.inside: tuple[str, ...] = ()  # names bound around the current node

    def show(self, node: Node) -> str:
        """The text of a whole tree."""
        self.beside = bound(node)
        return self.at(node, LOOSE)

    def at(self, node: Node, level: int) -> str:
        """The text of `node`, in brackets when it binds more loosely than `level`."""
        text, strength = self._bare(node)
        return self.bracketed(text) if strength < level else text

    def under(self, node: Node, name: str, level: int) -> str:
        """The text of `node` where `name` is bound."""
        kept, self.inside = self.inside, (*self.inside, name)
        text = self.at(node, level)
        self.inside = kept
        return text

    def all_at(self, nodes: tuple[Node, ...], level: int) -> str:
        """Several texts with separators."""
        return self.separator.join([self.at(node, level) for node in nodes])

    def _bare(self, node: Node) -> Written:  # noqa: PLR0912 - one branch for each kind of node
        """The text of `node` without brackets around it, and how tightly it binds."""
        match node:
            case Number():
                return self.number(node)
            case Symbol(name):
                return self.symbol(name)
            case Constant(name):
                return self.constant(name), ATOM
            case Add(terms):
                return self._sum(terms), SUM
            case Neg(argument):
                return f"-{self.at(argument, PRODUCT)}", SUM
            case Mul((Number(), turn)) if turn == _HALF_TURN:
                return self.degrees(node.factors[0]), POWER
            case Mul(factors):
                return self.product(factors)
            case Recip():
                return self.product((node,))
            case Pow(base, exponent):
                return self.power(base, exponent), POWER
            case Call():
                return self._call(node)
            case Relation(operators, sides):
                return self.relation(operators, sides, SETS), LOOSE
            case Indexed():
                return self._indexed(node), ATOM
            case Reduce():
                return self._reduce(node)
            case Collection():
                return self.collection(node), ATOM
            case Matrix(rows):
                return self.matrix(rows), ATOM
            case Interval(_, _, lower_open, upper_open):
                return self.interval(node), LOOSE if lower_open and upper_open else ATOM
            case Piecewise(pieces):
                return self.piecewise(pieces), ATOM
            case PlusMinus(centre, spread):
                before = "" if centre == ZERO else f"{self.at(centre, SUM)} "
                return f"{before}{self.sign('±')} {self.at(spread, PRODUCT)}", SUM
            case _:
                assert_never(node)

    def _sum(self, terms: tuple[Node, ...]) -> str:
        text = self.at(terms[0], SUM)
        for term in terms[1:]:
            negative = isinstance(term, Neg)
            part = term.argument if isinstance(term, Neg) else term
            text += (" - " if negative else " + ") + self.at(part, PRODUCT)
        return text

    def _call(self, node: Call) -> Written:
        name, arguments, meaning = node.name, node.arguments, node.meaning
        if meaning in UNIONS and len(arguments) == 2 and not any(map(is_pair, arguments)):
            first = arguments[0]
            alike = isinstance(first, Call) and first.meaning == meaning
            level = SETS if alike or not isinstance(first, Call) else SUM
            parts = (self.region(first, level), self.region(arguments[1], SUM))
            return f" {self.sign(meaning)} ".join(parts), SETS
        if meaning == "indicator" and is_joined(arguments[0]):
            return self.indicator(self.condition(arguments[0])), POWER
        if meaning in EXTREMES and isinstance(arguments[1], Symbol):
            return self.extreme(node, arguments[1].name), PRODUCT
        if meaning == SETOF:
            return self.set_of(*arguments), ATOM
        if meaning == "hadamard" and name == meaning:
            left, right = self.first_factor(arguments[0]), self.at(arguments[1], POWER)
            return f"{left} {self.sign(meaning)} {right}", PRODUCT
        if meaning == "inbase":
            return f"{self.at(arguments[0], ATOM)}_{{{self.at(arguments[1], ATOM)}}}", ATOM
        if meaning == "clock":
            return ":".join([self.at(argument, ATOM) for argument in arguments]), ATOM
        if meaning == "entry":
            return self.entry(arguments[0], arguments[1:]), POWER
        if meaning.startswith(_PROBABILITY):
            return self._probability(name, arguments), ATOM
        return self.call(node)

    def entry(self, base: Node, indices: tuple[Node, ...]) -> str:
        """(A x)_i, softmax(x)_k: an entry of what is no name."""
        text = self.at(base, LOOSE)
        if not (isinstance(base, Call) and text.endswith(")") and self._bare(base)[1] == ATOM):
            text = self.bracketed(text)
        match indices:
            case (Symbol(name),) if len(name) == 1:
                return f"{text}_{name}"
            case _:
                return f"{text}_{{{self.all_at(indices, SUM)}}}"

    def _indexed(self, node: Indexed) -> str:
        """x_i where i is bound or declared, else what is not taken for a name: x_{i + 1}, x_{(i)}."""
        name, indices = node.name, node.indices
        if name.endswith(RAISED):
            return self._raised(name.removesuffix(RAISED), *indices)
        named = [index.name for index in indices if isinstance(index, Symbol)]
        if all(isinstance(index, Symbol | Number) for index in indices) and (
            self.scope is None or any(self._ends_name(name, self.scope) for name in named)
        ):
            low = ",".join([self.at(index, SUM) for index in indices])
            return self.family(name, low)
        parts = [self.at(index, SUM) for index in indices]
        if _LIKE_A_NAME.fullmatch("".join(parts).replace(" ", "")):
            parts[0] = self.bracketed(parts[0])
        return f"{self.lowered(name)}_{{{self.separator.join(parts)}}}"

    def _ends_name(self, index: str, scope: Scope) -> bool:
        """Whether the reader takes x_i apart again, into the family x and its index."""
        return index in self.inside or not (scope.open or "_" in index)

    def lowered(self, name: str) -> str:
        """A name before an index."""
        return self.symbol(name)[0]

    def _raised(self, name: str, above: Node, *low: Node) -> str:
        """W^{(l)}_{i,j}"""
        below = f"_{{{self.all_at(low, SUM)}}}" if low else ""
        text, indices = self.symbol(name)[0], f"^{{({self.at(above, SUM)})}}{below}"
        if text.startswith(r"\frac{\partial") and text.endswith("}"):
            return f"{text[:-1]}{indices}}}"  # the index belongs to what is differentiated by
        return text + indices

    def several(self, meaning: str, texts: list[str]) -> str:
        """Arguments with separators; in max(0,5) the comma would part two of them."""
        joined = self.separator.join(texts)
        doubtful = self.decimal_comma and meaning in _SEVERAL and "," in joined
        if doubtful and not re.search(r";|,\s", joined.partition(")")[0]):
            texts = [self.bracketed(text) if "," in text else text for text in texts]
        return self.separator.join(texts)

    def _probability(self, name: str, arguments: tuple[Node, ...]) -> str:
        if not name.endswith(GIVEN) or len(arguments) != 2:
            return self.applied(name, self.all_at(arguments, LOOSE))
        parts = [
            self.all_at(part.items, LOOSE)
            if isinstance(part, Collection) and part.kind == "tuple"
            else self.at(part, LOOSE)
            for part in arguments
        ]
        return self.applied(name.removesuffix(GIVEN), self.given(*parts))

    def factor(self, node: Node, *, last: bool) -> str:
        """A factor after a sign; one that takes all that follows needs no brackets at the end."""
        open_ended = last and not isinstance(node, Mul) and takes_all(node)
        return self.at(node, PRODUCT if open_ended else POWER)

    def first_factor(self, node: Node) -> str:
        """The first of several factors."""
        return self.at(node, POWER if takes_all(node) else PRODUCT)

    def sign(self, meaning: str) -> str:
        """The sign of a relation, a union, a product entry by entry, ±."""
        return self.signs.get(meaning, meaning)

    def _reduce(self, node: Reduce) -> Written:
        ends = [None if end is None else self.at(end, SUM) for end in (node.lower, node.upper)]
        if node.kind == "integral":
            limits = [end for end in ends if end is not None]
            body = self.under(node.body, node.variable, SUM)
            both = f"_{{{limits[0]}}}^{{{limits[1]}}}" if len(limits) == 2 else ""
            return self.integral(node, body, limits, both)
        first, last = ends
        below = self.symbol(node.variable)[0] + ("" if first is None else f"={first}")
        above = "" if last is None else f"^{{{last}}}"
        body = self.under(node.body, node.variable, PRODUCT)
        return f"{self.sign(node.kind)}_{{{below}}}{above} {body}", PRODUCT

    def held(self, condition: Node) -> str:
        """The condition of a case or a set, without brackets where it needs none."""
        return self.condition(condition) if is_joined(condition) else self.at(condition, LOOSE)

    def condition(self, node: Node, *, first: bool = True) -> str:
        """A relation, or several joined by and, or; see `is_joined`."""
        match node:
            case Call(_, (left, right), "and" | "or" as word):
                start, end = self.condition(left, first=first), self.condition(right, first=False)
                return start + self.joining(word) + end
            case Relation(operators, sides):
                return self.relation(operators, sides, SETS if first else SUM)
            case _:
                return self.at(node, SUM)

    def relation(self, operators: tuple[str, ...], sides: tuple[Node, ...], level: int) -> str:
        """Sides with their operators; at `SETS` a side may be a union or, after ∈, an interval (0, 1)."""
        text = self.at(sides[0], level)
        for operator, side in zip(operators, sides[1:], strict=True):
            whole = operator == "in" and level == SETS
            text += f" {self.sign(operator)} "
            text += self.region(side, level) if whole else self.at(side, level)
        return text

    def region(self, node: Node, level: int) -> str:
        """A side of ∪, or what stands after ∈, where (0, 1) is an interval."""
        if isinstance(node, Interval) and node.lower_open and node.upper_open:
            return self.bracketed(self.all_at((node.lower, node.upper), SUM))
        return self.at(node, level)

    @abstractmethod
    def set_of(self, condition: Node, name: Node) -> str:
        """All values of a name for which a condition holds."""

    @abstractmethod
    def bracketed(self, text: str) -> str: ...

    @abstractmethod
    def number(self, node: Number) -> Written: ...

    @abstractmethod
    def symbol(self, name: str) -> Written: ...

    @abstractmethod
    def constant(self, name: str) -> str: ...

    @abstractmethod
    def degrees(self, number: Node) -> str: ...

    @abstractmethod
    def product(self, factors: tuple[Node, ...]) -> Written: ...

    @abstractmethod
    def power(self, base: Node, exponent: Node) -> str: ...

    @abstractmethod
    def call(self, node: Call) -> Written:
        """A function that has no sign of its own in every notation."""

    @abstractmethod
    def applied(self, name: str, inside: str) -> str:
        """A function's name and what stands in its brackets."""

    @abstractmethod
    def given(self, events: str, conditions: str) -> str:
        """Events, and what is known."""

    @abstractmethod
    def joining(self, word: str) -> str:
        """and, or, with blanks."""

    @abstractmethod
    def indicator(self, condition: str) -> str: ...

    @abstractmethod
    def extreme(self, node: Call, name: str) -> str:
        """A largest or smallest value over a name."""

    @abstractmethod
    def family(self, name: str, index: str) -> str:
        """x_i, the index being names and numbers."""

    @abstractmethod
    def integral(self, node: Reduce, body: str, limits: list[str], ends: str) -> Written:
        """An integral; `ends` are the limits as they follow its sign."""

    @abstractmethod
    def collection(self, node: Collection) -> str: ...

    @abstractmethod
    def matrix(self, rows: tuple[tuple[Node, ...], ...]) -> str: ...

    @abstractmethod
    def interval(self, node: Interval) -> str: ...

    @abstractmethod
    def piecewise(self, pieces: tuple[tuple[Node, Node | None], ...]) -> str: ...


def environment(name: str, lines: list[str]) -> str:
    """Rows of cells in LaTeX; also the only way to write a matrix with one row."""
    inside = r" \\ ".join(lines)
    return rf"\begin{{{name}}} {inside} \end{{{name}}}"

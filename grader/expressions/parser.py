"""Tokens to a tree, by recursive descent.

The one rule for products without a sign: side by side means times, with the strength of `*`, from
left to right: 1/2x is (1/2)*x, a/bc is (a/b)*c and 2x(x+1) is 2*x*(x+1); only ⊙ comes after it. A function without brackets takes the
product that follows, up to a sign, a bracket or another function: sin 2x cos x is sin(2x)*cos(x).
A sum takes the whole product that follows: \\sum_i x_i y_i + 1 is (the sum) + 1.
"""

import re

from grader.expressions.brackets import OTHERWISE
from grader.expressions.factors import STARTS_FACTOR, Factors
from grader.expressions.tree import (
    ZERO,
    Add,
    Call,
    Collection,
    Interval,
    Mul,
    Neg,
    Node,
    Number,
    PlusMinus,
    Recip,
    Relation,
)

_HOURS, _MINUTES = re.compile(r"\d\d?"), re.compile(r"0\d")
"""9:05 and 12:00 are times of day; no ratio is written with a 0 in front."""
_AFTER_MIXED = STARTS_FACTOR | {"bar", "norm", "number"}


class Parser(Factors):
    """Reads one sequence of tokens; each method leaves `self.k` after what it read."""

    def statement(self) -> Node:
        """A whole answer: an expression, a ratio a:b, a relation, or points with *and* between."""
        node = self.sum()
        if self.at("colon"):
            node = self._ratio(node)
        if self.at("word", "and") and _is_list(node):
            node = self._points(node)
        if not self.at("end"):
            node = self.continued(node)
        if self.at("word"):
            raise self.unexpected("write one relation, such as 0 < x < 1")
        if not self.at("end"):
            raise self.unexpected()
        return node

    def _ratio(self, above: Node) -> Node:
        if isinstance(above, Interval):
            raise self.no_value()
        self.next()
        start = self.k
        below = self.sum()
        if isinstance(below, Interval):
            self.k = start
            raise self.no_value()
        if self.at("end") and _is_number(above, _HOURS) and _is_number(below, _MINUTES):
            return Call("clock", (above, below), "clock")
        return Mul((above, Recip(below)))

    def _points(self, first: Node) -> Node:
        """(1, 2) and (3, 4): a list of lists."""
        points = [first]
        while self.take("word", "and"):
            start = self.tokens[self.k]
            points.append(self.sum())
            if not _is_list(points[-1]):
                raise self.fail("Write lists on both sides of *and*, or one value alone.", start)
        return Collection("tuple", tuple(points))

    def entry(self) -> Node:
        if self.at("word", "else"):
            self.next()
            return OTHERWISE
        node = self.sum()
        token = self.tokens[self.k]
        return self.continued(node) if token.kind in {"relation", "setop", "word"} else node

    def continued(self, first: Node) -> Node:
        """The rest of a relation, a union or a value by cases that begins with `first`."""
        outermost = self.depth == 0
        self.enter()
        sides, operators = [self._side(first)], []
        while self.at("relation"):
            operators.append(self.next().text)
            if operators[-1] == "~" and outermost:
                self.k -= 1
                raise self.unexpected("write = or ≈")
            side = self._side(self.sum())
            sides.append(_as_interval(side) if operators[-1] == "in" else side)
        node = Relation(tuple(operators), tuple(sides)) if operators else sides[0]
        if not outermost and self.at("word"):
            node = self._joined(node)
        self.depth -= 1
        return node

    def _joined(self, first: Node) -> Node:
        """Conditions joined by and, or: and binds closer."""
        node = first
        while self.at("word", "and"):
            self.next()
            node = Call("and", (node, self._plain_relation()), "and")
        if self.take("word", "or"):
            node = Call("or", (node, self._joined(self._plain_relation())), "or")
        return node

    def _side(self, first: Node) -> Node:
        """One side of a relation: values joined by ∪ or by ∩, or x if x > 0 else 0."""
        before = ""
        while self.at("setop"):
            name = self.next().text
            if before not in {"", name}:
                self.k -= 1
                raise self.unexpected("put brackets around what is joined first")
            before = name
            first = Call(name, (_as_interval(first), _as_interval(self.sum())), name)
        return self._chosen(first) if self.at("word", "if") or self.at("word", "choose") else first

    def _chosen(self, first: Node) -> Node:
        if self.take("word", "choose"):
            return Call("binom", (first, self.sum()), "binom")
        opening, entries = self.tokens[self.k], [first]
        while self.take("word", "if"):
            entries.append(self._joined(self._plain_relation()))
            if self.take("word", "else") or self.take("comma") or self.take("semicolon"):
                entries.append(self.sum())
                self.take("word", "else")
        return self.by_cases(opening, entries)

    def _plain_relation(self) -> Node:
        sides, operators = [self.sum()], []
        while self.at("relation"):
            operators.append(self.next().text)
            sides.append(self.sum())
        return Relation(tuple(operators), tuple(sides)) if operators else sides[0]

    def sum(self) -> Node:
        self.enter()
        terms = [ZERO if self.at_operator("±") else self.product()]
        while self.at_operator("+-±"):
            if isinstance(_as_tuple(terms[-1]), Interval):
                raise self.no_value()
            sign = self.next().text
            start, term = self.k, self.product()
            if isinstance(_as_tuple(term), Interval):
                self.k = start
                raise self.no_value()
            if sign == "±":
                terms = [PlusMinus(_added(terms), term)]
            else:
                terms.append(Neg(_as_tuple(term)) if sign == "-" else term)
        self.depth -= 1
        return _added(terms)

    def product(self) -> Node:
        negative = False
        while self.at_operator("+-"):
            negative ^= self.next().text == "-"
        factors = [self.power()]
        first = self.k
        if self.tokens[self.k].kind in {"number", "frac"} and (mixed := self._mixed(factors[0])):
            return Neg(mixed) if negative else mixed
        while True:
            token = self.tokens[self.k]
            if token.kind == "operator":
                if token.text not in "*/⊙":
                    break
                self.k += 1
                if token.text == "⊙":
                    factors = [self._entry_by_entry(factors)]
                else:
                    factor = self.signed(self.power)
                    factors.append(Recip(factor) if token.text == "/" else factor)
            elif self.side_by_side():
                self._multiply(factors)
            else:
                break
        if len(factors) == 1 and not negative:
            return factors[0]
        factors = [_as_tuple(factor) for factor in factors]
        if any(isinstance(factor, Interval) for factor in factors):
            self.k = first - 1
            raise self.no_value()
        node = factors[0] if len(factors) == 1 else Mul(tuple(factors))
        return Neg(node) if negative else node

    def _entry_by_entry(self, factors: list[Node]) -> Node:
        """A B ⊙ C D is (A B) ⊙ (C D): what stands side by side belongs together first."""
        others = [self.signed(self.power)]
        while self.side_by_side():
            self._multiply(others)
        sides = [group[0] if len(group) == 1 else Mul(tuple(group)) for group in (factors, others)]
        return Call("hadamard", tuple(sides), "hadamard")

    def _multiply(self, factors: list[Node]) -> None:
        """Read a factor without a sign before it; the 1 of 1[x > 0] is part of the sign."""
        before, token = self.tokens[self.k - 1], self.tokens[self.k]
        factor = self.power()
        if isinstance(factor, Collection) and before.kind == "symbol" and token.text == "(":
            raise self.fail(
                f"{before.text} is no function here: write * before a list, or {before.text} alone.",
                before,
            )
        if before.text == "1" and token.text == "[" and isinstance(factor, Call):
            factors.pop()
        factors.append(factor)

    def _mixed(self, whole: Node) -> Node | None:
        """1 1/2 and 1\\frac12 as one and a half, where nothing else can be meant."""
        if not isinstance(whole, Number) or not whole.text.isdigit():
            return None
        start, fraction = self.k, self._proper()
        after = self.tokens[self.k]
        unclear = after.kind in _AFTER_MIXED or (
            after.kind == "operator" and after.text in "^!*/°⊙"
        )
        if fraction is not None and not unclear:
            return Add((whole, fraction))
        if fraction is not None or self.k > start:
            self.k = start
            raise self.fail(
                "This mixed number is not clear: write 3/2, or 1 + 1/2.", self.tokens[start]
            )
        return None

    def _proper(self) -> Node | None:
        """A proper fraction of two written integers, ahead; None if there is none."""
        ahead = self.tokens[self.k : self.k + 7]
        kinds = [t.kind for t in ahead]
        if kinds[:1] == ["number"]:
            if kinds[:3] != ["number", "operator", "number"] or ahead[1].text != "/":
                return None
            top, bottom, size = ahead[0], ahead[2], 3
        elif kinds[1:3] == ["number"] * 2:
            top, bottom, size = ahead[1], ahead[2], 3
        elif kinds[1:] == ["brace", "number", "unbrace"] * 2:
            top, bottom, size = ahead[2], ahead[5], 7
        else:
            return None
        self.k += size
        if top.base or bottom.base:
            return None
        if not (top.text.isdigit() and bottom.text.isdigit() and 0 < top.value < bottom.value):
            return None
        return Mul((Number(top.value, top.text), Recip(Number(bottom.value, bottom.text))))


def _is_list(node: Node) -> bool:
    return isinstance(node, Collection) and node.kind == "tuple"


def _is_number(node: Node, form: re.Pattern[str]) -> bool:
    return isinstance(node, Number) and form.fullmatch(node.text) is not None


def _added(terms: list[Node]) -> Node:
    return terms[0] if len(terms) == 1 else Add(tuple([_as_tuple(term) for term in terms]))


def _as_interval(node: Node) -> Node:
    """(0, 1) after ∈ or beside ∪ is an interval."""
    if isinstance(node, Collection) and node.kind == "tuple" and len(node.items) == 2:
        return Interval(node.items[0], node.items[1], True, True)
    return node


def _as_tuple(node: Node) -> Node:
    """[1, 2] in a sum or a product is a vector, no interval."""
    if isinstance(node, Interval) and not (node.lower_open or node.upper_open):
        return Collection("tuple", (node.lower, node.upper))
    return node

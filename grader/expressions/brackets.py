"""What stands in brackets: groups, tuples, sets, intervals, matrices, values by cases, norms."""

from fractions import Fraction

from grader.expressions.builders import Builders, is_condition
from grader.expressions.cursor import CLOSERS
from grader.expressions.tokens import Token
from grader.expressions.tree import (
    Call,
    Collection,
    Interval,
    Matrix,
    Node,
    Number,
    Piecewise,
    Symbol,
)

_ROUNDED = {"⌊": "floor", "⌈": "ceil"}
_MATRICES = frozenset(["matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix", "array"])
_ENDS_INTERVAL = frozenset(["end", "close", "unbrace", "relation", "comma", "semicolon", "setop"])
_TWO = Number(Fraction(2), "2")


class Brackets(Builders):
    """The part of the grammar that begins with an opening sign."""

    def group(self, opening: Token) -> Node:
        """What the bracket `opening` holds, its closing bracket read."""
        kept, (self.bars, self.norms) = (self.bars, self.norms), (0, 0)
        first, shape = self.k, opening.text
        if shape == r"\{" and self.take("close", r"\}"):
            node: Node = Collection("set", ())
        elif shape in {"{", r"\{"} and self.is_builder():
            node = self.builder(opening)
        else:
            # not by way of `entry`: brackets nest deepest, and each frame counts
            node = self.sum() if not self.at("word") else self.entry()
            kind = self.tokens[self.k].kind
            if kind in {"relation", "setop", "word"}:
                node, kind = self.continued(node), self.tokens[self.k].kind
            if kind in {"comma", "semicolon"}:
                node = self._several(opening, node, first)
            elif is_condition(node) or node == OTHERWISE:
                node = self._condition(opening, node)
            else:
                node = self._single(opening, node)
        self.bars, self.norms = kept
        return node

    def _single(self, opening: Token, node: Node) -> Node:
        """One value in brackets."""
        shape = opening.text
        if shape == "]":
            raise self.unexpected("write an interval as ]0, 1[")
        self.close(opening)
        if shape in _ROUNDED:
            return Call(_ROUNDED[shape], (node,), _ROUNDED[shape])
        return Collection("set", (node,)) if shape == r"\{" else node

    def _condition(self, opening: Token, node: Node) -> Node:
        """[x > 0] is 1 where it holds, else 0."""
        if opening.text != "[" or node == OTHERWISE:
            place = next(t for t in self.tokens[self.k :: -1] if t.kind in {"relation", "word"})
            raise self.fail(
                f"{place.text} cannot stand here: write {CLOSERS.get(opening.text, ')')} first.",
                place,
            )
        self.close(opening)
        return Call("indicator", (node,), "indicator")

    def _several(self, opening: Token, node: Node, first: int) -> Node:
        """A list: `node`, which began at token `first`, is its first entry."""
        self.enter()
        rows, starts = [[node]], [[first]]
        while self.at("comma") or self.at("semicolon"):
            separator = self.next()
            if separator.kind == "semicolon":
                rows.append([])
                starts.append([])
            starts[-1].append(self.k)
            rows[-1].append(self.entry())
        self.depth -= 1
        begins = [start for row in starts for start in row]
        spans = list(zip(begins, [*[b - 1 for b in begins[1:]], self.k], strict=True))
        closing = self._closing(opening, sum(map(len, rows)))
        entries = [entry for row in rows for entry in row]
        if opening.text in {"{", r"\{"}:
            return self._braced(opening, entries)
        for (start, _), entry in zip(spans, entries, strict=True):
            if is_condition(entry) or entry == OTHERWISE:
                raise self.fail(
                    "A value is expected here: write no relation in a list.", self.tokens[start]
                )
        if opening.text == "⟨" and len(entries) == 2:
            return Call("dot", tuple(entries), "dot")
        if opening.text == "[" and closing.text == "]":
            return self._square(opening, rows, entries, spans)
        if (opening.text, closing.text) in {("(", ")"), ("⟨", "⟩")}:
            return Collection("tuple", tuple(entries))
        return Interval(entries[0], entries[1], opening.text != "[", closing.text != "]")

    def _closing(self, opening: Token, count: int) -> Token:
        """The bracket that ends a list; two values may stand between brackets of any kind."""
        token = self.tokens[self.k]
        closers = {"(": ")]", "[": ")][", "]": ")]["}.get(opening.text, "")
        if count == 2 and token.kind in {"close", "open"} and token.text in closers:
            self.k += 1
        else:
            self.close(opening)
        return token

    def _square(
        self,
        opening: Token,
        rows: list[list[Node]],
        entries: list[Node],
        spans: list[tuple[int, int]],
    ) -> Node:
        wide = max(map(len, rows)) > 1
        if len(rows) > 1 and (wide or not self.decimal_comma):
            return self.matrix(opening, rows)
        if all(self._is_square(*span) for span in spans):
            return self.matrix(opening, [_row(entry) for entry in entries])
        if len(entries) == 2:
            return Interval(entries[0], entries[1], False, False)
        return Collection("tuple", tuple(entries))

    def _is_square(self, start: int, end: int) -> bool:
        return self.tokens[start].text == "[" and self.tokens[end - 1].text == "]"

    def matrix(self, opening: Token, rows: list[list[Node]]) -> Matrix:
        """Rows as a matrix. Raises `Unreadable` when they are not equally long."""
        if any(is_condition(entry) or entry == OTHERWISE for row in rows for entry in row):
            raise self.fail("A matrix holds values: write no relation in it.", opening)
        if len({len(row) for row in rows}) != 1:
            raise self.fail(
                "The rows of this matrix differ in length: write as many values in each.", opening
            )
        return Matrix(tuple(map(tuple, rows)))

    def _braced(self, opening: Token, entries: list[Node]) -> Node:
        """{1, 2} is a set, {x, x > 0; 0, otherwise} a value by cases."""
        if any(is_condition(entry) or entry == OTHERWISE for entry in entries):
            return self.by_cases(opening, entries)
        return Collection("set", tuple(entries))

    def by_cases(self, opening: Token, entries: list[Node]) -> Piecewise:
        """Values and conditions in turn; a value alone at the end is for all other cases."""
        if len(entries) % 2:
            entries = [*entries, OTHERWISE]
        pieces: list[tuple[Node, Node | None]] = []
        for value, condition in zip(entries[::2], entries[1::2], strict=True):
            if is_condition(value) or value == OTHERWISE:
                raise self.fail(
                    "A value comes before its condition: write cases(x, x > 0; 0, otherwise).",
                    opening,
                )
            if not is_condition(condition) and condition != OTHERWISE:
                raise self.fail(
                    "A condition is expected after each value: write cases(x, x > 0; 0, otherwise).",
                    opening,
                )
            pieces.append((value, None if condition == OTHERWISE else condition))
        if any(condition is None for _, condition in pieces[:-1]):
            raise self.fail(
                "Only the last case is for all others: write its condition last.", opening
            )
        return Piecewise(tuple(pieces))

    def closes_interval(self) -> bool:
        """Whether the [ ahead ends [0, 1[ rather than begins anything."""
        return self.tokens[self.k].text == "[" and self.tokens[self.k + 1].kind in _ENDS_INTERVAL

    def absolute(self, opening: Token) -> Node:
        """|x|."""
        self.bars += 1
        node = self.sum()
        if not self.take("bar"):
            raise self.fail("This | is never closed: add a second |, or write abs(x).", opening)
        self.bars -= 1
        return Call("abs", (node,), "abs")

    def norm(self, opening: Token) -> Node:
        """‖x‖ and ‖x‖_1; without an index, and with the index 2, the Euclidean one."""
        kept, self.bars = self.bars, 0
        self.norms += 1
        node = self.sum()
        if not self.take("norm"):
            raise self.fail("This ‖ is never closed: add a second ‖, or write norm(x).", opening)
        self.norms -= 1
        self.bars = kept
        order = self.lowered() if self.at("index") else _TWO
        return Call("norm", (node,) if order == _TWO else (node, order), "norm")

    def lowered(self) -> Node:
        """The one index after a _ that is next."""
        self.next()
        self.enter()
        if self.at("symbol"):
            node: Node = Symbol(self.next().text)  # log_a(x): what follows is not applied to a
        else:
            node = self.group(self.next()) if self.at("brace") else self.atom()
        self.depth -= 1
        return node

    def environment(self, opening: Token) -> Node:
        r"""\begin{pmatrix} ... or \begin{cases} ...; up to its \end."""
        name = opening.text
        if name not in _MATRICES and name != "cases":
            raise self.fail(
                f"\\begin{{{name}}} is not read here: write the formula alone, or a pmatrix.",
                opening,
            )
        self.enter()
        kept, (self.bars, self.norms) = (self.bars, self.norms), (0, 0)
        rows: list[list[Node]] = [[self._cell()]]
        while not self.at("finish"):
            if self.take("row"):
                if self.at("finish"):
                    break
                rows.append([self._cell()])
            elif self.take("cell") or (name == "cases" and self.take("comma")):
                rows[-1].append(self._cell())
            else:
                raise self.unexpected(f"write \\end{{{name}}} first")
        self.next()
        self.bars, self.norms = kept
        self.depth -= 1
        if name == "cases":
            return self.by_cases(opening, [entry for row in rows for entry in row])
        return self.matrix(opening, rows)

    def _cell(self) -> Node:
        """One cell; the word `if` may stand before a condition, and `otherwise` alone."""
        self.take("word", "if")
        self.take("cell")
        self.take("word", "if")
        return self.entry()


OTHERWISE = Call("otherwise", (), "otherwise")
"""Stands for the last condition while cases are read; never part of a tree that is given back."""


def _row(entry: Node) -> list[Node]:
    """The entries of one row of [[1, 2], [3, 4]]."""
    if isinstance(entry, Collection):
        return list(entry.items)
    if isinstance(entry, Interval):
        return [entry.lower, entry.upper]
    return [entry]

"""A tree back to plain text, as it was read and with every product sign written."""

import re

from grader.expressions.grouping import ATOM, EXTREMES, LOOSE, POWER, PRODUCT, SETS, SUM
from grader.expressions.spelling import is_declared, letter, plain_name
from grader.expressions.tree import (
    Call,
    Collection,
    Interval,
    Matrix,
    Node,
    Number,
    Recip,
    Reduce,
    Symbol,
)
from grader.expressions.writing import Writer, Written, environment

_SIGNS = {
    "union": "∪",
    "intersection": "∩",
    "setminus": "∖",
    "in": "∈",
    "~": "\\sim",
    "sum": "∑",
    "product": "∏",
    "integral": "∫",
    "hadamard": "⊙",
}
_ONE_PIECE = re.compile(r"[^\W\d_](?:_.+)?")
_LIKE_A_DIFFERENTIAL = re.compile(r"d[^\W\d_]?(?![A-Za-z])|∂")
_NESTED = (Collection, Interval, Matrix)


class Printer(Writer):
    """Plain text."""

    signs = _SIGNS

    def set_of(self, condition: Node, name: Node) -> str:
        return rf"\{{{self.at(name, ATOM)} : {self.held(condition)}\}}"

    def bracketed(self, text: str) -> str:
        return f"({text})"

    def number(self, node: Number) -> Written:
        return node.text.replace(".", "," if self.decimal_comma else "."), ATOM

    def symbol(self, name: str) -> Written:
        text = plain_name(name, self.scope, self.beside)
        if text.startswith("d/"):
            return text, SUM
        return text, PRODUCT if "/" in text or "∇" in text else ATOM

    def constant(self, name: str) -> str:
        return name

    def degrees(self, number: Node) -> str:
        return f"{self.at(number, ATOM)}°"

    def product(self, factors: tuple[Node, ...]) -> Written:
        text = "1" if isinstance(factors[0], Recip) else self.first_factor(factors[0])
        for k, factor in enumerate(factors):
            if isinstance(factor, Recip):
                part = self.at(factor.argument, POWER)
                # dx/dy would be a derivative
                text += f"/({part})" if part[0] in "d∂" and re.search("[d∂]", text) else f"/{part}"
            elif k:
                text += f"*{self.factor(factor, last=k == len(factors) - 1)}"
        return text, PRODUCT

    def power(self, base: Node, exponent: Node) -> str:
        return f"{self.at(base, ATOM)}^{self.at(exponent, ATOM)}"

    def call(self, node: Call) -> Written:
        match node.meaning, node.arguments:
            case "transpose", (argument,):
                return f"{self.at(argument, ATOM)}^⊤", POWER
            case "expectation", (body, *over):
                return self._expectation(body, over) or self._listed(node, LOOSE), ATOM
            case "and" | "or" | "indicator", _:
                return self._listed(node, LOOSE), ATOM
        return self._listed(node, SUM), ATOM

    def _listed(self, node: Call, level: int) -> str:
        texts = [self.at(argument, level) for argument in node.arguments]
        # a letter that nobody declared is a function because of a comma
        inside = self.several(node.meaning, texts) if node.meaning else ", ".join(texts)
        return self.applied(node.name, inside)

    def applied(self, name: str, inside: str) -> str:
        return f"{plain_name(name, self.scope, self.beside, called=True)}({inside})"

    def _expectation(self, body: Node, over: list[Node]) -> str:
        """E[x], E_{x ~ p}[f] or E[x | y = 1]; "" where these would not be read."""
        open_ = self.scope is None or self.scope.open
        text = self.at(body, LOOSE)
        match over:
            case _ if is_declared("E", self.scope):
                return ""
            case []:
                return f"E[{text}]"
            case [Symbol(name)] if len(name) == 1:
                return f"E_{name}[{text}]"
            case [Symbol() as x] if open_:
                return f"E_{{{self.at(x, SUM)}}}[{text}]"
            case [known]:
                return f"E[{text} | {self.at(known, LOOSE)}]"
            case [Symbol() as x, p] if open_:
                return f"E_{{{self.at(x, SUM)} ~ {self.at(p, SUM)}}}[{text}]"
            case [Symbol() as x, p, known] if open_:
                index = f"{self.at(x, SUM)} ~ {self.at(p, SUM)}"
                return f"E_{{{index}}}[{text} | {self.at(known, LOOSE)}]"
            case _:
                return ""

    def given(self, events: str, conditions: str) -> str:
        return f"{events} | {conditions}"

    def joining(self, word: str) -> str:
        return f" {word} "

    def indicator(self, condition: str) -> str:
        return f"1({condition})"

    def extreme(self, node: Call, name: str) -> str:
        word, index = EXTREMES[node.meaning], self.symbol(name)[0]
        if is_declared(word, self.scope):
            body = self.under(node.arguments[0], name, SUM)
            return f"{node.meaning}({body}{self.separator}{index})"
        return f"{word}_{{{index}}} {self.under(node.arguments[0], name, PRODUCT)}"

    def family(self, name: str, index: str) -> str:
        if "_" in name:
            return f"{self.lowered(name)}_{{{index}}}"
        return self.symbol(f"{name}_{index}" if index.isalnum() else f"{name}_{{{index}}}")[0]

    def integral(self, node: Reduce, body: str, limits: list[str], ends: str) -> Written:
        base, low, index = node.variable.partition("_")
        name = letter(base) + low + index
        doubtful = any(map(_LIKE_A_DIFFERENTIAL.search, [body, *limits]))
        if doubtful or not _ONE_PIECE.fullmatch(name):
            return f"int({self.several(node.kind, [body, name, *limits])})", ATOM
        return f"∫{ends} {body} d{name}", PRODUCT

    def collection(self, node: Collection) -> str:
        inside = self.all_at(node.items, SETS)
        if node.kind == "tuple":
            return f"({inside})"
        return f"{{{inside}}}" if len(node.items) > 1 else rf"\{{{inside}\}}"

    def matrix(self, rows: tuple[tuple[Node, ...], ...]) -> str:
        entries = [entry for row in rows for entry in row]
        if len(rows) == 1 or any(isinstance(entry, _NESTED) for entry in entries):
            lines = [" & ".join(map(self._cell, row)) for row in rows]
            return environment("pmatrix", lines)
        return f"[{self.separator.join([f'[{self.all_at(row, SETS)}]' for row in rows])}]"

    def _cell(self, entry: Node) -> str:
        """An entry after \\\\, where LaTeX takes [ for the height of the row."""
        text = self.at(entry, SETS)
        return self.bracketed(text) if text.startswith("[") else text

    def interval(self, node: Interval) -> str:
        inside = self.all_at((node.lower, node.upper), SETS)
        if node.lower_open and node.upper_open:
            return f"]{inside}["
        return f"{'(' if node.lower_open else '['}{inside}{')' if node.upper_open else ']'}"

    def piecewise(self, pieces: tuple[tuple[Node, Node | None], ...]) -> str:
        parts = []
        for value, condition in pieces:
            shown = self.at(value, SETS)
            if condition is not None:
                shown += self.separator
                shown += self.held(condition)
            parts.append(shown)
        return f"cases({'; '.join(parts)})"

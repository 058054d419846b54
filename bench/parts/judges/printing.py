"""A random tree as a candidate might write it: plain, with signs left out, in LaTeX or in unicode."""

from __future__ import annotations

import random
from fractions import Fraction

from parts.judges.trees import Tree

SUM, PRODUCT, FACTOR, ATOM = range(4)  # how tightly a piece of text holds together
SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
GLYPHS = {Fraction(1, 2): "½", Fraction(3, 4): "¾", Fraction(2, 3): "⅔"}
STYLES = ("plain", "implicit", "latex", "unicode")
SPELLINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "plain": {"w_1": ("w_1", "w1"), "theta": ("theta",), "yhat": ("yhat", "y_hat")},
    "implicit": {"w_1": ("w_1", "w_{1}"), "theta": ("theta", "θ"), "yhat": ("yhat",)},
    "latex": {"w_1": ("w_1", "w_{1}"), "theta": (r"\theta",), "yhat": (r"\hat{y}", r"\hat y")},
    "unicode": {"w_1": ("w₁",), "theta": ("θ",), "yhat": ("ŷ",)},
}
COMMANDS = {"relu": r"\operatorname{relu}", "sigmoid": r"\mathrm{sigmoid}", "abs": "abs"}

Piece = tuple[str, int]


def printed(tree: Tree, draw: random.Random) -> str:
    """The tree in one notation."""
    style = draw.choice(STYLES)
    text = _Printer(style, draw).show(tree)[0]
    return f"${text}$" if style == "latex" and draw.random() < 0.5 else text


class _Printer:
    def __init__(self, style: str, draw: random.Random) -> None:
        self.style = style
        self.draw = draw
        self.times = {"plain": "*", "implicit": " * ", "latex": r" \cdot ", "unicode": " · "}[style]
        self.minus = "−" if style == "unicode" else "-"

    def show(self, t: Tree) -> Piece:
        """The text and how tightly it holds together."""
        match t.kind:
            case "number":
                return self._number(t.value)
            case "name":
                return self.draw.choice(SPELLINGS[self.style].get(t.name, (t.name,))), ATOM
            case "add":
                return self._sum(t), SUM
            case "mul":
                return self._product([self._at(part, FACTOR) for part in t.parts]), PRODUCT
            case "neg":
                return self.minus + self._at(t.parts[0], PRODUCT), SUM
            case "div":
                return self._quotient(t)
            case "pow":
                return self._power(t)
            case _:
                return self._call(t.kind, t.parts[0])

    def _at(self, t: Tree, tightness: int) -> str:
        text, found = self.show(t)
        return text if found >= tightness else self._bracketed(text)

    def _bracketed(self, text: str) -> str:
        return rf"\left({text}\right)" if self.style == "latex" else f"({text})"

    def _number(self, value: Fraction) -> Piece:
        if value < 0:
            return self.minus + self._number(-value)[0], SUM
        if value.denominator == 1:
            return str(value.numerator), ATOM
        if 100 * value % 1 == 0 and self.draw.random() < 0.3:
            percent = r"\%" if self.style == "latex" else "%"
            return f"({100 * value}{percent})", ATOM
        if 10**9 * value % 1 == 0 and self.draw.random() < 0.5:
            digits = f"{value.numerator * 10**9 // value.denominator:010}"
            return f"{digits[:-9]}.{digits[-9:]}".rstrip("0"), ATOM
        if self.style == "unicode" and value in GLYPHS:
            return f"({GLYPHS[value]})", ATOM
        if self.style == "latex":
            return rf"\frac{{{value.numerator}}}{{{value.denominator}}}", FACTOR
        return f"({value.numerator}/{value.denominator})", ATOM

    def _sum(self, t: Tree) -> str:
        text = self.show(t.parts[0])[0]
        for part in t.parts[1:]:
            if part.kind == "neg":
                text += f" {self.minus} " + self._at(part.parts[0], PRODUCT)
            else:
                text += " + " + self._at(part, PRODUCT)
        return text

    def _product(self, factors: list[str]) -> str:
        """The factors side by side where that reads as a product, else with a sign."""
        text = factors[0]
        for factor in factors[1:]:
            after = factor[0] == "(" or (
                factor[0] in "xyw" and text[-1].isdigit() and text[0].isdigit()
            )
            alone = text.replace(".", "").isdigit() or text[-1] == ")"
            silent = self.style == "implicit" and after and alone
            text += factor if silent else self.times + factor
        return text

    def _quotient(self, t: Tree) -> Piece:
        if self.style == "latex":
            return rf"\frac{{{self.show(t.parts[0])[0]}}}{{{self.show(t.parts[1])[0]}}}", FACTOR
        top, bottom = self._at(t.parts[0], PRODUCT), self._at(t.parts[1], FACTOR)
        sign = " ÷ " if self.style == "unicode" and self.draw.random() < 0.3 else "/"
        return top + sign + bottom, PRODUCT

    def _power(self, t: Tree) -> Piece:
        base, exponent = self._at(t.parts[0], ATOM), str(int(t.value))
        if self.style == "unicode":
            return base + exponent.translate(SUPERSCRIPTS), FACTOR
        if self.style == "latex":
            return f"{base}^{{{exponent}}}", FACTOR
        written = exponent if t.value > 0 else f"({exponent})"
        return base + self.draw.choice(("^", "**")) + written, FACTOR

    def _call(self, function: str, argument: Tree) -> Piece:
        inside = self.show(argument)[0]
        latex = self.style == "latex"
        if function == "exp" and self.draw.random() < 0.5:
            return (f"e^{{{inside}}}" if latex else f"e^({inside})"), FACTOR
        if function == "abs" and argument.kind in {"name", "number"} and self.draw.random() < 0.5:
            return f"|{inside}|", ATOM
        if function == "sqrt" and latex:
            return rf"\sqrt{{{inside}}}", ATOM
        if function == "sqrt" and self.style == "unicode":
            return f"√({inside})", ATOM
        name = COMMANDS.get(function, f"\\{function}") if latex else function
        return name + self._bracketed(inside), ATOM

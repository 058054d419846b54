"""A tree to LaTeX, for reports."""

from grader.expressions.binding import RAISED
from grader.expressions.grouping import ATOM, EXTREMES, LOOSE, POWER, PRODUCT, SETS, SUM
from grader.expressions.spelling import latex_name
from grader.expressions.tree import (
    Call,
    Collection,
    Indexed,
    Interval,
    Node,
    Number,
    Recip,
    Reduce,
    Symbol,
)
from grader.expressions.writing import Writer, Written, environment

_CONSTANTS = {"pi": r"\pi", "inf": r"\infty"}
_SIGNS = {
    "<=": r"\le",
    ">=": r"\ge",
    "!=": r"\ne",
    "in": r"\in",
    "~": r"\sim",
    "±": r"\pm",
    "union": r"\cup",
    "intersection": r"\cap",
    "setminus": r"\setminus",
    "sum": r"\sum",
    "product": r"\prod",
    "hadamard": r"\odot",
}
# fmt: off
_UPRIGHT = frozenset({
    "sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh", "coth", "arcsin", "arccos",
    "arctan", "exp", "log", "ln", "lg", "min", "max", "det",
})
# fmt: on
_AROUND = {
    "abs": ("|", "|"),
    "floor": (r"\lfloor ", r" \rfloor"),
    "ceil": (r"\lceil ", r" \rceil"),
    "dot": (r"\langle ", r" \rangle"),
    "norm": (r"\|", r"\|"),
}


class Typesetter(Writer):
    """LaTeX without dollar signs."""

    signs = _SIGNS

    def set_of(self, condition: Node, name: Node) -> str:
        return rf"\left\{{{self.at(name, ATOM)} : {self.held(condition)}\right\}}"

    def bracketed(self, text: str) -> str:
        return rf"\left({text}\right)"

    def number(self, node: Number) -> Written:
        text = node.text
        if not (text.isascii() or text.endswith("‰")):
            return rf"\frac{{{node.value.numerator}}}{{{node.value.denominator}}}", POWER
        unit = {"%": r"\%", "‰": "‰"}.get(text[-1:], "")
        mantissa, _, power = text.rstrip("%‰").lower().partition("e")
        if self.decimal_comma:
            mantissa = mantissa.replace(".", "{,}")
        if power and not unit:
            return rf"{mantissa} \cdot 10^{{{int(power)}}}", PRODUCT
        return f"{mantissa}{f'e{power}' if power else ''}{unit}", ATOM

    def symbol(self, name: str) -> Written:
        text = latex_name(name, self.scope, self.beside)
        if text.startswith(r"\frac"):
            return text, SUM if text.startswith(r"\frac{d}") else POWER
        return text, PRODUCT if text.startswith(r"\nabla") else ATOM

    def constant(self, name: str) -> str:
        return _CONSTANTS.get(name, name)

    def degrees(self, number: Node) -> str:
        return rf"{self.at(number, ATOM)}^{{\circ}}"

    def product(self, factors: tuple[Node, ...]) -> Written:
        """Each run of divisors stands below the run of factors before it, so that the order stays."""
        runs: list[tuple[list[Node], list[Node]]] = [([], [])]
        for factor in factors:
            if isinstance(factor, Recip):
                runs[-1][1].append(factor.argument)
            elif runs[-1][1]:
                runs.append(([factor], []))
            else:
                runs[-1][0].append(factor)
        texts = [
            self._run(above, below, k == len(runs) - 1) for k, (above, below) in enumerate(runs)
        ]
        single = len(runs) == 1 and runs[0][1]
        return r" \cdot ".join(texts), POWER if single else PRODUCT

    def _run(self, above: list[Node], below: list[Node], last: bool) -> str:
        if not below:
            return self._times(above, last=last)
        top = self.at(above[0], SUM) if len(above) == 1 else (self._times(above, last=True) or "1")
        bottom = self.at(below[0], SUM) if len(below) == 1 else self._times(below, last=True)
        return rf"\frac{{{top}}}{{{bottom}}}"

    def _times(self, factors: list[Node], *, last: bool) -> str:
        texts = [
            self.factor(factor, last=last and k == len(factors) - 1)
            if k or len(factors) == 1
            else self.first_factor(factor)
            for k, factor in enumerate(factors)
        ]
        return r" \cdot ".join(texts)

    def power(self, base: Node, exponent: Node) -> str:
        return f"{self._base(base)}^{{{self.at(exponent, SUM)}}}"

    def _base(self, node: Node) -> str:
        text = self.at(node, ATOM)
        raised = isinstance(node, Indexed) and node.name.endswith(RAISED)
        closed = raised or text.endswith("'") or text.startswith((r"\begin", r"\binom"))
        return f"{{{text}}}" if closed else text

    def call(self, node: Call) -> Written:
        name, arguments = node.name, node.arguments
        if name != node.meaning:
            separator = self.separator if node.meaning else ", "  # see printing
            inside = separator.join([self.at(argument, SUM) for argument in arguments])
            return self.applied(name, inside), ATOM
        match name, arguments:
            case "transpose", (x,):
                return rf"{self._base(x)}^{{\top}}", POWER
            case "factorial", (x,):
                return f"{self.at(x, ATOM)}!", POWER
            case "expectation", (body, *over):
                return self._expectation(body, over), ATOM
            case "and" | "or" | "indicator", _:
                return self.applied(name, self.all_at(arguments, LOOSE)), ATOM
        return self._signed(name, arguments), ATOM

    def _signed(self, name: str, arguments: tuple[Node, ...]) -> str:
        """Functions with a sign of their own: roots, bars, binomials."""
        inside = [self.at(argument, SUM) for argument in arguments]
        match name, len(arguments):
            case "sqrt", 1:
                return rf"\sqrt{{{inside[0]}}}"
            case "root", 2:
                return rf"\sqrt[{inside[1]}]{{{inside[0]}}}"
            case "binom", 2:
                return rf"\binom{{{inside[0]}}}{{{inside[1]}}}"
            case "logb", 2:
                return rf"\log_{{{inside[1]}}}\left({inside[0]}\right)"
            case (("log2" | "log10"), 1):
                return rf"\log_{{{name.removeprefix('log')}}}\left({inside[0]}\right)"
            case (("abs" | "floor" | "ceil" | "norm"), 1):
                return self._around(name, inside[0])
            case "dot", 2:
                return self._around(name, self.separator.join(inside))
            case "norm", 2:
                return f"{self._around(name, inside[0])}_{{{inside[1]}}}"
            case _:
                return self.applied(name, self.several(name, inside))

    def _around(self, name: str, inside: str) -> str:
        before, after = _AROUND[name]
        return rf"\left{before}{inside}\right{after.strip()}"

    def applied(self, name: str, inside: str) -> str:
        if name in _UPRIGHT:
            return rf"\{name}\left({inside}\right)"
        if name in {"argmax", "argmin"}:
            return rf"\operatorname{{{name}}}({inside})"  # the reader takes \left for a body over a name
        shown = latex_name(name, self.scope, self.beside, called=True)
        return rf"{shown.replace('mathrm', 'operatorname')}\left({inside}\right)"

    def _expectation(self, body: Node, over: list[Node]) -> str:
        text = self.shielded(body)
        if over and (len(over) == 3 or not isinstance(over[0], Symbol)):
            text += rf" \mid {self.shielded(over.pop())}"
        index = r" \sim ".join([self.at(name, SUM) for name in over])
        lowered = f"_{{{index}}}" if index else ""
        return rf"\mathbb{{E}}{lowered}[{text}]"  # the reader wants the bracket itself here

    def shielded(self, node: Node) -> str:
        """Within E[...] a bar says what is given, so one of an absolute value stands in brackets."""
        text = self.at(node, LOOSE)
        return self.bracketed(text) if r"\left|" in text else text

    def given(self, events: str, conditions: str) -> str:
        return rf"{events} \mid {conditions}"

    def joining(self, word: str) -> str:
        return rf" \text{{ {word} }} "

    def indicator(self, condition: str) -> str:
        return rf"\mathbb{{1}}\left[{condition}\right]"

    def extreme(self, node: Call, name: str) -> str:
        word, index = EXTREMES[node.meaning], self.symbol(name)[0]
        sign = f"\\{word}" if word in _UPRIGHT else rf"\operatorname*{{{word}}}"
        return f"{sign}_{{{index}}} {self.under(node.arguments[0], name, PRODUCT)}"

    def family(self, name: str, index: str) -> str:
        return f"{self.lowered(name)}_{{{index}}}"

    def lowered(self, name: str) -> str:
        text = super().lowered(name)
        double = "_" in text and not text.startswith(r"\frac")
        return f"{{{text}}}" if double else text  # TeX takes one index after another for a mistake

    def integral(self, node: Reduce, body: str, limits: list[str], ends: str) -> Written:
        return rf"\int{ends} {body} \, d{self.symbol(node.variable)[0]}", PRODUCT

    def collection(self, node: Collection) -> str:
        inside = self.all_at(node.items, SETS)
        return self.bracketed(inside) if node.kind == "tuple" else rf"\left\{{{inside}\right\}}"

    def matrix(self, rows: tuple[tuple[Node, ...], ...]) -> str:
        return environment(
            "pmatrix", [" & ".join([self.at(entry, SETS) for entry in row]) for row in rows]
        )

    def interval(self, node: Interval) -> str:
        inside = self.all_at((node.lower, node.upper), SETS)
        if node.lower_open and node.upper_open:
            return rf"\left]{inside}\right["
        opening, closing = "[("[node.lower_open], "])"[node.upper_open]
        return rf"\left{opening}{inside}\right{closing}"

    def piecewise(self, pieces: tuple[tuple[Node, Node | None], ...]) -> str:
        lines = []
        for value, condition in pieces:
            shown = r"\text{otherwise}" if condition is None else self.held(condition)
            lines.append(f"{self.at(value, SETS)} & {shown}")
        return environment("cases", lines)

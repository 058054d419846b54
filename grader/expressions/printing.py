"""A tree back to plain text, as it was read and with every product sign written."""

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


class Printer:
    """Writes trees in the notation of one locale: decimal point, or comma."""

    def __init__(self, decimal_comma: bool) -> None:
        self.mark = "," if decimal_comma else "."
        self.separator = "; " if decimal_comma else ", "

    def show(self, node: Node, level: int = 0) -> str:
        """The text of `node`, in brackets when it binds more loosely than `level`."""
        text, strength = self._bare(node)
        return f"({text})" if strength < level else text

    def _bare(self, node: Node) -> tuple[str, int]:
        match node:
            case Number(_, text):
                return text.replace(".", self.mark), _ATOM
            case Symbol(name) | Constant(name):
                return name, _ATOM
            case Add(terms):
                return self._sum(terms), _SUM
            case Neg(argument):
                return f"-{self.show(argument, _PRODUCT)}", _SUM
            case Mul(factors):
                return self._product(factors), _PRODUCT
            case Recip(argument):
                return f"1/{self.show(argument, _POWER)}", _PRODUCT
            case Pow(base, exponent):
                return f"{self.show(base, _ATOM)}^{self.show(exponent, _ATOM)}", _POWER
            case Call(name, arguments, _):
                inside = self.separator.join([self.show(argument) for argument in arguments])
                return f"{name}({inside})", _ATOM
            case Relation(operators, sides):
                text = self.show(sides[0])
                for operator, side in zip(operators, sides[1:], strict=True):
                    text += f" {operator} {self.show(side)}"
                return text, 0

    def _sum(self, terms: tuple[Node, ...]) -> str:
        text = self.show(terms[0], _SUM)
        for term in terms[1:]:
            negative = isinstance(term, Neg)
            part = term.argument if isinstance(term, Neg) else term
            text += (" - " if negative else " + ") + self.show(part, _PRODUCT)
        return text

    def _product(self, factors: tuple[Node, ...]) -> str:
        text = self.show(factors[0], _PRODUCT)
        for factor in factors[1:]:
            divided = isinstance(factor, Recip)
            part = factor.argument if isinstance(factor, Recip) else factor
            text += ("/" if divided else "*") + self.show(part, _POWER)
        return text

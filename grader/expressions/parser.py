"""Tokens to a tree, by recursive descent.

The one rule for products without a sign: side by side means times, with the strength of `*`, from
left to right: 1/2x is (1/2)*x and 2x(x+1) is 2*x*(x+1). A function without brackets takes the
product that follows, up to a sign, a bracket or another function: sin 2x cos x is sin(2x)*cos(x).
"""

from collections.abc import Callable

from grader.expressions.calls import build_call, inverse, too_wide
from grader.expressions.limits import MAX_DEPTH
from grader.expressions.tokens import Token, TokenKind
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
)
from grader.expressions.tree import Symbol as SymbolNode
from grader.expressions.unreadable import Unreadable
from grader.expressions.vocabulary import WORD

_Reader = Callable[[], Node]
_CLOSERS: dict[str, str] = {"(": ")", "[": "]", "{": "}"}
_STARTS_FACTOR = frozenset({"symbol", "constant", "function", "open", "brace", "frac", "root"})


class Parser:
    """Reads one sequence of tokens; each method leaves `self.k` after what it read."""

    def __init__(self, tokens: tuple[Token, ...], text: str) -> None:
        self.tokens = tokens
        self.text = text
        self.k = 0
        self.depth = 0
        self.bars = 0  # open | ... |, where the next bar closes

    def statement(self) -> Node:
        """A whole answer: an expression, a ratio a:b, or a relation."""
        sides = [self.sum()]
        operators: list[str] = []
        if self._take("colon"):
            sides = [Mul((sides[0], Recip(self.sum())))]
        while self._at("relation"):
            operators.append(self._next().text)
            sides.append(self.sum())
        if not self._at("end"):
            raise self._unexpected()
        return Relation(tuple(operators), tuple(sides)) if operators else sides[0]

    def sum(self) -> Node:
        """Terms joined by + and -."""
        self._enter()
        terms = [self._signed(self._product)]
        while self._at_operator("+-"):
            negative = self._next().text == "-"
            term = self._signed(self._product)
            terms.append(Neg(term) if negative else term)
        self.depth -= 1
        return terms[0] if len(terms) == 1 else Add(tuple(terms))

    def _product(self) -> Node:
        factors = [self._power()]
        while True:
            if self._at_operator("*/"):
                divided = self._next().text == "/"
                factor = self._signed(self._power)
                factors.append(Recip(factor) if divided else factor)
            elif self._side_by_side():
                factors.append(self._power())
            else:
                return factors[0] if len(factors) == 1 else Mul(tuple(factors))

    def _side_by_side(self) -> bool:
        token = self.tokens[self.k]
        before = self.tokens[self.k - 1]
        if token.kind == "number":
            raise self._fail(_two_numbers(before, token, self.tokens[self.k + 1]), token)
        starts = token.kind in _STARTS_FACTOR
        if starts and (WORD in {token.meaning, before.meaning}) and before.kind != "number":
            word = token if token.meaning == WORD else before
            raise self._fail(
                f"{word.text} stands side by side with something: write * if it is a name, "
                "or the formula alone without words.",
                word,
            )
        if token.kind == "frac" and before.kind == "number" and self._is_plain_fraction():
            raise self._fail("A mixed number is not read: write 3/2, or 1 + 1/2.", token)
        return starts or (token.kind == "bar" and not self.bars)

    def _is_plain_fraction(self) -> bool:
        """Whether the \\frac ahead holds two bare numbers."""
        kinds = [t.kind for t in self.tokens[self.k + 1 : self.k + 7]]
        return kinds[:2] == ["number"] * 2 or kinds == ["brace", "number", "unbrace"] * 2

    def _signed(self, read: _Reader) -> Node:
        """What `read` reads, after any number of signs."""
        negative = False
        while self._at_operator("+-"):
            negative ^= self._next().text == "-"
        node = read()
        return Neg(node) if negative else node

    def _power(self) -> Node:
        base = self._postfix(self._atom())
        if not self._at_operator("^"):
            return base
        return self._postfix(Pow(base, self._exponent()))

    def _exponent(self) -> Node:
        """What follows ^, read from the right: 2^3^2 is 2^(3^2)."""
        self._next()
        self._enter()
        node = self._signed(self._power)
        self.depth -= 1
        return node

    def _postfix(self, node: Node) -> Node:
        while self._at_operator("!"):
            self._next()
            node = Call("factorial", (node,), "factorial")
        return node

    def _atom(self) -> Node:
        token = self._next()
        match token.kind:
            case "number":
                return Number(token.value, token.text)
            case "symbol":
                return SymbolNode(token.text)
            case "constant":
                return Constant(token.text)
            case "open" | "brace":
                return self._group(token)
            case "bar":
                return self._absolute(token)
            case "function":
                return self._call(token)
            case "frac":
                return Mul((self._argument(), Recip(self._argument())))
            case "root":
                return self._root(token)
        if token.kind != "end":
            self.k -= 1
        raise self._unexpected()

    def _group(self, opening: Token) -> Node:
        bars, self.bars = self.bars, 0
        node = self.sum()
        self._close(opening)
        self.bars = bars
        return node

    def _close(self, opening: Token) -> None:
        token = self.tokens[self.k]
        wanted = _CLOSERS[opening.text]
        if token.kind in {"close", "unbrace"} and token.text == wanted:
            self.k += 1
            return
        if token.kind == "end":
            raise self._fail(f"This {opening.text} is never closed: add {wanted}.", opening)
        raise self._unexpected(f"write {wanted} first")

    def _absolute(self, opening: Token) -> Node:
        self.bars += 1
        node = self.sum()
        if not self._take("bar"):
            raise self._fail("This | is never closed: add a second |, or write abs(x).", opening)
        self.bars -= 1
        return Call("abs", (node,), "abs")

    def _argument(self) -> Node:
        """One argument of \\frac or \\sqrt: a group in braces, or a single piece."""
        self._enter()
        node = self._group(self._next()) if self._at("brace") else self._atom()
        self.depth -= 1
        return node

    def _root(self, token: Token) -> Node:
        if token.text == "sqrt" and self._at("open") and self.tokens[self.k].text == "[":
            opening = self._next()
            degree = self.sum()
            self._close(opening)
            return Call("root", (self._argument(), degree), "root")
        return Call("sqrt", (self._argument(),), "sqrt")

    def _call(self, token: Token) -> Node:
        exponent = self._exponent() if self._at_operator("^") else None
        if self._at("open") or self._at("brace"):
            arguments = self._arguments(self._next())
        else:
            arguments = (self._bare_argument(token),)
        if exponent is not None and token.meaning and (back := inverse(token.meaning, exponent)):
            return Call(back, arguments, back)
        node = build_call(token, arguments, self.text)
        return node if exponent is None else Pow(node, exponent)

    def _arguments(self, opening: Token) -> tuple[Node, ...]:
        bars, self.bars = self.bars, 0
        arguments = [self.sum()]
        while self._take("comma") or self._take("semicolon"):
            arguments.append(self.sum())
        self._close(opening)
        self.bars = bars
        return tuple(arguments)

    def _bare_argument(self, token: Token) -> Node:
        """The argument of a function written without brackets, as in sin 2x."""
        if too_wide(token.meaning):
            raise self._fail(f"{token.text} needs brackets: write {token.text}(...).", token)
        self._enter()
        if self._at("end"):
            raise self._fail(f"{token.text} has no argument: write {token.text}(x).", token)
        node = self._signed(self._bare_product)
        self.depth -= 1
        return node

    def _bare_product(self) -> Node:
        factors = [self._power()]
        stops = {"function", "open", "brace", "bar"}
        while self.tokens[self.k].kind not in stops and self._side_by_side():
            factors.append(self._power())
        if self._at("open") and isinstance(factors[-1], Number):
            raise self._unexpected("put brackets around the function's argument")
        return factors[0] if len(factors) == 1 else Mul(tuple(factors))

    def _enter(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            token = self.tokens[self.k]
            raise self._fail(f"This is nested too deeply: use at most {MAX_DEPTH} levels.", token)

    def _at(self, kind: TokenKind) -> bool:
        return self.tokens[self.k].kind == kind

    def _at_operator(self, which: str) -> bool:
        token = self.tokens[self.k]
        return token.kind == "operator" and token.text in which

    def _next(self) -> Token:
        token = self.tokens[self.k]
        if token.kind != "end":
            self.k += 1
        elif self.k == 0:
            raise self._fail("Nothing is written here: write an expression.", token)
        return token

    def _take(self, kind: TokenKind) -> bool:
        if not self._at(kind):
            return False
        self.k += 1
        return True

    def _fail(self, message: str, token: Token) -> Unreadable:
        return Unreadable(message, self.text, token.start)

    def _unexpected(self, advice: str = "") -> Unreadable:
        token = self.tokens[self.k]
        if token.kind == "end":
            return self._fail(
                "Something is missing at the end: write the rest, or delete the sign.", token
            )
        if token.kind in {"comma", "semicolon"}:
            return self._fail(
                f"One expression is expected: write a single value, without {token.text}.", token
            )
        advice = advice or "write a number, a name or a bracket"
        return self._fail(f"{token.text} cannot stand here: {advice}.", token)


def _two_numbers(before: Token, token: Token, after: Token) -> str:
    mixed = before.kind == "number" and after.kind == "operator" and after.text == "/"
    if mixed and token.value.denominator == before.value.denominator == 1:
        return "A mixed number is not read: write 3/2, or 1 + 1/2."
    return "Two values stand side by side: write * or another sign between them."

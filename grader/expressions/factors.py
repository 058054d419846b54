"""One factor: numbers, names, calls, roots, powers and what follows them."""

from fractions import Fraction

from grader.expressions.binding import split_index
from grader.expressions.calls import apply, inverse, too_wide
from grader.expressions.cursor import Reader
from grader.expressions.functions import TAKES_RELATIONS
from grader.expressions.indices import Indices
from grader.expressions.tokens import TRANSPOSE, WORD, Token
from grader.expressions.tree import (
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
    Pow,
    Recip,
    symbols,
    walk,
)
from grader.expressions.tree import Symbol as SymbolNode
from grader.expressions.unreadable import Unreadable

STARTS_FACTOR = frozenset(
    ("symbol", "constant", "function", "open", "brace", "frac", "root", "binom", "binder", "begin")
) | {"differentiate"}
_STOPS_ARGUMENT = frozenset(["function", "open", "brace", "bar", "norm", "binder", "begin"])
_HALF_TURN = Mul((Constant("pi"), Recip(Number(Fraction(180), "180"))))
_LOGS = {Fraction(2): "log2", Fraction(10): "log10"}
_EMPTY = Collection("set", ())


class Factors(Indices):
    """The part of the grammar between a product and its smallest pieces."""

    def signed(self, read: Reader) -> Node:
        """What `read` reads, after any number of signs."""
        negative = False
        while self.at_operator("+-"):
            negative ^= self.next().text == "-"
        node = read()
        return Neg(node) if negative else node

    def side_by_side(self) -> bool:
        token = self.tokens[self.k]
        kind = token.kind
        if kind == "number":
            raise self.fail(
                "Two values stand side by side: write * or another sign between them.", token
            )
        if kind in STARTS_FACTOR and not (kind == "open" and self.closes_interval()):
            before = self.tokens[self.k - 1]
            if WORD in {token.meaning, before.meaning} and before.kind != "number":
                raise self._prose(token if token.meaning == WORD else before)
            return True
        return (kind == "bar" and not self.bars) or (kind == "norm" and not self.norms)

    def no_value(self) -> Unreadable:
        """What to say of a sign beside an interval."""
        return self.fail(
            "An interval is no value to calculate with: write one value, or a list in ( ).",
            self.tokens[self.k],
        )

    def _prose(self, word: Token) -> Unreadable:
        if self.text.startswith("\\", word.start):
            return self.fail(
                f"{word.text} may be a unit, which this question does not name: leave it out.", word
            )
        return self.fail(
            f"{word.text} stands side by side with something: write * if it is a name, "
            "or the formula alone without words.",
            word,
        )

    def power(self) -> Node:
        base = self.atom()
        if self.tokens[self.k].kind == "index":
            base = Call("entry", (base, *self.indices()), "entry")
        while self.tokens[self.k].kind == "operator":
            operator = self.tokens[self.k].text
            if operator == "!":
                self.k += 1
                base = Call("factorial", (base,), "factorial")
            elif operator == "°":
                if isinstance(base, Interval):
                    raise self.no_value()
                self.k += 1
                base = Mul((base, _HALF_TURN))
            elif operator == "^":
                if entry := self.raised(base):
                    base = entry
                    continue
                base = self._raised(base)
                if not self.at_operator("!"):
                    break
            else:
                break
        return base

    def _raised(self, base: Node) -> Node:
        """Base and what follows ^: a power, or the sign of a transpose."""
        if isinstance(base, Interval) and (base.lower_open or base.upper_open):
            raise self.no_value()
        transposed = self._transpose(base)
        if transposed:
            self.k += transposed
            node: Node = Call("transpose", (base,), "transpose")
            return self._raised(node) if self.at_operator("^") else node
        return Pow(base, self._exponent())

    def _transpose(self, base: Node) -> int:
        """How many tokens ahead say ^T; 0 where they are a power."""
        size = 4 if self.tokens[self.k + 1].kind in {"brace", "open"} else 2
        letter = self.tokens[self.k + size // 2]
        if letter.kind != "symbol" or letter.text != "T":
            return 0
        if size == 4 and self.tokens[self.k + 3].kind not in {"unbrace", "close"}:
            return 0
        sure = letter.meaning == TRANSPOSE
        return size if sure or ("T" not in self.declared and _is_array(base)) else 0

    def _exponent(self) -> Node:
        """What follows ^, read from the right: 2^3^2 is 2^(3^2)."""
        self.next()
        self.enter()
        node = self.signed(self.power)
        self.depth -= 1
        return node

    def atom(self) -> Node:
        token = self.next()
        kind = token.kind
        if kind == "number":
            if token.text == "1" and self.is_indicator(token):
                return self.indicator()
            return _number(token)
        if kind == "symbol":
            return self._symbol(token)
        if kind in {"open", "brace"} or (kind == "close" and token.text == "]"):
            return self.group(token)
        if kind == "function":
            return self._call(token)
        return self._sign(token)

    def _sign(self, token: Token) -> Node:
        """What begins with a sign or a command."""
        match token.kind:
            case "constant":
                return _EMPTY if token.text == "∅" else Constant(token.text)
            case "bar":
                return self.absolute(token)
            case "norm":
                return self.norm(token)
            case "frac":
                return Mul((self._part_of_fraction(), Recip(self._part_of_fraction())))
            case "binom":
                return Call("binom", (self._argument(), self._argument()), "binom")
            case "root":
                return self._root(token)
            case "binder":
                return self.binder(token)
            case "differentiate":
                return self.derived(token)
            case "begin":
                return self.environment(token)
        if token.kind != "end":
            self.k -= 1
        raise self.unexpected()

    def _symbol(self, token: Token) -> Node:
        after = self.tokens[self.k]
        if token.meaning == TRANSPOSE:
            raise self.fail("⊤ says that something is transposed: write it as in x^⊤.", token)
        if after.kind in {"open", "index"}:
            node = self.named(token)
            if node is not None:
                return node
            if after.kind == "index":
                self._refuse_two_indices(token)
                return Indexed(token.text, self.indices())
        elif after.text == "^" and self.is_abstract(token) and self.order():
            return self._call(self.differentiated(token))
        return SymbolNode(token.text)

    def _refuse_two_indices(self, name: Token) -> None:
        """x_1_{n+1}, which may be a product or one index of two parts; TeX refuses it too."""
        if split_index(name.text)[1] and name.text not in self.declared:
            raise self.fail(
                "Two indices follow each other here: write one, as in x_{1,n+1}, "
                "or * before the next name.",
                self.tokens[self.k],
            )

    def _part_of_fraction(self) -> Node:
        start = self.k
        node = self._argument()
        if isinstance(node, Interval):
            self.k = start
            raise self.no_value()
        return node

    def _argument(self) -> Node:
        """One argument of \\frac or \\sqrt: a group in braces, or a single piece."""
        self.enter()
        if self.at("brace"):
            opening = self.next()
            kept, (self.bars, self.norms) = (self.bars, self.norms), (0, 0)
            node = self.sum()
            self.close(opening)
            self.bars, self.norms = kept
        else:
            node = self.atom()
        self.depth -= 1
        return node

    def _root(self, token: Token) -> Node:
        if token.text == "sqrt" and self.at("open", "["):
            opening = self.next()
            degree = self.sum()
            self.close(opening)
            return Call("root", (self._argument(), degree), "root")
        return Call("sqrt", (self._argument(),), "sqrt")

    def _call(self, token: Token) -> Node:
        if token.meaning == "indicator" and self.at("index"):
            return Call("indicator", (self._subscript(),), "indicator")
        if not token.meaning and self.at_operator("^"):
            token = self.differentiated(token)
        base = self.lowered() if token.meaning == "log" and self.at("index") else None
        exponent = self._exponent() if self.at_operator("^") else None
        arguments: tuple[Node, ...]
        if not (self.at("open") or self.at("brace")):
            arguments = (self._bare_argument(token),)
        elif token.meaning in TAKES_RELATIONS:
            opening, entries = self._entries()
            if token.meaning == "cases":
                return self.by_cases(opening, entries)
            arguments = tuple(entries)
        elif not token.meaning and self.at("open", "(") and self.is_probability(token):
            return self.probability(token.text, False)
        else:
            arguments = self.arguments(self.next())
        if base is not None:
            return _raise(_log(arguments, base, token, self.text), exponent)
        if exponent is not None and token.meaning and (back := inverse(token.meaning, exponent)):
            return Call(back, arguments, back)
        if token.meaning in {"sum", "product", "integral"}:
            return _raise(self.reduction(token, arguments), exponent)
        return _raise(apply(token, arguments, self.text, self.declared), exponent)

    def _entries(self) -> tuple[Token, list[Node]]:
        """Values and conditions in brackets, and the opening bracket."""
        opening = self.next()
        entries = [self.entry()]
        while self.take("comma") or self.take("semicolon"):
            entries.append(self.entry())
        self.close(opening)
        return opening, entries

    def _subscript(self) -> Node:
        self.next()
        opening = self.next()
        node = self.entry()
        self.close(opening)
        return node

    def _bare_argument(self, token: Token) -> Node:
        """The argument of a function written without brackets, as in sin 2x."""
        if too_wide(token.meaning):
            raise self.fail(f"{token.text} needs brackets: write {token.text}(...).", token)
        self.enter()
        if self.at("end"):
            raise self.fail(f"{token.text} has no argument: write {token.text}(x).", token)
        node = self.signed(self._bare_product)
        self.depth -= 1
        return node

    def _bare_product(self) -> Node:
        factors = [self.power()]
        while self.tokens[self.k].kind not in _STOPS_ARGUMENT and self.side_by_side():
            factors.append(self.power())
        if self.at("open") and isinstance(factors[-1], Number):
            raise self.unexpected("put brackets around the function's argument")
        return factors[0] if len(factors) == 1 else Mul(tuple(factors))


def _number(token: Token) -> Node:
    node = Number(token.value, token.text)
    if not token.base:
        return node
    base = Number(Fraction(token.base), str(token.base))
    return Call("inbase", (node, base), "inbase")


def _raise(node: Node, exponent: Node | None) -> Node:
    return node if exponent is None else Pow(node, exponent)


def _log(arguments: tuple[Node, ...], base: Node, token: Token, text: str) -> Node:
    if len(arguments) != 1:
        raise Unreadable("log takes one argument here: write log_2(x).", text, token.start)
    name = _LOGS.get(base.value) if isinstance(base, Number) else None
    return Call(name, arguments, name) if name else Call("logb", (arguments[0], base), "logb")


def _is_array(base: Node) -> bool:
    """Whether ^T on this is a transpose: a name, a matrix, or brackets around names of matrices."""
    if isinstance(base, SymbolNode | Indexed | Matrix | Collection | Interval):
        return True
    if isinstance(base, Call) and base.meaning == "transpose":
        return True
    return isinstance(base, Add | Mul) and (
        has_matrix(base) or any(name[0].isupper() for name in symbols(base))
    )


def has_matrix(node: Node) -> bool:
    return any(isinstance(part, Matrix | Collection) for part in walk(node))

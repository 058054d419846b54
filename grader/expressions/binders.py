"""Signs and words that range over a name: sums, products, integrals, extremes, expectations, d/dx."""

from typing import Literal

from grader.expressions.binding import bind, is_derivative
from grader.expressions.brackets import Brackets
from grader.expressions.tokens import Token
from grader.expressions.tree import (
    ONE,
    Add,
    Call,
    Collection,
    Constant,
    Neg,
    Node,
    Number,
    Reduce,
    Relation,
    Symbol,
    symbols,
)

_Limits = tuple[tuple[str, ...], Node | None, Node | None]
_KINDS: dict[str, Literal["sum", "product", "integral"]] = {
    "sum": "sum", "product": "product", "integral": "integral",
}  # fmt: skip
_PROBABILITIES = frozenset({"P", "p", "Pr", "q", "Q"})
_COUNTED = frozenset({"sum", "product"})
_VALUES = frozenset({"q", "Q"})  # Q(s, a) is the value of a step, Q(x | y) a probability
_GIVEN = "_given"
_EVENTS = frozenset({"relation", "comma", "setop"})


class Binders(Brackets):
    """The part of the grammar that introduces names of its own."""

    conditional: bool | None = None

    def binder(self, token: Token) -> Node:
        r"""\sum_{i=1}^n x_i, \int_0^1 f dx, argmax_x f; the body goes as far as a product goes."""
        self.enter()
        if token.text == "integral":
            node = self._integral(token)
        else:
            names, lower, upper = self._limits(token)
            node = self.product()
            names = names or self._only_index(token, node)
            if token.text in _KINDS:
                for name in reversed(names):
                    node = self._reduce(token.text, name, lower, upper, node)
            else:
                body = bind(node, names[0], self.declared)
                node = Call(token.text, (body, Symbol(names[0])), token.text)
        self.depth -= 1
        return node

    def _reduce(
        self, kind: str, name: str, lower: Node | None, upper: Node | None, body: Node
    ) -> Reduce:
        return Reduce(_KINDS[kind], name, lower, upper, bind(body, name, self.declared))

    def _limits(self, token: Token) -> _Limits:
        """What stands under and over a sum: i=1 and n, or just i, or i,j."""
        names: tuple[str, ...] = ()
        lower = upper = None
        endless = False
        while self.at("index") or self.at_operator("^"):
            if self.next().kind == "operator":
                upper = self._limit()
            else:
                names, lower, endless = self._below(token)
        if endless and upper is None:
            upper = Constant("inf")
        if (upper and not names) or (len(names) > 1 and (lower or upper)):
            raise self.fail("Write what this goes over, such as \\sum_{i=1}^{n} x_i.", token)
        return names, lower, upper

    def _only_index(self, token: Token, body: Node) -> tuple[str, ...]:
        """What a sum without anything under it goes over: the one letter that stands as an index."""
        letters = {name.partition("_")[2].strip("{}") for name in symbols(body)} - self.declared
        indices = [letter for letter in letters if len(letter) == 1 and letter.isalpha()]
        if len(indices) != 1:
            raise self.fail("Write what this goes over, such as \\sum_{i=1}^{n} x_i.", token)
        return (indices[0],)

    def _below(self, token: Token) -> tuple[tuple[str, ...], Node | None, bool]:
        """The names, where they start, and whether that is all: k >= 0 has no end."""
        if not self.at("brace"):
            return (self._name(token),), None, False
        endless = False
        opening, names, lower = self.next(), [self._name(token)], None
        while self.take("comma"):
            names.append(self._name(token))
        if self.at("relation", "="):
            self.next()
            lower = self.sum()
        elif token.text in _COUNTED and (self.at("relation", ">=") or self.at("relation", ">")):
            first = self.next().text
            lower, endless = _from(self.sum(), first), True
        elif not self.at("unbrace"):
            raise self.fail(
                "A sum goes from a first to a last index here: write \\sum_{i=1}^{n} x_i.", token
            )
        self.close(opening)
        return tuple(names), lower, endless

    def _name(self, token: Token) -> str:
        name = self.next()
        if name.kind not in {"symbol", "constant"} or is_derivative(name.text):
            raise self.fail("Write the name this goes over, such as \\sum_{i=1}^{n} x_i.", token)
        return name.text

    def _limit(self) -> Node:
        """One limit: a group, or a single signed piece."""
        self.enter()
        negative = self.at_operator("-")
        if negative or self.at_operator("+"):
            self.next()
        node = self.group(self.next()) if self.at("brace") else self.atom()
        self.depth -= 1
        return Neg(node) if negative else node

    def _integral(self, token: Token) -> Node:
        lower = upper = None
        while self.at("index") or self.at_operator("^"):
            if self.next().kind == "operator":
                upper = self._limit()
            else:
                lower = self._limit()
        if self.at("differential"):
            raise self.fail("Write what is integrated before the differential: ∫ x^2 dx.", token)
        body = self.sum()
        if not self.at("differential"):
            raise self.fail(
                "This integral has no dx: write \\int_0^1 x^2 dx, or int(x^2, x, 0, 1).", token
            )
        if (lower is None) != (upper is None):
            raise self.fail("An integral has two limits or none: write \\int_0^1 x^2 dx.", token)
        return self._reduce("integral", self.next().text, lower, upper, body)

    def reduction(self, token: Token, arguments: tuple[Node, ...]) -> Node:
        """sum(x_i, i, 1, n); without limits sum(x_i, i)."""
        name = arguments[1] if len(arguments) in {2, 4} else None
        if not isinstance(name, Symbol):
            raise self.fail(
                f"Write {token.text}(x_i, i, 1, n): what, over which name, from, to.", token
            )
        lower, upper = arguments[2:] if len(arguments) == 4 else (None, None)
        return self._reduce(token.meaning, name.name, lower, upper, arguments[0])

    def derived(self, token: Token) -> Node:
        """d/dx of the product that follows; of a name alone, it is the name dy_dx."""
        self.enter()
        body = self.product()
        self.depth -= 1
        if isinstance(body, Symbol) and body.name != token.text:
            return Symbol(f"d{body.name}_d{token.text}")
        return Call("diff", (body, Symbol(token.text)), "diff")

    def named(self, token: Token) -> Node | None:
        """E[x], P(a | b), u(x, y), I(x > 0) at a name that was just read; None if it is only a name."""
        opening = self.tokens[self.k]
        written = self.text[token.start : token.end]
        if token.text == "E" and opening.kind == "index":
            return self._expectation(self._distribution())
        if opening.kind != "open" or opening.text not in {"(", "["}:
            return None
        if (
            (token.text == "E" or token.text.startswith("E_"))
            and token.text not in self.declared
            and (opening.text == "[" or "mathbb" in written or "𝔼" in written)
        ):
            over = token.text[2:]
            return self._expectation((Symbol(over),) if over else ())
        return self._applied(token, opening)

    def _distribution(self) -> tuple[Node, ...]:
        """The index of E_{x ~ p}: x, and p."""
        self.next()
        if not self.at("brace"):
            return (self.atom(),)
        opening = self.next()
        node = self.entry()
        self.close(opening)
        if isinstance(node, Relation):
            return node.sides
        return (node,)

    def _expectation(self, over: tuple[Node, ...]) -> Node:
        if not self.at("open"):
            raise self.unexpected("write E[...] with brackets")
        opening = self.next()
        self.enter()
        kept, self.bars = self.bars, 1
        body = self.entry()
        if self.take("bar"):
            over = (*over, self.entry())
        self.bars = kept
        self.depth -= 1
        self.close(opening)
        return Call("expectation", (body, *over), "expectation")

    def _applied(self, token: Token, opening: Token) -> Node | None:
        """A name before ( that can only be a function: its arguments hold a comma, a | or a relation."""
        if opening.text == "(" and token.meaning == "" and token.text not in self.declared:
            inside = self._top_level(self.k)
            if token.text in {"I", "1"} and "relation" in inside:
                return self.indicator()
            base = token.text.removesuffix(_GIVEN)
            if self._bars(self.k) % 2 and (len(base) == 1 or base in _PROBABILITIES):
                return self.probability(base, False)
            named = _EVENTS - {"comma"} if base in _VALUES else _EVENTS
            events = inside & named or self._is_conditional()
            if token.text != base or (base in _PROBABILITIES and events):
                return self.probability(base, token.text != base)
            if "comma" in inside and len(token.text) == 1 and not inside & {"relation", "bar"}:
                return Call(token.text, self.arguments(self.next()), "")
        if opening.text == "[" and token.text == "I" and "relation" in self._top_level(self.k):
            return self.indicator()
        return None

    def is_indicator(self, one: Token) -> bool:
        """Whether the 1 just read begins 1(x > 0) or 1{x > 0}."""
        opening = self.tokens[self.k]
        if opening.kind != "open" or opening.start > one.end + len("\\left"):
            return False
        return opening.text in {"(", r"\{"} and "relation" in self._top_level(self.k)

    def indicator(self) -> Node:
        """The condition in the brackets ahead, as a 1 where it holds."""
        opening = self.next()
        node = self.entry()
        self.close(opening)
        return Call("indicator", (node,), "indicator")

    def is_probability(self, token: Token) -> bool:
        """Whether a declared function is applied to events, as in P(a | b) or P(X = 1)."""
        if self._bars(self.k) % 2:
            return True
        events = "relation" in self._top_level(self.k) or self._is_conditional()
        return token.text in _PROBABILITIES and events

    def _is_conditional(self) -> bool:
        """Whether some P( ... | ... ) is written, so that P(a) is a probability too."""
        if self.conditional is None:
            self.conditional = any(
                token.text.removesuffix(_GIVEN) in _PROBABILITIES
                and self.tokens[k + 1].text == "("
                and (token.text.endswith(_GIVEN) or self._bars(k + 1) % 2 == 1)
                for k, token in enumerate(self.tokens[:-1])
            )
        return self.conditional

    def _bars(self, k: int) -> int:
        return sum(token.kind == "bar" for token in self._level(k))

    def _top_level(self, k: int) -> set[str]:
        """The kinds of token directly within the bracket at `k`."""
        return {token.kind for token in self._level(k)}

    def _level(self, k: int) -> list[Token]:
        depth, found = 0, []
        for token in self.tokens[k:]:
            depth += token.kind in {"open", "brace"}
            depth -= token.kind in {"close", "unbrace"}
            if depth == 0:
                break
            if depth == 1:
                found.append(token)
        return found

    def probability(self, name: str, given: bool) -> Node:
        """P(a, b | c): abstract, named P or P_given, with what is given last."""
        opening = self.next()
        self.enter()
        kept, self.bars = self.bars, 1
        events = self._events()
        conditions = self._events() if self.take("bar") else []
        self.bars = kept
        self.depth -= 1
        self.close(opening)
        if not conditions and not given:
            return Call(name, tuple(events), f"probability {name}")
        parts = (_together(events), _together(conditions)) if conditions else tuple(events)
        return Call(name + _GIVEN, parts, f"probability {name}{_GIVEN}")

    def _events(self) -> list[Node]:
        events = [self.entry()]
        while self.take("comma") or self.take("semicolon"):
            events.append(self.entry())
        return events

    def arguments(self, opening: Token) -> tuple[Node, ...]:
        """What stands in a call's brackets."""
        kept, (self.bars, self.norms) = (self.bars, self.norms), (0, 0)
        arguments = [self.sum()]
        while self.take("comma") or self.take("semicolon"):
            arguments.append(self.sum())
        self.close(opening)
        self.bars, self.norms = kept
        return tuple(arguments)


def _from(first: Node, sign: str) -> Node:
    """The first index of k >= 0, or of k > 0."""
    if sign == ">=":
        return first
    if isinstance(first, Number):
        return Number(first.value + 1, str(first.value + 1))
    return Add((first, ONE))


def _together(events: list[Node]) -> Node:
    return events[0] if len(events) == 1 else Collection("tuple", tuple(events))

"""Where the parser stands in its tokens: what the parts of the grammar share."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from grader.expressions.limits import MAX_DEPTH
from grader.expressions.tokens import Token, TokenKind
from grader.expressions.tree import Node
from grader.expressions.unreadable import Unreadable

Reader = Callable[[], Node]
CLOSERS = {"(": ")", "[": "]", "{": "}", r"\{": r"\}", "⌊": "⌋", "⌈": "⌉", "⟨": "⟩"}


class Cursor(ABC):
    """A sequence of tokens and a place `k` in it; each reading method leaves `k` after what it read."""

    def __init__(
        self,
        tokens: tuple[Token, ...],
        text: str,
        declared: frozenset[str] = frozenset(),
        *,
        decimal_comma: bool = False,
    ) -> None:
        self.tokens = tokens
        self.text = text
        self.declared = declared
        self.decimal_comma = decimal_comma  # then ; parts entries rather than rows
        self.k = 0
        self.depth = 0
        self.bars = 0  # open | ... |, where the next bar closes
        self.norms = 0  # the same for norms

    @abstractmethod
    def sum(self) -> Node:
        """Terms joined by +, - and ±."""

    @abstractmethod
    def entry(self) -> Node:
        """What may stand between brackets and commas: a value by cases, or a relation."""

    @abstractmethod
    def continued(self, first: Node) -> Node:
        """The rest of an entry that begins with the value `first`."""

    @abstractmethod
    def product(self) -> Node:
        """Factors joined by *, / or nothing, after any number of signs."""

    @abstractmethod
    def power(self) -> Node:
        """One factor with its exponents."""

    @abstractmethod
    def atom(self) -> Node:
        """A number, a name, a bracket or a call."""

    def enter(self) -> None:
        """Go one level deeper; `self.depth -= 1` comes back. Raises `Unreadable` when too deep."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            token = self.tokens[self.k]
            raise self.fail(f"This is nested too deeply: use at most {MAX_DEPTH} levels.", token)

    def at(self, kind: TokenKind, text: str = "") -> bool:
        """Whether a token of this kind (and text) is next."""
        token = self.tokens[self.k]
        return token.kind == kind and (not text or token.text == text)

    def at_operator(self, which: str) -> bool:
        """Whether one of these operators is next."""
        token = self.tokens[self.k]
        return token.kind == "operator" and token.text in which

    def next(self) -> Token:
        """Take a token; the end mark stays."""
        token = self.tokens[self.k]
        if token.kind != "end":
            self.k += 1
        elif self.k == 0:
            raise self.fail("Nothing is written here: write an expression.", token)
        return token

    def take(self, kind: TokenKind, text: str = "") -> bool:
        """Take a token of this kind (and text) if it is next."""
        if not self.at(kind, text):
            return False
        self.k += 1
        return True

    def close(self, opening: Token) -> None:
        """Take the closing bracket of `opening`."""
        token = self.tokens[self.k]
        wanted = CLOSERS.get(opening.text, "[")
        if token.kind in {"close", "unbrace"} and token.text == wanted:
            self.k += 1
            return
        if token.kind == "end":
            raise self.fail(f"This {opening.text} is never closed: add {wanted}.", opening)
        raise self.unexpected(f"write {wanted} first")

    def level(self) -> list[Token]:
        """The tokens ahead that stand directly within the bracket that was just opened."""
        depth, found = 1, []
        for token in self.tokens[self.k :]:
            depth += token.kind in {"open", "brace"}
            depth -= token.kind in {"close", "unbrace"}
            if depth == 0:
                break
            if depth == 1:
                found.append(token)
        return found

    def fail(self, message: str, token: Token) -> Unreadable:
        """An `Unreadable` at a token."""
        return Unreadable(message, self.text, token.start)

    def unexpected(self, advice: str = "") -> Unreadable:
        """What to say of a token that cannot stand where it does."""
        token = self.tokens[self.k]
        if token.kind == "end":
            return self.fail(
                "Something is missing at the end: write the rest, or delete the sign.", token
            )
        if token.kind in {"comma", "semicolon"}:
            return self.fail(
                f"One expression is expected: write a single value, without {token.text}.", token
            )
        if token.kind == "index":
            return self.fail("Write an index as a name or a number, such as x_1.", token)
        advice = advice or "write a number, a name or a bracket"
        shown = self.text[token.start : token.end] or token.text
        return self.fail(f"{shown} cannot stand here: {advice}.", token)

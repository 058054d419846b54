"""What stands at the foot or the head of a name: x_{i+1}, w_{ij}, and x^{(i)}, which is no power.

Layers, samples and steps are counted above: parentheses, and nothing else, in the braces after ^ hold such a count when
it is a name, a whole number, or a name plus or minus a whole number: x^{(2)}, w^{(l-1)}, x⁽²⁾. So x^(2), x^{2}, x^{(a+b)} and
x^{\\left(2\\right)} stay powers.
"""

from grader.expressions.binders import Binders
from grader.expressions.binding import LONGEST_RUN, RAISED, bind_unit, index_node, split_index
from grader.expressions.glyphs import GREEK_NAMES
from grader.expressions.tokens import TRANSPOSE, Token
from grader.expressions.tree import Call, Constant, Indexed, Node, Symbol
from grader.expressions.vocabulary import ABSTRACT

_NAMES = frozenset(["symbol", "constant"])
_BEFORE = 3  # tokens of ^{( before what is counted


class Indices(Binders):
    """The part of the grammar that reads indices."""

    def indices(self) -> tuple[Node, ...]:
        """The index of x_{i+1} or w_{i,j}, after the _ that is next."""
        low = self.next()
        if not self.at("brace"):
            if self.tokens[self.k].kind not in {"symbol", "constant", "number"}:
                self.k -= 1
                raise self.unexpected()
            return (_single(self.next()),)
        opening = self.next()
        if self.at("unbrace") or self.at("end"):
            raise self.fail("Write an index as a name or a number, such as x_1.", low)
        start = self.k
        indices = self.arguments(opening)
        run = self.tokens[start : self.k - 1]
        if all(token.kind in _NAMES and len(token.text) == 1 for token in run):
            return tuple([Symbol(token.text) for token in run])  # w_{ij}
        return tuple([bind_unit(index) for index in indices])

    def raised(self, base: Node) -> Node | None:
        """The entry that `base` and an index above are; None where what follows ^ is a power."""
        size = self._counted()
        if not size or not self._may_be_raised(base):
            return None
        name, low = self._family(base)
        self.k += _BEFORE
        above = bind_unit(self.sum())
        transposed = self._skip(size)
        if self.at("index"):
            low += self.indices()
        node: Node = Indexed(name + RAISED, (above, *low))
        return Call("transpose", (node,), "transpose") if transposed else node

    def order(self) -> int:
        """How often a function is differentiated where ^{(n)} follows its name; 0 where that is not so."""
        count = self.tokens[min(self.k + _BEFORE, len(self.tokens) - 1)]
        if self._counted() != 1 or not (count.text.isdigit() and 0 < count.value < 10):
            return 0
        after = self.tokens[self.k + _BEFORE + 3]
        return int(count.value) if after.kind == "open" and after.text == "(" else 0

    def differentiated(self, token: Token) -> Token:
        """f^{(2)}(x) is f''(x): the token of the function, what stands above it read."""
        order = self.order()
        if not order:
            return token
        self.k += _BEFORE + 3
        return token._replace(kind="function", text=token.text + "'" * order)

    def is_abstract(self, token: Token) -> bool:
        """Whether a name that nobody declared is a function as soon as brackets follow."""
        return token.text in ABSTRACT and not token.meaning and token.text not in self.declared

    def _skip(self, size: int) -> bool:
        """Leave what is counted and its brackets behind; whether the sign of a transpose stood there."""
        transposed = self.tokens[self.k + 1].kind == "symbol"
        self.k += 2 + transposed
        return transposed

    def _counted(self) -> int:
        """How many tokens say what is counted, where ^{( is next; 0 where it is something else."""
        power, brace, opening = self.tokens[self.k], self._ahead(1), self._ahead(2)
        if power.kind != "operator" or power.text != "^" or opening.text != "(":
            return 0
        lifted = brace.kind == "open" and self.text[brace.start : brace.start + 1] == "⁽"
        if not lifted and (brace.kind != "brace" or self.text[brace.end : opening.start].strip()):
            return 0
        size = 3 if self._ahead(4).kind == "operator" else 1
        counted = [self._ahead(_BEFORE + place) for place in range(size)]
        if not all(_is_count(token) for token in counted[::2]):
            return 0
        if size > 1 and (counted[1].text not in "+-" or counted[2].kind != "number"):
            return 0
        if size > 1 and counted[0].kind == "number":
            return 0
        after, last = self._ahead(_BEFORE + size), self._ahead(_BEFORE + size + 1)
        if self._is_transpose(last):
            last = self._ahead(_BEFORE + size + 2)
        ends = last.kind in {"unbrace", "close"}
        return size if after.kind == "close" and after.text == ")" and ends else 0

    def _is_transpose(self, token: Token) -> bool:
        named = token.kind == "symbol" and token.text == "T"
        return named and (token.meaning == TRANSPOSE or "T" not in self.declared)

    def _ahead(self, count: int) -> Token:
        return self.tokens[min(self.k + count, len(self.tokens) - 1)]

    def _may_be_raised(self, base: Node) -> bool:
        """Whether a name was just read, and not a bracket around one."""
        last = self.tokens[self.k - 1]
        if isinstance(base, Indexed):
            return not base.name.endswith(RAISED) and last.kind != "close"
        return isinstance(base, Symbol) and last.kind == "symbol"

    def _family(self, base: Node) -> tuple[str, tuple[Node, ...]]:
        """The name and the lower indices: those of x_j too, unless x_j is a name of the question."""
        if isinstance(base, Indexed):
            return base.name, base.indices
        name = base.name if isinstance(base, Symbol) else ""
        letters, low = split_index(name)
        if not low or name in self.declared:
            return name, ()
        return letters, tuple([index_node(part) for part in _parts(low.strip("{}"))])


def _parts(index: str) -> list[str]:
    """The indices of w_{ij} and w_{i,j}, which are the same two."""
    parts = index.replace("_", ",").split(",")
    run = parts[0]
    together = len(parts) == 1 and run.isalpha() and len(run) <= LONGEST_RUN
    return [*run] if together and run not in GREEK_NAMES else parts


def _is_count(token: Token) -> bool:
    if token.kind == "number":
        return token.text.isdigit() and not token.base
    return token.kind == "symbol" or (token.kind == "constant" and token.text == "i")


def _single(token: Token) -> Node:
    if token.kind == "constant" and token.text != "i":
        return Constant(token.text)
    return index_node(token.text)

"""Sets by a condition: {x | x > 0}, {x : x > 0}, {n in N | n < 5}; and the region such a set is, where that is plain."""

from grader.expressions.cursor import Cursor
from grader.expressions.tokens import Token
from grader.expressions.tree import (
    Call,
    Collection,
    Constant,
    Interval,
    Neg,
    Node,
    Relation,
    Symbol,
    children,
    rebuild,
    replace,
    symbols,
)

SETOF = "setof"
_ANY = "″"
"""Begins what the name of a set is called once it is of no interest; no name read from text contains it."""
_INFINITE = Constant("inf")
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


class Builders(Cursor):
    """The part of the grammar that reads such sets."""

    def is_builder(self) -> bool:
        """Whether a name, perhaps with what it is an element of, stands before a bar or a colon."""
        if not _may_be_bound(self.tokens[self.k]):
            return False
        after = self.tokens[self.k + 1]
        if after.kind == "colon":
            return True
        if after.kind != "bar" and (after.kind != "relation" or after.text != "in"):
            return False
        kinds = [token.kind for token in self.level()]
        return "colon" in kinds or kinds.count("bar") % 2 == 1

    def builder(self, opening: Token) -> Node:
        """What the bracket holds, its closing bracket read."""
        self.enter()
        name = Symbol(self.tokens[self.k].text)
        self.bars = 1
        related = self.tokens[self.k + 1].kind == "relation"
        head = self.entry() if related else Symbol(self.next().text)
        if not (self.take("bar") or self.take("colon")):
            raise self.unexpected("write a set as {x | x > 0}")
        self.bars = 0
        conditions = [] if self._says_nothing(head) else [head]
        conditions.append(self._condition_of_set())
        while self.take("comma") or self.take("semicolon"):
            conditions.append(self._condition_of_set())
        self.close(opening)
        self.depth -= 1
        node = conditions[0]
        for condition in conditions[1:]:
            node = Call("and", (node, condition), "and")
        return Call(SETOF, (node, name), SETOF)

    def _says_nothing(self, head: Node) -> bool:
        """Whether the head is x alone, or x in R: names stand for real numbers anyway."""
        if isinstance(head, Relation):
            return head.sides[1] == Symbol("R") and "R" not in self.declared
        return True

    def _condition_of_set(self) -> Node:
        start, node = self.tokens[self.k], self.entry()
        if not is_condition(node):
            raise self.fail("A condition is expected here: write {x | x > 0}.", start)
        return node


def _may_be_bound(token: Token) -> bool:
    return (token.kind == "symbol" and not token.meaning) or (
        token.kind == "constant" and token.text == "i"
    )


def is_condition(node: Node) -> bool:
    """Whether a node is a relation, or several joined by and, or."""
    return isinstance(node, Relation) or (isinstance(node, Call) and node.meaning in {"and", "or"})


def as_regions(node: Node) -> Node:
    """The tree with every set by a condition as intervals, or else with its name left out of sight."""
    below = tuple(map(as_regions, children(node)))
    node = rebuild(node, below) if below else node
    match node:
        case Call(_, (condition, Symbol(name)), "setof"):
            return _region(condition, name) or _nameless(node, condition, name)
        case _:
            return node


def _nameless(node: Call, condition: Node, name: str) -> Node:
    inner = max([len(s) for s in symbols(condition) if s.startswith(_ANY)], default=0)
    any_ = Symbol(_ANY * (inner + 1))
    return Call(node.name, (replace(condition, {name: any_}), any_), node.meaning)


def _region(condition: Node, name: str) -> Node | None:
    """The numbers for which a condition holds, where each relation has the name alone on one side."""
    match condition:
        case Relation(operators, sides):
            links = zip(operators, sides, sides[1:], strict=False)
            parts = [_link(operator, left, right, name) for operator, left, right in links]
            return _joined("intersection", parts)
        case Call(_, arguments, "and" | "or" as word):
            parts = [_region(part, name) for part in arguments]
            return _joined("intersection" if word == "and" else "union", parts)
        case _:
            return None


def _joined(how: str, parts: list[Node | None]) -> Node | None:
    node = parts[0]
    for part in parts[1:]:
        if node is None or part is None:
            return None
        both = _between(node, part) if how == "intersection" else None
        node = both or Call(how, (node, part), how)
    return node


def _between(a: Node, b: Node) -> Node | None:
    """x > a and x < b as one interval."""
    if not (isinstance(a, Interval) and isinstance(b, Interval)):
        return None
    if b.upper == _INFINITE:
        a, b = b, a
    if a.upper != _INFINITE or b.lower != Neg(_INFINITE):
        return None
    return Interval(a.lower, b.upper, a.lower_open, b.upper_open)


def _link(operator: str, left: Node, right: Node, name: str) -> Node | None:
    """The region of one relation such as x > 0 or 0 < x."""
    variable = Symbol(name)
    if right == variable and operator in _TURNED:
        left, right, operator = right, left, _TURNED[operator]
    if left != variable or name in symbols(right):
        return None
    below = Interval(Neg(_INFINITE), right, True, operator != "<=")
    above = Interval(right, _INFINITE, operator != ">=", True)
    match operator:
        case "<" | "<=":
            return below
        case ">" | ">=":
            return above
        case "=":
            return Collection("set", (right,))
        case "!=":
            return Call("union", (below, above), "union")
        case "in" if isinstance(right, Interval | Collection):
            return right
        case _:
            return None

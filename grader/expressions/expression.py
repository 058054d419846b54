"""An expression: what was entered, how it was read, and what can be asked of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from grader.expressions.builders import SETOF, as_regions
from grader.expressions.derivative import NotDifferentiable, carry_out
from grader.expressions.exact import TooLarge, constant
from grader.expressions.kinds import kind
from grader.expressions.latexing import Typesetter
from grader.expressions.limits import MAX_DEPTH, MAX_DERIVED_NODES, MAX_NODES
from grader.expressions.printing import Printer
from grader.expressions.scope import Scope
from grader.expressions.tree import (
    Call,
    Indexed,
    Neg,
    Node,
    Number,
    PlusMinus,
    Relation,
    Symbol,
    by_levels,
    fits,
    replace,
    symbols,
    walk,
)
from grader.expressions.unreadable import Unreadable

_NO_NUMBER = (Indexed, PlusMinus)


@dataclass(frozen=True, slots=True)
class Expression:
    """`text` as entered, `tree` as written, `core` the same with diff(...) carried out and {x | x > 0} as an interval."""

    text: str
    tree: Node
    scope: Scope
    core: Node

    @classmethod
    def of(cls, text: str, tree: Node, scope: Scope) -> "Expression":
        """Check the budgets and build. Raises `Unreadable` when the tree is too much to work with."""
        height, nodes = by_levels(tree)
        if height > MAX_DEPTH:
            raise Unreadable(f"This is nested too deeply: use at most {MAX_DEPTH} levels.", text, 0)
        if len(nodes) > MAX_NODES:
            raise Unreadable(f"This is too large: use at most {MAX_NODES} parts.", text, 0)
        called = {node.meaning for node in nodes if isinstance(node, Call)}
        core = _core(text, tree, called) if called else tree
        try:
            constant(core)
        except TooLarge:
            raise Unreadable(
                "A number in this is too large: write a smaller power or factorial.", text, 0
            ) from None
        except ZeroDivisionError:
            raise Unreadable(
                "This divides by zero: write an expression that has a value.", text, 0
            ) from None
        return cls(text, tree, scope, core)

    def plain(self) -> str:
        """How it was read, in plain text; reading that again gives the same expression."""
        return Printer(self.scope.decimal_comma, self.scope).show(self.tree)

    def latex(self) -> str:
        """How it was read, in LaTeX without dollar signs."""
        return Typesetter(self.scope.decimal_comma, self.scope).show(self.tree)

    def names(self) -> frozenset[str]:
        """The free symbols, in their canonical spelling."""
        return symbols(self.core)

    def substitute(self, values: Mapping[str, "Expression"]) -> "Expression":
        """Put expressions in place of symbols; the scopes merge, this one's winning.

        A value goes into diff(f, x) before the derivative is taken, so that what depends on x is
        differentiated; a value for x itself goes in afterwards. Raises `Unreadable` when the result is over a budget, or a relation is put in.
        """
        scope, trees = self.scope, {}
        for name, value in values.items():
            if kind(value.tree) != "expression":
                raise Unreadable("A value is expected: write an expression.", value.text, 0)
            trees[name] = value.core
            scope = scope.merged(value.scope)
        into = self.core if trees.keys() & _variables(self.tree) else self.tree
        return Expression.of(self.text, replace(into, trees), scope)

    def is_number(self) -> bool:
        """Whether it is an expression without free symbols and families, such as 3*9 - 2."""
        if kind(self.tree) != "expression" or self.names():
            return False
        return not any(isinstance(node, _NO_NUMBER) for node in walk(self.core))

    def is_relation(self) -> bool:
        """Whether it is an equation or an inequality."""
        return isinstance(self.tree, Relation)

    def last_side(self) -> "Expression":
        """What a chain of equations ends in; the expression itself where it is none."""
        if not isinstance(self.tree, Relation) or set(self.tree.operators) != {"="}:
            return self
        return Expression.of(self.text, self.tree.sides[-1], self.scope)

    def is_literal(self) -> bool:
        """Whether it is one written number, possibly with signs or a percent, such as -3.50."""
        return self._literal() is not None

    def exact(self) -> Fraction | None:
        """The value of a rational constant (decimals are exact); None for anything else."""
        return None if isinstance(self.core, Relation) else constant(self.core)

    def _literal(self) -> Number | None:
        node = self.tree
        while isinstance(node, Neg):
            node = node.argument
        return node if isinstance(node, Number) and node.text.isascii() else None


def _variables(tree: Node) -> frozenset[str]:
    """What is differentiated by: the x of every diff(f, x)."""
    calls = [node for node in walk(tree) if isinstance(node, Call) and node.meaning == "diff"]
    names = (call.arguments[1] for call in calls)
    return frozenset(name.name for name in names if isinstance(name, Symbol))


def _core(text: str, tree: Node, called: set[str]) -> Node:
    """The tree with derivatives carried out, within its own budget of nodes and height, and sets as regions."""
    if SETOF in called:
        tree = as_regions(tree)
    if "diff" not in called:
        return tree
    try:
        core = carry_out(tree)
    except NotDifferentiable as error:
        raise Unreadable(
            f"There is no derivative of {error.args[0]} here: write it out.", text, 0
        ) from None
    if not fits(core, 2 * MAX_DEPTH, MAX_DERIVED_NODES):
        raise Unreadable("This derivative is too large: write it out.", text, 0)
    return core

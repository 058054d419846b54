"""Numerals with a base, such as 1101_2: their values, and which bases an expression is written in.

Whether 13 answers a question whose key is 1101_2 depends on what was asked, so equal values alone do not settle it.
"""

from fractions import Fraction

from grader.expressions.tree import Call, Node, Number, children, rebuild, walk

IN_BASE = "inbase"
"""The call that holds the digits, as if to base ten, and the base."""


def bases(*nodes: Node) -> frozenset[int]:
    """The bases that numerals in these trees name; those in base ten name none."""
    parts = (part for node in nodes for part in walk(node))
    return frozenset(_parts(part)[1] for part in parts if _is_numeral(part))


def in_base_ten(node: Node) -> Node:
    """The tree with the value of each such numeral in its place."""
    if _is_numeral(node):
        digits, base = _parts(node)
        value = int(str(digits), base)
        return Number(Fraction(value), str(value))
    below = children(node)
    parts = tuple([in_base_ten(child) for child in below])
    return rebuild(node, parts) if parts != below else node


def _is_numeral(node: Node) -> bool:
    return isinstance(node, Call) and node.meaning == IN_BASE


def _parts(node: Node) -> tuple[int, int]:
    digits, base = [int(part.value) for part in children(node) if isinstance(part, Number)]
    return digits, base

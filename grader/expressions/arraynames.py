"""Names that stand for vectors and matrices, marked so that their products keep their order.

A tree holds a name alone, so the mark is put on while judging: on names written bold or with an arrow that the question
does not declare, and on all names of which a transpose, a trace, a determinant or the like is taken anywhere in the pair.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.expressions.names import joined, scan_unit
from grader.expressions.tree import (
    Call,
    Collection,
    Indexed,
    Matrix,
    Node,
    Symbol,
    by_levels,
    children,
    rebuild,
)

ARRAY = "array"
"""The meaning of the call that marks a name; it has the value of what it holds."""
BOLD = "bold"
"""The name of that call where the name was written so, and names written plainly are numbers."""
_WRITTEN = re.compile(r"\\(?:mathbf|boldsymbol|bm|textbf|vec|mathbfit|overrightarrow)(?![A-Za-z])")
_VECTOR_PRODUCT = re.compile(r"[^\d\s.]\s*(?:×|\\times(?![A-Za-z]))")
_OF_MATRICES = frozenset({"transpose", "trace", "det", "inverse", "cross", "hadamard"})


def written_bold(text: str) -> frozenset[str]:
    """The names written bold or with an arrow in a text, as one name and letter by letter."""
    found: set[str] = set()
    for command in _WRITTEN.finditer(text):
        unit = scan_unit(text, command.start())
        if unit is not None and unit.base[:1].isalpha():
            found.update((joined([unit]), unit.base, *unit.base))
    return frozenset(found)


def has_vector_product(text: str) -> bool:
    """Whether a × stands in a text, behind no number: between vectors it is no product of numbers."""
    return _VECTOR_PRODUCT.search(text) is not None


def marked(trees: Sequence[Node], bold: frozenset[str]) -> tuple[Node, ...]:
    """The trees of one comparison with every name that stands for an array marked, if there is any."""
    names = bold.union(*map(_under_matrix_functions, trees))
    if not names:
        return tuple(trees)
    return tuple([_mark(tree, names, BOLD if bold else ARRAY) for tree in trees])


def unmarked(node: Node) -> Node:
    """The tree without marks, as it was written."""
    if isinstance(node, Call) and node.meaning == ARRAY:
        return node.arguments[0]
    below = children(node)
    return rebuild(node, tuple([unmarked(child) for child in below])) if below else node


def _under_matrix_functions(node: Node) -> set[str]:
    """The names that such a function is taken of; entries of a written matrix are none of them."""
    found: set[str] = set()
    _, nodes = by_levels(node)
    if _OF_MATRICES.isdisjoint([part.meaning for part in nodes if isinstance(part, Call)]):
        return found
    waiting = [(node, False)]
    while waiting:
        part, inside = waiting.pop()
        if inside and isinstance(part, Symbol | Indexed):
            found.add(part.name)
        inside |= isinstance(part, Call) and part.meaning in _OF_MATRICES
        inside &= not isinstance(part, Collection | Indexed | Matrix)
        waiting.extend([(child, inside) for child in children(part)])
    return found


def _mark(node: Node, names: frozenset[str], spelled: str) -> Node:
    if isinstance(node, Symbol | Indexed) and node.name in names:
        return Call(spelled, (node,), ARRAY)
    below = children(node)
    return (
        rebuild(node, tuple([_mark(child, names, spelled) for child in below])) if below else node
    )

"""What sort of thing a tree stands for; unlike sorts are never equal, whatever their values."""

from typing import Literal

from grader.expressions.tree import (
    Call,
    Collection,
    Interval,
    Matrix,
    Node,
    PlusMinus,
    Relation,
)

Kind = Literal["expression", "equation", "inequality", "set", "tuple", "region", "matrix", "±"]
_REGIONS = frozenset({"union", "intersection", "setminus", "setof"})
_CONDITIONS = frozenset({"and", "or", "not"})
NAMES: dict[Kind, str] = {
    "expression": "an expression",
    "equation": "an equation",
    "inequality": "an inequality",
    "set": "a set",
    "tuple": "a list",
    "region": "an interval",
    "matrix": "a matrix",
    "±": "two values (±)",
}


def kind(node: Node) -> Kind:
    """The sort of a tree, by its root; what arithmetic on matrices gives is an expression."""
    match node:
        case Relation(operators, _):
            return "equation" if set(operators) == {"="} else "inequality"
        case Collection(which, _):
            return which
        case Interval():
            return "region"
        case Matrix():
            return "matrix"
        case PlusMinus():
            return "±"
        case Call(_, _, meaning) if meaning in _REGIONS:
            return "region"
        case Call(_, _, meaning) if meaning in _CONDITIONS:
            return "inequality"
        case _:
            return "expression"

"""How tightly what is written binds, and so where brackets must stand."""

from grader.expressions.tree import Call, Collection, Mul, Node, Reduce, Relation

LOOSE, SETS, SUM, PRODUCT, POWER, ATOM = range(6)
"""How tightly a text binds: a relation, a union, a sum, a product, one factor, what may be raised."""
EXTREMES = {"maxover": "max", "minover": "min", "argmaxover": "argmax", "argminover": "argmin"}


def takes_all(node: Node) -> bool:
    """Whether the text of `node` ends in a sum or the like, which takes the factors that follow."""
    match node:
        case Reduce(kind):
            return kind != "integral"
        case Call(_, _, meaning):
            return meaning in EXTREMES
        case Mul(factors):
            return takes_all(factors[-1])
        case _:
            return False


def is_joined(node: Node) -> bool:
    """Whether a condition can be written with its words between: x > 0 and x < 1 or x = 2."""
    match node:
        case Relation():
            return True
        case Call(_, (left, right), "and"):
            return is_joined(left) and not _is_or(left) and isinstance(right, Relation)
        case Call(_, (left, right), "or"):
            return is_joined(left) and not _is_or(left) and is_joined(right)
        case _:
            return False


def _is_or(node: Node) -> bool:
    return isinstance(node, Call) and node.meaning == "or"


def is_pair(node: Node) -> bool:
    """Whether brackets around it would be read as an interval beside ∪."""
    return isinstance(node, Collection) and node.kind == "tuple" and len(node.items) == 2

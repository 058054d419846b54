"""Trees in brackets, so that a golden table can say what a text was read as."""

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
    Piecewise,
    PlusMinus,
    Pow,
    Recip,
    Reduce,
    Relation,
    Symbol,
)


def shape(node: Node | None) -> str:
    """The tree with every bracket written; a call's meaning follows its name where they differ."""
    match node:
        case None:
            return "-"
        case Number(_, text):
            return text
        case Symbol(name) | Constant(name):
            return name
        case Add(parts):
            return f"({' + '.join(map(shape, parts))})"
        case Mul(parts):
            return f"({'*'.join(map(shape, parts))})"
        case Neg(argument):
            return f"-{shape(argument)}"
        case Recip(argument):
            return f"/{shape(argument)}"
        case Pow(base, exponent):
            return f"{shape(base)}^{shape(exponent)}"
        case Call(name, arguments, meaning):
            spelled = name if meaning in {name, ""} else f"{name}={meaning}"
            return f"{spelled}({', '.join(map(shape, arguments))})"
        case _:
            return _structured(node)


def _structured(node: Node) -> str:
    match node:
        case Relation(operators, sides):
            rest = [f"{o} {shape(side)}" for o, side in zip(operators, sides[1:], strict=True)]
            return " ".join([shape(sides[0]), *rest])
        case Indexed(name, indices):
            return f"{name}[{','.join(map(shape, indices))}]"
        case Reduce(kind, variable, lower, upper, body):
            return f"{kind}<{variable} {shape(lower)}..{shape(upper)}>{{{shape(body)}}}"
        case Collection(kind, items):
            return f"{kind}{{{', '.join(map(shape, items))}}}"
        case Matrix(rows):
            return f"matrix{{{'; '.join([', '.join(map(shape, row)) for row in rows])}}}"
        case Interval(lower, upper, lower_open, upper_open):
            ends = "(["[not lower_open], ")]"[not upper_open]
            return f"{ends[0]}{shape(lower)}..{shape(upper)}{ends[1]}"
        case Piecewise(pieces):
            return f"cases{{{'; '.join([f'{shape(v)} if {shape(c)}' for v, c in pieces])}}}"
        case PlusMinus(centre, spread):
            return f"({shape(centre)} ± {shape(spread)})"
        case _:
            raise TypeError(type(node).__name__)

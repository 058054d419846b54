"""Random trees of every kind of node, as the reader would build them."""

from fractions import Fraction
from typing import Literal

from hypothesis import strategies as st

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

Trees = st.SearchStrategy[Node]
_I = Symbol("k")


def number(value: int) -> Node:
    return Number(Fraction(value), str(value))


KINDS: st.SearchStrategy[Literal["sum", "product", "integral"]] = st.sampled_from(
    ("sum", "product", "integral")
)
LEAVES: Trees = st.one_of(
    st.sampled_from(["x", "y", "w_1", "alpha", "yhat_2", "dL_dw"]).map(Symbol),
    st.integers(0, 12).map(number),
    st.sampled_from(["pi", "e", "inf"]).map(Constant),
    st.sampled_from([Number(Fraction(5, 2), "2.5"), Number(Fraction(1, 5), "20%")]),
    st.just(Indexed("x", (Add((Symbol("n"), number(1))),))),
    st.sampled_from(["s'", "a''", "s'_t", "yhat'"]).map(Symbol),
    st.sampled_from(
        [
            Indexed("W^", (Symbol("l"),)),
            Indexed("yhat^", (Add((Symbol("l"), Neg(number(1)))),)),
            Indexed("W^", (number(2), _I, Symbol("j"))),
            Call("inbase", (number(1101), number(2)), "inbase"),
        ]
    ),
)


def _calls(smaller: Trees) -> Trees:
    one = st.sampled_from(
        ["sin", "exp", "abs", "relu", "sqrt", "norm", "floor", "factorial", "softmax"]
    )
    two = st.sampled_from(["root", "binom", "dot", "max", "logb"])
    condition = st.tuples(smaller, smaller).map(lambda sides: Relation(("<",), sides))
    return st.one_of(
        st.tuples(one, smaller).map(lambda p: Call(p[0], (p[1],), p[0])),
        st.tuples(two, smaller, smaller).map(lambda p: Call(p[0], p[1:], p[0])),
        st.tuples(smaller, smaller).map(lambda p: Call("f", p, "")),
        smaller.map(lambda x: Call("expectation", (x,), "expectation")),
        smaller.map(lambda x: Call("transpose", (x,), "transpose")),
        smaller.map(lambda x: Call("argmaxover", (x, _I), "argmaxover")),
        smaller.map(lambda x: Call("sigma'", (x,), "")),
        condition.map(lambda c: Call("indicator", (c,), "indicator")),
        condition.map(lambda c: Call("setof", (c, Symbol("x")), "setof")),
        smaller.map(lambda x: Call("maxover", (x, Symbol("s'")), "maxover")),
        st.tuples(smaller, smaller).map(lambda p: Call("hadamard", p, "hadamard")),
        st.tuples(condition, smaller, smaller).map(
            lambda p: Piecewise(((p[1], p[0]), (p[2], None)))
        ),
    )


def _bigger(smaller: Trees) -> Trees:
    several = st.lists(smaller, min_size=2, max_size=3).map(tuple)
    values = several.map(lambda items: Collection("tuple", items))
    return st.one_of(
        several.map(Add),
        several.map(Mul),
        smaller.map(Neg),
        st.tuples(smaller, smaller).map(lambda p: Mul((p[0], Recip(p[1])))),
        st.tuples(smaller, smaller).map(lambda p: Pow(*p)),
        st.tuples(smaller, smaller).map(lambda p: PlusMinus(*p)),
        st.tuples(smaller, smaller, KINDS).map(
            lambda p: Reduce(p[2], "k", number(0), p[0], Mul((p[1], Indexed("a", (_I,)))))
        ),
        values,
        several.map(lambda items: Collection("set", items)),
        st.tuples(smaller, smaller).map(lambda p: Matrix(((p[0],), (p[1],)))),
        _calls(smaller),
    )


_VALUES: Trees = st.recursive(LEAVES, _bigger, max_leaves=7)
TREES: Trees = st.one_of(
    _VALUES,
    st.tuples(_VALUES, _VALUES, st.booleans()).map(lambda p: Interval(p[0], p[1], p[2], True)),
    st.tuples(_VALUES, _VALUES, st.sampled_from(["=", "<", ">=", "!="])).map(
        lambda p: Relation((p[2],), p[:2])
    ),
)
"""Relations and open intervals stand at the root only."""

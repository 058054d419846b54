"""What must hold for every expression: random trees, printed, rewritten and edited."""

from collections.abc import Callable
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.expressions import Expression, Scope, Unreadable, equivalent, read, read_list
from grader.expressions.comparing import compare_texts
from grader.expressions.tree import (
    Add,
    Call,
    Constant,
    Mul,
    Neg,
    Node,
    Number,
    Pow,
    Recip,
    Symbol,
)

SCOPE = Scope.of(["x", "y", "w_1"])
STEADY = settings(derandomize=True, deadline=None, max_examples=120, database=None)


def number(value: int) -> Node:
    return Number(Fraction(value), str(value))


LEAVES = st.one_of(
    st.sampled_from(["x", "y", "w_1"]).map(Symbol),
    st.integers(1, 12).map(number),
    st.sampled_from([Number(Fraction(5, 2), "2.5"), Number(Fraction(1, 5), "20%"), Constant("pi")]),
)


def bigger(smaller: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(smaller, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        several.map(Add),
        several.map(Mul),
        smaller.map(Neg),
        st.tuples(smaller, smaller).map(lambda pair: Mul((pair[0], Recip(pair[1])))),
        st.tuples(smaller, st.integers(2, 4).map(number)).map(lambda pair: Pow(*pair)),
        st.tuples(st.sampled_from(["sin", "exp", "abs", "tanh", "relu"]), smaller).map(
            lambda pair: Call(pair[0], (pair[1],), pair[0])
        ),
    )


TREES = st.recursive(LEAVES, bigger, max_leaves=8)


def expression(tree: Node) -> Expression | None:
    try:
        return Expression.of("", tree, SCOPE)
    except Unreadable:
        return None


@STEADY
@given(TREES)
def test_print_then_read_is_the_same_expression(tree: Node) -> None:
    first = expression(tree)
    if first is not None:
        again = read(first.plain(), SCOPE)
        assert again.plain() == first.plain()
        assert equivalent(first, again).status == "equal"


@STEADY
@given(TREES)
def test_latex_reads_back(tree: Node) -> None:
    first = expression(tree)
    if first is not None:
        again = read(first.latex(), SCOPE)
        assert equivalent(first, again).status != "different"


@STEADY
@given(TREES, TREES, st.integers(0, 4))
def test_equivalent_rewrites_are_never_different(tree: Node, other: Node, way: int) -> None:
    rewritten = [
        Add((tree, other, Neg(other))),
        Mul((number(6), tree, Recip(number(6)))),
        Neg(Add((Neg(tree), number(0)))),
        Add((Mul((tree, Recip(number(3)))), Mul((number(2), tree, Recip(number(3)))))),
        Mul(
            (
                tree,
                Add(
                    (
                        Pow(Call("sin", (other,), "sin"), number(2)),
                        Pow(Call("cos", (other,), "cos"), number(2)),
                    )
                ),
            )
        ),
    ][way]
    first, second = expression(tree), expression(rewritten)
    if first is not None and second is not None:
        assert equivalent(first, second).status != "different"


@STEADY
@given(TREES, st.integers(0, 3))
def test_inequivalent_edits_are_never_equal(tree: Node, way: int) -> None:
    edited = [
        Add((tree, number(1))),
        Add((tree, Pow(number(10), Neg(number(12))))),
        Add((tree, Pow(Symbol("x"), number(2)), number(1))),
        Add((tree, Call("exp", (Symbol("y"),), "exp"))),
    ][way]
    first, second = expression(tree), expression(edited)
    if first is not None and second is not None:
        assert equivalent(first, second).status != "equal"


def refused(reader: Callable[[str, Scope], object], text: str) -> Unreadable | None:
    try:
        reader(text, Scope(open=True))
    except Unreadable as refusal:
        return refusal
    return None


@STEADY
@given(
    st.text(max_size=40) | st.text("xy123+-*/^()[]{}\\_,.;:=<>|!%√²½ŷ∂ sincofrat&$", max_size=40)
)
def test_any_text_is_read_or_refused(text: str) -> None:
    for refusal in (refused(read, text), refused(read_list, text)):
        if refusal is not None:
            assert 0 <= refusal.position <= len(text)
            assert refusal.excerpt.count("\n") == 1
    assert compare_texts(text, "x", domains={}).status in {
        "equal",
        "different",
        "undecided",
        "unreadable",
    }

"""Random sums, matrices and sets: a rewriting is never different, an edit that changes a value is never equal."""

from fractions import Fraction
from itertools import product
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader.expressions.deciding import judge
from grader.expressions.tree import (
    Add,
    Call,
    Collection,
    Indexed,
    Interval,
    Matrix,
    Mul,
    Neg,
    Node,
    Number,
    Pow,
    Recip,
    Reduce,
    Symbol,
    replace,
)

STEADY = settings(derandomize=True, deadline=None, max_examples=60, database=None)
K, N = Symbol("k"), Symbol("n")


def number(value: int) -> Node:
    return Number(Fraction(value), str(value)) if value >= 0 else Neg(number(-value))


def over(body: Node, low: Node, high: Node, name: str = "k") -> Reduce:
    return Reduce("sum", name, low, high, body)


leaves = st.one_of(
    st.sampled_from([K, Symbol("x"), Indexed("w", (K,)), Indexed("w", (Add((K, number(1))),))]),
    st.integers(1, 5).map(number),
)
bodies = st.recursive(
    leaves,
    lambda smaller: st.one_of(
        st.tuples(smaller, smaller).map(Add),
        st.tuples(smaller, smaller).map(Mul),
        smaller.map(lambda node: Pow(node, number(2))),
        smaller.map(lambda node: Call("exp", (Mul((node, Recip(number(9)))),), "exp")),
    ),
    max_leaves=4,
)
whole = st.integers(-4, 4)
entries = st.lists(
    st.one_of(whole.map(number), st.sampled_from([Symbol("x"), Symbol("y")])),
    min_size=4,
    max_size=4,
)
squares = entries.map(lambda e: Matrix(((e[0], e[1]), (e[2], e[3]))))


@STEADY
@given(bodies, bodies, st.integers(0, 3), st.integers(0, 4))
def test_rewritten_sums_are_never_different(body: Node, other: Node, low: int, way: int) -> None:
    start = number(low)
    first: Node = over(body, start, N)
    ends = (replace(body, {"k": start}), over(body, number(low + 1), N))
    rewritten: Node = [
        over(replace(body, {"k": Symbol("j")}), start, N, "j"),
        over(replace(body, {"k": Add((K, number(2)))}), number(low - 2), Add((N, number(-2)))),
        Add(ends),
        Add((over(Add((body, other)), start, N), Neg(over(other, start, N)))),
        Mul((Recip(number(3)), over(Mul((body, number(3))), start, N))),
    ][way]
    assert judge(first, rewritten, {}, 0).status == "equal"


@STEADY
@given(bodies, st.integers(0, 2), st.integers(0, 3))
def test_edited_sums_are_never_equal(body: Node, low: int, way: int) -> None:
    positive = Add((Pow(body, number(2)), number(1)))  # so that every term counts
    first = over(positive, number(low), N)
    edited: Node = [
        over(positive, number(low + 1), N),
        over(positive, number(low), Add((N, number(1)))),
        over(Add((positive, Recip(Number(Fraction(10**9), "1000000000")))), number(low), N),
        Neg(first),
    ][way]
    assert judge(first, edited, {}, 0).status == "different"


@STEADY
@given(whole, whole, whole, st.integers(0, 6), st.integers(-3, 3))
def test_polynomial_sums_agree_with_adding_up(a: int, b: int, c: int, high: int, off: int) -> None:
    body = Add((Mul((number(a), Pow(K, number(2)))), Mul((number(b), K)), number(c)))
    value = sum(a * k * k + b * k + c for k in range(1, high + 1)) + off
    found = judge(over(body, number(1), number(high)), number(value), {}, 0)
    assert (found.status, found.proved) == ("different" if off else "equal", True)


@STEADY
@given(squares, squares, squares, st.integers(0, 4))
def test_rewritten_matrices_are_never_different(a: Matrix, b: Matrix, c: Matrix, way: int) -> None:
    def turned(node: Node) -> Node:
        return Call("transpose", (node,), "transpose")

    def det(node: Node) -> Node:
        return Call("det", (node,), "det")

    pairs: list[tuple[Node, Node]] = [
        (Mul((a, Add((b, c)))), Add((Mul((a, b)), Mul((a, c))))),
        (turned(Mul((a, b))), Mul((turned(b), turned(a)))),
        (turned(turned(a)), a),
        (det(Mul((a, b))), Mul((det(a), det(b)))),
        (Mul((Mul((a, b)), c)), Mul((a, Mul((b, c))))),
    ]
    assert judge(*pairs[way], {}, 0).status == "equal"


@STEADY
@given(squares, st.integers(0, 3))
def test_an_edited_matrix_is_never_equal(a: Matrix, place: int) -> None:
    row, column = divmod(place, 2)
    rows = [list(r) for r in a.rows]
    rows[row][column] = Add((rows[row][column], Recip(number(10**6))))
    edited = Matrix(tuple(map(tuple, rows)))
    assert judge(a, edited, {}, 0).status == "different"
    assert judge(Mul((a, a)), edited, {}, 0).status != "undecided"


@STEADY
@given(st.lists(whole, min_size=1, max_size=5), st.lists(whole, max_size=5), st.randoms())
def test_sets_agree_with_python(values: list[int], others: list[int], draw: Random) -> None:
    shuffled = sorted(values, key=lambda _: draw.random())
    sets = [
        Collection("set", tuple(map(number, chosen)))
        for chosen in (values, [*shuffled, values[0]], others)
    ]
    assert judge(sets[0], sets[1], {}, 0).status == "equal"
    same = set(values) == set(others)
    assert judge(sets[0], sets[2], {}, 0).status == ("equal" if same else "different")


@STEADY
@given(whole, whole, st.integers(0, 3), st.integers(0, 3))
def test_intervals_agree_with_membership(low: int, high: int, first: int, second: int) -> None:
    assume(low < high)
    one, two = (
        Interval(number(low), number(high), bool(brackets & 1), bool(brackets & 2))
        for brackets in (first, second)
    )
    assert judge(one, two, {}, 0).status == ("equal" if first == second else "different")


def test_every_small_union_agrees_with_python() -> None:
    points = [Fraction(n, 2) for n in range(5)]

    def holds(spans: tuple[tuple[int, int], ...], x: Fraction) -> bool:
        return any(low <= x < high for low, high in spans)

    choices = [(0, 1), (1, 2), (0, 2)]
    for first, second, third, fourth in product(choices, repeat=4):
        spans = (first, second), (third, fourth)
        trees = [
            Call(
                "union",
                tuple(Interval(number(a), number(b), False, True) for a, b in pair),
                "union",
            )
            for pair in spans
        ]
        same = all(holds(spans[0], x) == holds(spans[1], x) for x in points)
        assert judge(*trees, {}, 0).status == ("equal" if same else "different")

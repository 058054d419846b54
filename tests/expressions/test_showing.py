"""What was read is shown so that it reads back: plain text, and LaTeX that the report can set."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.expressions import Expression, Scope, Unreadable, equivalent, read
from grader.expressions.printing import Printer
from grader.expressions.tree import Add, Mul, Node, children, rebuild, walk
from grader.report.mathml import AS_CODE, to_mathml
from tests.expressions import test_field_notation, test_notation
from tests.expressions.generated import TREES

READINGS = test_notation.READINGS + test_field_notation.READINGS
OPEN = Scope.of(open=True)
COMMA = Scope.of(decimal_comma=True, open=True)
FIELD = Scope.of(
    symbols=["x", "w", "n", "m", "y", "T", "theta_1", "b^{[1]}_2", "de_dg", "loss"],
    functions={"sigma": "sigmoid", "P": "", "f": ""},
)
STEADY = settings(derandomize=True, deadline=None, max_examples=250, database=None)


def flat(node: Node) -> Node:
    """The tree without brackets around the first of several terms or factors, which are not shown."""
    node = rebuild(node, tuple(flat(child) for child in children(node)))
    match node:
        case Mul((Mul(first), *rest)):
            return Mul((*first, *rest))
        case Add((Add(first), *rest)):
            return Add((*first, *rest))
        case _:
            return node


def check(expression: Expression, scope: Scope) -> None:
    shown = expression.plain()
    again = read(shown, scope)
    assert flat(again.tree) == flat(expression.tree), shown
    assert again.plain() == shown
    latex = expression.latex()
    assert read(latex, scope).latex() == latex or equivalent(
        read(latex, scope), expression
    ).status in {"equal", "undecided"}, latex
    assert not to_mathml(latex).startswith(AS_CODE), latex


@pytest.mark.parametrize("text", [text for text, _ in READINGS])
def test_every_notation_reads_back(text: str) -> None:
    check(read(text, OPEN), OPEN)


@pytest.mark.parametrize(
    ("text", "plain", "latex"),
    [
        ("w^T x", "w^⊤*x", r"w^{\top} \cdot x"),
        ("x_{n+1}", "x_{n + 1}", "x_{n + 1}"),
        (r"\sum_{i=1}^n x_i", "∑_{i=1}^{n} x_i", r"\sum_{i=1}^{n} x_{i}"),
        ("(∑_i x_i) y", "(∑_{i} x_i)*y", r"\left(\sum_{i} x_{i}\right) \cdot y"),
        (r"\int_0^1 x^2 dx", "∫_{0}^{1} x^2 dx", r"\int_{0}^{1} x^{2} \, dx"),
        ("{1, 2}", "{1, 2}", r"\left\{1, 2\right\}"),
        (r"\{x\}", r"\{x\}", r"\left\{x\right\}"),
        ("[0, 1)", "[0, 1)", r"\left[0, 1\right)"),
        ("]0, 1[", "]0, 1[", r"\left]0, 1\right["),
        ("x ∈ (0, 1)", "x ∈ (0, 1)", r"x \in \left(0, 1\right)"),
        ("[1 2; 3 4]", "[[1, 2], [3, 4]]", r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}"),
        ("5 ± 0.1", "5 ± 0.1", r"5 \pm 0.1"),
        ("1[x>0]", "1(x > 0)", r"\mathbb{1}\left[x > 0\right]"),
        ("‖x‖_1", "norm(x, 1)", r"\left\|x\right\|_{1}"),
        ("P(a|b)", "P(a | b)", r"P\left(a \mid b\right)"),
        ("E_{x~p}[x]", "E_{x ~ p}[x]", r"\mathbb{E}_{x \sim p}[x]"),
        ("argmax_x f(x)", "argmax_{x} f(x)", r"\operatorname*{argmax}_{x} f\left(x\right)"),
        ("(Ax)_i", "(A*x)_i", r"\left(A \cdot x\right)_i"),
        ("1/2x", "1/2*x", r"\frac{1}{2} \cdot x"),
        ("a/b/c", "a/b/c", r"\frac{a}{b \cdot c}"),
        ("90°", "90°", r"90^{\circ}"),
        ("cases(x, x>0; 0)", "cases(x, x > 0; 0)",
         r"\begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}"),
    ],
)  # fmt: skip
def test_the_way_it_is_shown(text: str, plain: str, latex: str) -> None:
    expression = read(text, OPEN)
    assert (expression.plain(), expression.latex()) == (plain, latex)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("π2 + x", "pi_2 + x"),
        (r"\mathrm{ddd}", r"\mathrm{ddd}"),
        ("ῑ", "ι\u0304"),
        ("θyθy", r"\mathrm{thetaythetay}"),
        ("dL5/dw", "∂L_5/∂w"),
        ("∂L/∂b/∂b/∂b", "dL_db/(db_db)"),
        ("∇L", "∇L"),
        ("x_{(i)}", "x_{(i)}"),
        ("x_{(-1)}", "x_{(-1)}"),
    ],
)
def test_a_name_is_spelled_so_that_it_is_read_as_one(text: str, plain: str) -> None:
    for scope in (OPEN, COMMA):
        expression = read(text, scope)
        again = read(expression.plain(), scope)
        assert flat(again.tree) == flat(expression.tree)
    assert read(text, OPEN).plain() == plain


def test_a_row_that_begins_with_a_bracket_is_no_height() -> None:
    check(read(r"\begin{pmatrix} x \\ ([0, 1)) \end{pmatrix}", OPEN), OPEN)


def test_names_of_the_question_keep_their_spelling() -> None:
    expression = read("b^{[1]}_2 + θ_1 + ∂e/∂g + loss", FIELD)
    assert expression.plain() == "b^{[1]}_2 + theta_1 + de_dg + loss"
    assert expression.latex() == (
        r"b^{[1]}_2 + \theta_{1} + \frac{\partial e}{\partial g} + \mathrm{loss}"
    )
    check(expression, FIELD)


def test_the_decimal_mark_is_that_of_the_question() -> None:
    expression = read("max(0,5; f(x)*1,5) + (1; 2,5)_1", COMMA)
    assert expression.plain() == "max(0,5; f(x)*1,5) + ((1; 2,5))_{1}"
    assert r"1{,}5" in expression.latex()
    check(expression, COMMA)
    check(read("relu(min(0,5))", COMMA), COMMA)
    assert Printer(decimal_comma=True).show(read("0.5x", OPEN).tree) == "0,5*x"


@STEADY
@given(TREES, st.sampled_from([OPEN, COMMA]))
def test_any_tree_reads_back(tree: Node, scope: Scope) -> None:
    try:
        expression = Expression.of("", tree, scope)
    except Unreadable:
        return
    check(expression, scope)


PIECES = re.findall(r"\S+", r"""
x i n 1 2 0.5 ½ 50% π θ_1 ŷ_i x_{n+1} + - * / ^ ( ) [ ] | , ; = < > ! ± ∈ ∪ ‖ √ °
∑_{i=1}^{n} \sum_i ∫_0^1 dx \frac{1} {2} \{ \} \|x\|_1 d/dx ∂L/∂b d θ \mathrm{ddd}
relu( log_2( E[ P(a| cases( 1[x>0] argmax_x ∇_w L_2 T
' s' ^{(2)} ^{(i)} ^{(i-1)T} W^{(l)}_{ij} ⊙ \{x: {x\mid : \mid 101_2 ^\prime \max_{s'} \sum_{k\ge0} Q(s',x) \text{and} f^{(2)}(
""")  # fmt: skip


@STEADY
@given(st.lists(st.sampled_from(PIECES), max_size=8), st.sampled_from([OPEN, COMMA, FIELD]))
def test_whatever_is_read_reads_back(pieces: list[str], scope: Scope) -> None:
    try:
        expression = read("".join(pieces), scope)
    except Unreadable:
        return
    assert flat(read(expression.plain(), scope).tree) == flat(expression.tree)
    assert not to_mathml(expression.latex()).startswith(AS_CODE)


def test_every_node_is_shown() -> None:
    kinds = {type(node) for text, _ in READINGS for node in walk(read(text, OPEN).tree)}
    assert len(kinds) == len(Node.__args__)

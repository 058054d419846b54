"""Notation beyond arithmetic: what each way of writing is read as, and what is asked back."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.expressions import Scope, Unreadable, read
from grader.expressions.tree import Call, Constant, Symbol, walk
from tests.expressions.effort import READING, at_most
from tests.expressions.shapes import shape

OPEN = Scope.of(open=True)
COMMA = Scope.of(decimal_comma=True, open=True)
FIELD = Scope.of(
    symbols=["x", "w", "n", "m", "y", "T"], functions={"sigma": "sigmoid", "P": "", "f": ""}
)

READINGS = [
    ("\\sum_{i=1}^{n} x_i", "sum<i 1..n>{x[i]}"),
    ("sum_{i=1}^n x_i", "sum<i 1..n>{x[i]}"),
    ("sum(x_i, i, 1, n)", "sum<i 1..n>{x[i]}"),
    ("Σ_i x_i", "sum<i -..->{x[i]}"),
    ("∑_{i=1}^n x_i y_i + 1", "(sum<i 1..n>{(x[i]*y[i])} + 1)"),
    (
        "\\frac{1}{n}\\sum_{i=1}^{n}(y_i - \\hat{y}_i)^2",
        "((1*/n)*sum<i 1..n>{(y[i] + -yhat[i])^2})",
    ),
    ("\\sum_i x_i y_i + 1", "(sum<i -..->{(x[i]*y[i])} + 1)"),
    ("\\sum_{i,j} w_{ij} x_i", "sum<i -..->{sum<j -..->{(w[i,j]*x[i])}}"),
    ("\\sum_i \\sum_j w_{ij} x_j", "sum<i -..->{sum<j -..->{(w[i,j]*x[j])}}"),
    ("\\sum_{i=1}^{n} x_{i+1} - x_i", "(sum<i 1..n>{x[(i + 1)]} + -x_i)"),
    ("\\prod_{k=1}^n k", "product<k 1..n>{k}"),
    ("\\prod\\limits_{k=1}^{n} a_k", "product<k 1..n>{a[k]}"),
    ("\\int_0^1 x^2 dx", "integral<x 0..1>{x^2}"),
    ("\\int_{0}^{\\infty} e^{-x} \\, \\mathrm{d}x", "integral<x 0..inf>{e^-x}"),
    ("∫_0^1 x^2 dx + 3", "(integral<x 0..1>{x^2} + 3)"),
    ("\\int f(x) dx", "integral<x -..->{f(x)}"),
    ("int(x^2, x, 0, 1)", "integral<x 0..1>{x^2}"),
    ("\\int_0^1 \\int_0^2 x y dx dy", "integral<y 0..1>{integral<x 0..2>{(x*y)}}"),
    ("x_{n+1}", "x[(n + 1)]"),
    ("w_{i,j+1}", "w[i,(j + 1)]"),
    ("a_{n-1} + a_{n-2}", "(a[(n + -1)] + a[(n + -2)])"),
    ("\\frac{d}{dx} f", "df_dx"),
    ("\\frac{d}{dx} (x^2)", "diff(x^2, x)"),
    ("d/dx x^2", "diff(x^2, x)"),
    ("d/dx (x^2)", "diff(x^2, x)"),
    ("\\frac{\\partial}{\\partial x} x^2 y", "diff((x^2*y), x)"),
    ("f'(x)", "f'(x)"),
    ("σ'(x)", "sigma'(x)"),
    ("\\sigma'(x)", "sigma'(x)"),
    ("f''(x)", "f''(x)"),
    ("tanh'(x)", "tanh'(x)"),
    ("∇_w L", "dL_dw"),
    ("\\nabla_w L", "dL_dw"),
    ("\\nabla_{w} L", "dL_dw"),
    ("\\nabla L", "nabla_L"),
    (
        "\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix} + \\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\\\ \\end{pmatrix}",
        "(matrix{1, 2; 3, 4} + matrix{1, 2; 3, 4})",
    ),
    ("[[1,2],[3,4]]", "matrix{1, 2; 3, 4}"),
    ("[[1,2],[3,4]]^T", "transpose(matrix{1, 2; 3, 4})"),
    ("[1 2; 3 4]", "matrix{1, 2; 3, 4}"),
    ("[1 2; 3 -4] * [1; 2]", "(matrix{1, 2; 3, -4}*matrix{1; 2})"),
    ("[1,2;3,4]", "matrix{1, 2; 3, 4}"),
    ("2[1, 2] + [3, 4]", "((2*tuple{1, 2}) + tuple{3, 4})"),
    ("[1, 2, 3]", "tuple{1, 2, 3}"),
    ("[[1],[2],[3]]", "matrix{1; 2; 3}"),
    ("A^T", "transpose(A)"),
    ("A^\\top", "transpose(A)"),
    ("A^{\\top} x", "(transpose(A)*x)"),
    ("w^T x", "(transpose(w)*x)"),
    ("w^⊤ x + b", "((transpose(w)*x) + b)"),
    ("(AB)^T", "transpose((A*B))"),
    ("(1+r)^T", "(1 + r)^T"),
    ("xᵀ", "transpose(x)"),
    ("e^T", "e^T"),
    ("\\|x\\|", "norm(x)"),
    ("||x||_2", "norm(x)"),
    ("\\|x\\|_1", "norm(x, 1)"),
    ("\\|x\\|_2^2", "norm(x)^2"),
    ("‖x‖²", "norm(x)^2"),
    ("\\left\\| x - y \\right\\|_2^2", "norm((x + -y))^2"),
    ("||x|-1|", "abs((abs(x) + -1))"),
    ("|x||y|", "(abs(x)*abs(y))"),
    ("||x - y||^2", "norm((x + -y))^2"),
    ("\\{1, 2\\}", "set{1, 2}"),
    ("{1, 2}", "set{1, 2}"),
    ("\\{x\\}", "set{x}"),
    ("\\{\\}", "set{}"),
    ("∅", "set{}"),
    ("[0, 1)", "[0..1)"),
    ("]0, 1[", "(0..1)"),
    ("(0, 1]", "(0..1]"),
    ("[0, 1[", "[0..1)"),
    ("[0,1]", "[0..1]"),
    ("(0, 1)", "tuple{0, 1}"),
    ("(0,1)", "tuple{0, 1}"),
    ("(1, +\\infty)", "tuple{1, inf}"),
    ("x \\in [0,1)", "x in [0..1)"),
    ("x ∈ (0, 1)", "x in (0..1)"),
    ("x in [0, 1)", "x in [0..1)"),
    ("[-1, 0) \\cup (0, 1]", "union([-1..0), (0..1])"),
    ("x \\in (-\\infty, -1) \\cup (1, \\infty)", "x in union((-inf..-1), (1..inf))"),
    ("0 < x \\le 1", "0 < x <= 1"),
    ("-2 \\\\le x \\\\le 7", "-2 <= x <= 7"),
    ("\\begin{cases} x & x>0 \\\\ 0 & \\text{otherwise} \\end{cases}", "cases{x if x > 0; 0 if -}"),
    (
        "\\begin{cases} x & \\text{if } x>0 \\\\ 0 & \\text{else} \\end{cases}",
        "cases{x if x > 0; 0 if -}",
    ),
    ("\\begin{cases} x, & x>0, \\\\ 0, & x \\le 0. \\end{cases}", "cases{x if x > 0; 0 if x <= 0}"),
    ("cases(x, x>0; 0)", "cases{x if x > 0; 0 if -}"),
    ("cases(x, x > 0; 0, otherwise)", "cases{x if x > 0; 0 if -}"),
    ("x if x > 0 else 0", "cases{x if x > 0; 0 if -}"),
    ("{x, x>0; 0, otherwise}", "cases{x if x > 0; 0 if -}"),
    ("x if x>0, 0 otherwise", "cases{x if x > 0; 0 if -}"),
    ("f(x) = x if x > 0 else 0", "f(x) = cases{x if x > 0; 0 if -}"),
    ("1[x>0]", "indicator(x > 0)"),
    ("\\mathbb{1}_{x>0}", "indicator(x > 0)"),
    ("\\mathbb{1}[x>0]", "indicator(x > 0)"),
    ("\\mathbb{1}\\{x>0\\}", "indicator(x > 0)"),
    ("\\mathbf{1}_{x \\ge 0} y", "(indicator(x >= 0)*y)"),
    ("I(x > 0)", "indicator(x > 0)"),
    ("[x>0]", "indicator(x > 0)"),
    ("2*[x>0]", "(2*indicator(x > 0))"),
    ("1_{x>0}", "indicator(x > 0)"),
    ("𝟙[x>0]", "indicator(x > 0)"),
    ("δ * 1[z > 0]", "(delta*indicator(z > 0))"),
    ("5 ± 0.1", "(5 ± 0.1)"),
    ("5 \\pm 0.1", "(5 ± 0.1)"),
    ("±5", "(0 ± 5)"),
    ("3 \\pm 2\\sqrt{2}", "(3 ± (2*sqrt(2)))"),
    ("\\frac{-b \\pm \\sqrt{b^2-4ac}}{2a}", "((-b ± sqrt((b^2 + -(4*a*c))))*/(2*a))"),
    ("1 1/2", "(1 + (1*/2))"),
    ("1\\frac12", "(1 + (1*/2))"),
    ("-1 1/2", "-(1 + (1*/2))"),
    ("1 1/2 + x", "((1 + (1*/2)) + x)"),
    ("50 %", "50%"),
    ("5‰", "5‰"),
    ("Answer: $9$", "9"),
    ("The answer is 5", "5"),
    ("\\boxed{9}", "9"),
    ("so we get \\boxed{9}.", "9"),
    ("5\\text{ meters}", "(5*meters)"),
    ("relu(x)", "relu(x)"),
    ("sigmoid(x)", "sigmoid(x)"),
    ("softmax(x)_i", "entry(softmax(x), i)"),
    ("\\operatorname{softmax}(x)_i", "entry(softmax(x), i)"),
    ("\\text{softmax}(z)_{k}", "entry(softmax(z), k)"),
    ("argmax_x f(x)", "argmaxover(f(x), x)"),
    ("\\arg\\max_x f(x)", "argmaxover(f(x), x)"),
    ("\\operatorname*{argmax}_{i} a_i", "argmaxover(a[i], i)"),
    ("argmax(x_i, i)", "argmax(x_i, i)"),
    ("\\max_i x_i", "maxover(x[i], i)"),
    ("\\max(a,b)", "max(a, b)"),
    ("\\max\\{a,b\\}", "max(a, b)"),
    ("max([1,2,3])", "max(1, 2, 3)"),
    ("min(1,2)", "min(1, 2)"),
    ("\\log_2 x", "log2(x)"),
    ("\\log_{10} x", "log10(x)"),
    ("\\log_b x", "logb(x, b)"),
    ("log_2(8)", "log2(8)"),
    ("E[x]", "expectation(x)"),
    ("\\mathbb{E}[x^2] - \\mathbb{E}[x]^2", "(expectation(x^2) + -expectation(x)^2)"),
    ("\\mathbb{E}_{x\\sim p}[f(x)]", "expectation(f(x), x, p)"),
    ("E_{x~p}[f(x)]", "expectation(f(x), x, p)"),
    ("E_x[f(x)]", "expectation(f(x), x)"),
    ("P(a|b)", "P_given=probability P_given(a, b)"),
    ("p(a \\mid b)", "p_given=probability p_given(a, b)"),
    (
        "P(b|a)P(a)/P(b)",
        "(P_given=probability P_given(b, a)*P=probability P(a)*/P=probability P(b))",
    ),
    ("P(a, b | c)", "P_given=probability P_given(tuple{a, b}, c)"),
    ("P(X = 1)", "P=probability P(X = 1)"),
    ("P(X > 3)", "P=probability P(X > 3)"),
    ("u(x, y)", "u(x, y)"),
    ("x \\cdot y", "(x*y)"),
    ("⟨x,y⟩", "dot(x, y)"),
    ("\\langle x, y \\rangle", "dot(x, y)"),
    ("\\lfloor x \\rfloor", "floor(x)"),
    ("⌈x/2⌉", "ceil((x*/2))"),
    ("\\left\\lfloor \\frac{n}{2} \\right\\rfloor", "floor((n*/2))"),
    ("\\binom{n}{k}", "binom(n, k)"),
    ("n choose k", "binom(n, k)"),
    ("x--y", "(x + --y)"),
    ("x - -y", "(x + --y)"),
    ("6 ÷ 2", "(6*/2)"),
    ("90°", "(90*(pi*/180))"),
    ("90^\\circ", "(90*(pi*/180))"),
    ("sin 30°", "sin((30*(pi*/180)))"),
    ("\\sin 30^{\\circ}", "sin((30*(pi*/180)))"),
    ("(x, y) = (1, 2)", "tuple{x, y} = tuple{1, 2}"),
    ("D = (0, 1)", "D = tuple{0, 1}"),
    ("\\sum_{n=1}^{10} n", "sum<n 1..10>{n}"),
    ("F_n = \\sum_{k=0}^{n-1} F_{n-k-1} F_k", "F_n = sum<k 0..(n + -1)>{(F[(n + -k + -1)]*F[k])}"),
    ("-\\sum_{i} p_i \\log p_i", "-sum<i -..->{(p[i]*log(p[i]))}"),
    ("-\\sum_i p_i \\log_2 p_i", "-sum<i -..->{(p[i]*log2(p[i]))}"),
    ("\\sqrt{\\sum_i x_i^2}", "sqrt(sum<i -..->{x[i]^2})"),
    ("\\frac{e^{z_i}}{\\sum_{j=1}^{K} e^{z_j}}", "(e^z_i*/sum<j 1..K>{e^z[j]})"),
    ("exp(z_i)/sum_j exp(z_j)", "(exp(z_i)*/sum<j -..->{exp(z[j])})"),
    ("exp(z_i)/sum(exp(z_j), j, 1, K)", "(exp(z_i)*/sum<j 1..K>{exp(z[j])})"),
    ("\\sum_{i=1}^n (x_i-\\bar{x})^2", "sum<i 1..n>{(x[i] + -xbar)^2}"),
    (
        "\\frac{1}{N} \\sum_{i=1}^{N} -y_i \\log \\hat{y}_i",
        "((1*/N)*sum<i 1..N>{-(y[i]*log(yhat[i]))})",
    ),
    ("sum_i w_i x_i + b", "(sum<i -..->{(w[i]*x[i])} + b)"),
    ("\\delta_j = \\sum_k w_{kj} \\delta_k", "delta_j = sum<k -..->{(w[k,j]*delta[k])}"),
    ("\\max(0, 1 - y_i \\hat y_i)", "max(0, (1 + -(y_i*yhat_i)))"),
    ("i^2", "i^2"),
    ("\\sum_i x_i + 2i", "(sum<i -..->{x[i]} + (2*i))"),
    ("x_i = 3", "x_i = 3"),
    ("cases(x, 0 < x and x < 1; 0)", "cases{x if and(0 < x, x < 1); 0 if -}"),
    ("1[x > 0 and y > 0]", "indicator(and(x > 0, y > 0))"),
    ("(Ax)_i", "entry((A*x), i)"),
    ("det([[1,2],[3,4]])", "det(matrix{1, 2; 3, 4})"),
    ("tr(A B)", "trace((A*B))"),
    ("Var(x)", "variance(x)"),
    ("\\mathbb{R} \\setminus \\{0\\}", "setminus(R, set{0})"),
    ("[a; b]", "matrix{a; b}"),
    (
        "\\mathbb{E}_{q(z|x)}[\\log p(x|z)]",
        "expectation(log(p_given=probability p_given(x, z)), q_given=probability q_given(z, x))",
    ),
    ("1/n Σ_{i=1}^{n} |y_i - ŷ_i|", "(1*/n*sum<i 1..n>{abs((y[i] + -yhat[i]))})"),
    ("\\sum^{n}_{i=1} i", "sum<i 1..n>{i}"),
    ("x(1,2)", "x(1, 2)"),
    ("[1 2 3]", "tuple{1, 2, 3}"),
    (
        "\\arg\\max_{\\theta} p(x|\\theta)",
        "argmaxover(p_given=probability p_given(x, theta), theta)",
    ),
    ("\\prod_{i} p(x_i | \\theta)", "product<i -..->{p_given=probability p_given(x[i], theta)}"),
    ("\\begin{bmatrix} a \\\\ b \\end{bmatrix}", "matrix{a; b}"),
    ("f(a, b)", "f(a, b)"),
    ("\\bar{x} = \\frac{1}{n}\\sum x_i", "xbar = ((1*/n)*sum<i -..->{x[i]})"),
    ("1\\{x > 0\\}", "indicator(x > 0)"),
    ("1(x > 0) + 1(x + 1)", "(indicator(x > 0) + (1*(x + 1)))"),
    ("P(A ∩ B)", "P=probability P(intersection(A, B))"),
    ("f(x | θ)", "f_given=probability f_given(x, theta)"),
    ("N(x | μ, Σ)", "N_given=probability N_given(x, tuple{mu, Sigma})"),
    ("f(|x|)", "f(abs(x))"),
    ("||x|| + ||y||", "(norm(x) + norm(y))"),
    ("|x||y|", "(abs(x)*abs(y))"),
    ("mu_1 + π_1", "(mu_1 + pi_1)"),
    ("x in R", "x in R"),
    ("log_a(x)", "logb(x, a)"),
    ("log_{a} x", "logb(x, a)"),
    (r"\log_f(x)", "logb(x, f)"),
    (r"\log_a x", "logb(x, a)"),
    ("int(f, t, 0, i) + i", "(integral<t 0..i>{f} + i)"),
    ("∫ x_1 dx_1", "integral<x_1 -..->{x_1}"),
    (r"\int_0^1 x_1^2 dx_{1}", "integral<x_1 0..1>{x_1^2}"),
    (r"\sum_{i_1=1}^n x_{i_1}", "sum<i_1 1..n>{x[i_1]}"),
    ("a_{b_c}", "a_b_c"),
    ("a_{b_{c}}", "a_b_c"),
    ("]x, loss[", "(x..loss)"),
    ("-[1, 2] - [3, 4]", "(-tuple{1, 2} + -tuple{3, 4})"),
    (r"\operatorname{argmax}\left(x\right)", "argmax(x)"),
    (r"\operatorname{argmax}\left(f(x), x\right)", "argmax(f(x), x)"),
]


@pytest.mark.parametrize(("braced", "plain"), [("(A)_{i}", "(A)_i"), ("(A)_{ij}", "(A)_{i,j}")])
def test_an_index_is_a_name_with_and_without_braces(braced: str, plain: str) -> None:
    tree = read(braced, OPEN).tree
    assert tree == read(plain, OPEN).tree
    assert not any(isinstance(node, Constant) for node in walk(tree))


def test_what_an_integral_is_not_over_is_not_bound() -> None:
    tree = read("int(f, t, 0, i) + i", OPEN).tree
    assert Constant("i") in walk(tree)


def test_a_name_with_two_indices_reads_back_from_latex() -> None:
    expression = read("a_b_c", OPEN)
    assert read(expression.latex(), OPEN).tree == expression.tree


@pytest.mark.parametrize(("text", "wanted"), READINGS)
def test_notation(text: str, wanted: str) -> None:
    assert shape(read(text, OPEN).tree) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (r"\sum_{i=1}^{n} w_i x_i", "sum<i 1..n>{(w[i]*x[i])}"),
        (r"\sum_{k} w_{kj}", None),
        (r"\sum_{k} w_{kn}", "sum<k -..->{w[k,n]}"),
        ("w_{nm}", "w[n,m]"),
        ("w_{nq}", None),
        ("x_{n+1}", "x[(n + 1)]"),
        ("x_n", "x[n]"),
        ("x_3", None),
        (r"\sum_{i=1}^n x_i + i", None),
        (r"\int_0^1 t^2 dt", "integral<t 0..1>{t^2}"),
        (r"\int_0^1 t^2 dt + t", None),
        ("x^T", "x^T"),
        (r"x^\top", "transpose(x)"),
        ("σ'(x)", "sigma'=sigmoid'(x)"),
        ("f'(x)", "f'(x)"),
        ("P(x | y)", "P_given=probability P_given(x, y)"),
        ("P(x)", "P(x)"),
        ("E[x]", "expectation(x)"),
        (r"\mathbb{E}(x)", "expectation(x)"),
        ("E(x)", None),
        ("I(x > 0)", "indicator(x > 0)"),
        ("I(x)", None),
        ("u(x, y)", None),
    ],
)
def test_notation_in_a_question_that_declares_its_names(text: str, wanted: str | None) -> None:
    if wanted is None:
        with pytest.raises(Unreadable, match="not a name in this question"):
            read(text, FIELD)
    else:
        assert shape(read(text, FIELD).tree) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[0; 1)", "[0..1)"),
        ("[1; 2]", "[1..2]"),
        ("[1,5; 2]", "[1,5..2]"),
        ("(1,5; 2)", "tuple{1,5, 2}"),
        ("{1,5; 2; 3}", "set{1,5, 2, 3}"),
        ("[1; 2; 3]", "tuple{1, 2, 3}"),
        ("sum(x_i; i; 1; n)", "sum<i 1..n>{x[i]}"),
        ("max(f(x)*0,5; 2)", "max((f(x)*0,5), 2)"),
        ("max(f(1; 2),3)", "max(f(1, 2), 3)"),
    ],
)
def test_lists_in_a_comma_locale(text: str, wanted: str) -> None:
    assert shape(read(text, COMMA).tree).replace(".5", ",5") == wanted


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("(1,2,3)", 4, "write ; between"),
    ],
)
def test_commas_that_could_be_decimal_are_asked_back(text: str, position: int, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as caught:
        read(text, COMMA)
    assert caught.value.position == position


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        (r"\sum x_i y_j", 0, "what this goes over"),
        ("x > 0 and x < 1", 6, "one relation"),
        (r"\sum_{i<j} x_i", 0, "from a first to a last"),
        (r"\int_0^1 x", 0, "has no dx"),
        (r"\int_0 x dx", 0, "two limits or none"),
        ("sum(x_i, i, 1)", 0, "over which name"),
        (r"\begin{pmatrix} 1 & 2 \\ 3 \end{pmatrix}", 0, "differ in length"),
        (r"\begin{vmatrix} 1 & 2 \end{vmatrix}", 0, "not read here"),
        (r"\begin{pmatrix} 1 & 2", 21, "missing at the end"),
        ("(1, x > 2)", 4, "no relation in a list"),
        ("cases(x; 0, otherwise)", 5, "condition is expected"),
        ("cases(x, otherwise; 0, x > 0)", 5, "last case"),
        ("∇_x f(x)", 5, "without brackets"),
        ("‖x", 0, "never closed"),
        ("⌊x", 0, "never closed"),
        ("(1,000)", 1, "two ways"),
        ("(0, 1, 2]", 8, r"write \) first"),
        ("E[x", 1, "never closed"),
        (r"5 \circ x", 2, "not known"),
        ("sin(x)_", 6, "index"),
        ("[a, b] : c", 7, "interval is no value"),
        ("c : [a, b]", 4, "interval is no value"),
        ("[0.5, x]°", 8, "interval is no value"),
        ("2 * (0, 1]", 0, "interval is no value"),
        ("2 + ]0, 1[", 4, "interval is no value"),
        ("(0, 1]^2", 6, "interval is no value"),
    ],
)
def test_what_is_asked_back(text: str, position: int, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as caught:
        read(text, OPEN)
    assert caught.value.position == position


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The answer is 5", "5"),
        ("Answer: $9$", "9"),
        ("Answer 9.", "9"),
        (r"Answer \[ 9 \]", "9"),
        ("Svaret er 9", "9"),
        ("Die Antwort lautet 9", "9"),
        (r"so we get \boxed{9}.", "9"),
        (r"$x = 3$ and $y = 2$, hence \boxed{5}", "5"),
        (r"\boxed{28 pct", "28%"),
        ("Therefore $x > 5$ is the solution.", "x > 5"),
        ("We find that $x = 3$.", "x = 3"),
        ("I think the correct answer is C", "C"),
    ],
)
def test_words_around_an_answer(text: str, wanted: str) -> None:
    assert shape(read(text, OPEN).tree) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "The answer is not 5",
        "it is not $5$",
        "Svaret er ikke 5",
        r"either \boxed{5} or so \boxed{6}",
        "half of the height, about $5$",
        "The height is $5$ meters",
        "the answer for sure is $5$ or $6$",
    ],
)
def test_words_that_leave_a_doubt_are_not_taken_off(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text, OPEN)


def test_the_place_is_that_in_the_whole_text() -> None:
    with pytest.raises(Unreadable) as caught:
        read("The answer is 2 3", OPEN)
    assert caught.value.position == 16


def test_units_are_left_out_where_the_question_names_them() -> None:
    scope = Scope.of(units=["cm", "meters"])
    for text in ("5 cm", "5cm", r"5\,\text{cm}", r"$5 \text{ cm}$", r"5 \mathrm{meters}."):
        assert shape(read(text, scope).tree) == "5"
    with pytest.raises(Unreadable, match="km is not a name"):
        read("5 km", scope)
    with pytest.raises(Unreadable, match="may be a unit"):
        read(r"\frac{1}{3} \text{meters}", OPEN)


def test_a_bound_name_is_not_free() -> None:
    expression = read(r"\sum_{i=1}^{n} w_{ij} x_i + b", OPEN)
    assert expression.names() == {"n", "b", "j"}


def test_a_name_of_the_question_wins_over_a_sum() -> None:
    declared = Scope.of(["sum", "P", "E", "x"], {"norm": ""})
    assert shape(read("sum*P(x) + E(x)", declared).tree) == "((sum*P*x) + (E*x))"
    assert read("norm(x)", declared).tree == Call("norm", (Symbol("x"),), "")


DEEP = {
    "(": ("(", "x", ")"),
    "call": ("sin(", "x", ")"),
    "sum": (r"\sum_i ", "x", ""),
    "list": ("(1, ", "x", ")"),
    "choose": ("(n choose ", "k", ")"),
    "event": ("P(a|", "x", ")"),
    "cases": ("cases(", "x", ",x>0;1)"),
    "or": ("[x>0 or x>", "1", "]"),
    "matrix": (r"\begin{pmatrix}", "x", r"\end{pmatrix}"),
    "interval": ("2^(]0, ", "1", "[)"),
    "index": ("x_{i+", "1", "}"),
}


@pytest.mark.parametrize("kind", DEEP)
def test_nesting_ends_before_the_stack_does(kind: str) -> None:
    before, middle, after = DEEP[kind]
    levels = 900 // len(before + after)
    with pytest.raises(Unreadable):
        read(before * levels + middle + after * levels + ")", OPEN)
    read(before * 20 + middle + after * 20, OPEN)


PIECES = re.findall(r"\S+", r"""
x i n 1 2 0.5 1,000 + - * / ^ _ ( ) [ ] { } | , ; : = < > ' & ! ± ∈ ‖ ∇ ∂ ⌊ ⌋ ⟨ ⟩ √ ° ‰ ½ ² ₁ Σ ∑ ∫
\sum \int \frac \{ \} \| \mid \in \cup \pm \binom \begin{cases} \end{cases} \\ \text{if} dx d/dx
\begin{pmatrix} \end{pmatrix} \boxed{ \mathbb{1} \nabla \top \arg\max \mathbb{E} sum( cases( $
if else choose in and answer
""")  # fmt: skip


def refusal(text: str, scope: Scope) -> Unreadable | None:
    try:
        tree = read(text, scope).tree
    except Unreadable as error:
        return error
    assert not any(isinstance(node, Call) and node.name == "otherwise" for node in walk(tree))
    return None


@settings(derandomize=True, deadline=None, max_examples=400, database=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30), st.sampled_from([OPEN, COMMA, FIELD]))
def test_pieces_in_any_order_are_read_or_refused_at_once(pieces: list[str], scope: Scope) -> None:
    for text in ("".join(pieces), " ".join(pieces)):
        with at_most(READING, text):
            error = refusal(text, scope)
        assert error is None or (0 <= error.position <= len(text) and error.message.endswith("."))

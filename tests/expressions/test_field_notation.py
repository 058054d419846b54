"""What the field writes beside plain arithmetic: primes, raised indices, ⊙, sets by a condition, signs nobody sees."""

import pytest

from grader.expressions import Scope, Unreadable, equivalent, read
from grader.expressions.comparing import compare_texts
from tests.expressions.shapes import shape

OPEN = Scope.of(open=True)
FIELD = Scope.of(symbols=["x", "y", "w", "T", "s", "r", "gamma"], functions=["Q", "f"])

READINGS = [
    # primes
    (r"\max_{a'} Q(s', a')", "maxover(Q(s', a'), a')"),
    (r"\argmax_{a'} Q(s', a')", "argmaxover(Q(s', a'), a')"),
    (r"r + \gamma \max_{a'} Q(s', a')", "(r + (gamma*maxover(Q(s', a'), a')))"),
    ("r + γ max_{a′} Q(s′, a′)", "(r + (gamma*maxover(Q(s', a'), a')))"),
    ("x' + y''", "(x' + y'')"),
    ("s'_t + s_t'", "(s'_t + s'_t)"),
    (r"\hat{y}' + \theta'", "(yhat' + theta')"),
    (r"x^{\prime} + x^\prime + x^{\prime\prime}", "(x' + x' + x'')"),
    (r"f^{\prime}(x)", "f'(x)"),
    (r"\sum_{s'} V(s', a)", "sum<s' -..->{V(s', a)}"),
    (r"\sum_{i'} x_{i'}", "sum<i' -..->{x[i']}"),
    ("x'^2", "x'^2"),
    # raised indices
    ("x^{(2)}", "x^[2]"),
    ("w^{(i)}", "w^[i]"),
    ("x⁽²⁾", "x^[2]"),
    (r"\theta^{(t+1)} - \theta^{(t)}", "(theta^[(t + 1)] + -theta^[t])"),
    (r"\hat{y}^{(i)}", "yhat^[i]"),
    ("(x^{(i)})^2", "x^[i]^2"),
    ("{x^{(i)}}^2", "x^[i]^2"),
    ("x_j^{(i)} + x^{(i)}_j + x^{(i)}_{j}", "(x^[i,j] + x^[i,j] + x^[i,j])"),
    ("W^{(l)}_{ij}", "W^[l,i,j]"),
    ("W^{(2)}x + b^{(2)}", "((W^[2]*x) + b^[2])"),
    ("W^{(1)T} x", "(transpose(W^[1])*x)"),
    (r"{W^{(1)}}^\top x", "(transpose(W^[1])*x)"),
    (r"\sum_{i=1}^{m} (y^{(i)} - \hat y^{(i)})^2", "sum<i 1..m>{(y^[i] + -yhat^[i])^2}"),
    (r"\sum_j x_j^{(i)}", "sum<j -..->{x^[i,j]}"),
    (r"\sum_i w_{ij}^{(l)}", "sum<i -..->{w^[l,i,j]}"),
    ("f^{(2)}(x)", "f''(x)"),
    (r"\frac{\partial L}{\partial W^{(1)}} x", "(dL_dW^[1]*x)"),
    (r"\frac{\partial L}{\partial w_{ij}^{(l)}}", "dL_dw^[l,i,j]"),
    (r"\frac{\partial L}{\partial w^{(l)}_{ij}}", "dL_dw^[l,i,j]"),
    ("∂L/∂W^{(1)}", "dL_dW^[1]"),
    # powers all the same
    ("x^(2)", "x^2"),
    ("x^{2}", "x^2"),
    (r"x^{\left(2\right)}", "x^2"),
    ("x^{(a+b)}", "x^(a + b)"),
    ("x^{(-1)}", "x^-1"),
    ("x^{(n)/2}", "x^(n*/2)"),
    ("2^{(3)}", "2^3"),
    ("e^{(x)}", "e^x"),
    ("(x+1)^{(2)}", "(x + 1)^2"),
    # entry by entry
    (r"A \odot B", "hadamard(A, B)"),
    ("A ⊙ B ⊙ C", "hadamard(hadamard(A, B), C)"),
    ("2 A x ⊙ B y * c", "(hadamard((2*A*x), (B*y))*c)"),
    ("(W^T δ) ⊙ σ'(z)", "hadamard((transpose(W)*delta), sigma'(z))"),
    ("(1-z) ⊙ h + z ⊙ g", "(hadamard((1 + -z), h) + hadamard(z, g))"),
    # sets by a condition
    (r"\{x \mid x > 0\}", "setof(x > 0, x)"),
    (r"\{x | x > 0\}", "setof(x > 0, x)"),
    (r"\{x\,|\,0 < x \le 1\}", "setof(0 < x <= 1, x)"),
    (r"\left\{x \middle| x^2 < 4\right\}", "setof(x^2 < 4, x)"),
    ("{x : x > 0}", "setof(x > 0, x)"),
    (r"\{x : |x| < 1 \text{ and } x > 0\}", "setof(and(abs(x) < 1, x > 0), x)"),
    (r"\{x \mid x > 0, x < 3\}", "setof(and(x > 0, x < 3), x)"),
    (r"\{x \in \mathbb{R} : x > 0\}", "setof(x > 0, x)"),
    (r"\{n \in \mathbb{N} \mid n < 5\}", "setof(and(n in N, n < 5), n)"),
    # signs that are not seen
    ("a\u2062b", "(a*b)"),
    ("x\u2062(y + 1)", "(x*(y + 1))"),
    ("sin\u2061x + sin\u2061(x) + tanh\u2061 z", "(sin(x) + sin(x) + tanh(z))"),
    ("f\u2061(x)", "f(x)"),
    ("w_{i\u2063j+1}", "w[i,(j + 1)]"),
    ("1\u2064½ + a\u2064b", "(1½ + a + b)"),
    ("2\u2064\u00bd", "2½"),
    ("x\u200b+\u2060y\u200c-\u200d\u00adz\ufe0e", "(x + y + -z)"),
    ("x\u2003+\u3000y", "(x + y)"),
    # sums without an end
    (r"\sum_{n=1}^\infty \frac{1}{n^2}", "sum<n 1..inf>{(1*/n^2)}"),
    (r"\sum_{k \ge 0} x^k", "sum<k 0..inf>{x^k}"),
    (r"\prod_{k > 0} (1 - x^k)", "product<k 1..inf>{(1 + -x^k)}"),
    # numbers in another base, times of day
    ("204_5", "inbase(204, 5)"),
    ("1101_{2} + 1", "(inbase(1101, 2) + 1)"),
    ("12:00", "clock(12, 00)"),
    ("12:30", "(12*/30)"),
    # values side by side
    ("(1, 2) and (3, 4)", "tuple{tuple{1, 2}, tuple{3, 4}}"),
    (r"\boxed{(1, 2)} \quad \text{and} \quad \boxed{(3, 4)}", "tuple{tuple{1, 2}, tuple{3, 4}}"),
    # commands that a program's quotation marks damaged
    ("\x0crac{1}{2} + \x08eta", "((1*/2) + beta)"),
    ("\\\x0crac{1}{2}", "(1*/2)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "reading"), READINGS)
def test_readings(text: str, reading: str) -> None:
    assert shape(read(text, OPEN).tree) == reading


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        (r"r + \gamma \max_{a'} Q(s', a')", None),  # s' is no name of this question
        (r"\gamma \max_{a'} Q(s, a')", "(gamma*maxover(Q(s, a'), a'))"),
        (r"f^{(3)}(x)", "f'''(x)"),
        ("w_1^{(2)}", None),
        ("x^{(2)T}", "x^(2*T)"),
    ],
)
def test_readings_of_a_question(text: str, reading: str | None) -> None:
    if reading is None:
        with pytest.raises(Unreadable):
            read(text, FIELD)
    else:
        assert shape(read(text, FIELD).tree) == reading


def test_what_the_question_declares_wins() -> None:
    scope = Scope.of(symbols=["s'", "h^{(t)}", "x_1", "t"], functions=["Q"])
    assert shape(read("h^{(t)} + Q(s')", scope).tree) == "(h^{(t)} + Q(s'))"
    raised = read("x_1^{(t)}", scope)
    assert shape(raised.tree) == "x_1^[t]"
    assert raised.plain() == "x_1^{(t)}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It's 5", "prime"),
        ("x'y", "prime"),
        ("5'", "prime"),
        ("(x)'", "prime"),
        (r"\{x + 1 \mid x > 0\}", "bar|never closed|\\|"),
        (r"\{x \mid x\}", "condition"),
        ("209_8", "base"),
        ("2_1", "base"),
        ("2_n", "index"),
        ("1.5_8", "index"),
        (r"1 \text{or} 2", "relation"),
        (r"1 \text{and} 2", "relation"),
    ],
)
def test_what_is_asked_back(text: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read(text, OPEN)


@pytest.mark.parametrize(
    ("a", "b", "status"),
    [
        ("x^{(2)}", "x^2", "different"),
        ("x^{(2)}", "x_2", "different"),
        ("x^{(1)}", "x^{(2)}", "different"),
        ("x^{(i)}_j", "x_j^{(i)}", "equal"),
        ("x^{(i)} + y - y", "x^{(i)}", "equal"),
        (r"\sum_{i=1}^n x^{(i)}", r"\sum_{k=1}^n x^{(k)}", "equal"),
        (r"\sum_{i=1}^n x_j^{(i)}", r"\sum_{j=1}^n x_j^{(i)}", "different"),
        (r"\max_{a'} Q(s', a')", r"\max_{b} Q(s', b)", "equal"),
        (r"\max_{a'} Q(s', a')", r"\max_{a} Q(s', a)", "equal"),
        ("x'", "x", "different"),
        ("Q(s, a)", "Q(a, s)", "different"),
        ("P(s, a)", "P(a, s)", "equal"),
        ("A ⊙ B", "B ⊙ A", "equal"),
        ("A ⊙ B", "A B", "different"),
        (r"\{x \mid x > 0\}", r"]0, \infty[", "equal"),
        (r"\{x \mid x > 0\}", r"\{t : 0 < t\}", "equal"),
        (r"\{x \mid x > 0\}", r"\{x \mid x \ge 0\}", "different"),
        (r"\{x \mid 0 < x \le 1\}", "(0, 1]", "equal"),
        (r"\{x \mid 0 < x \le 1\}", "[0, 1]", "different"),
        (r"\{x \mid x < 0 or x > 1\}", r"(-\infty, 0) \cup (1, \infty)", "equal"),
        (r"\{x \mid x = 3\}", r"\{3\}", "equal"),
        (r"\{x \mid x \ne 0\}", r"(-\infty, 0) \cup (0, \infty)", "equal"),
        (r"\{x \mid x^2 < 4\}", r"\{y \mid y^2 < 4\}", "equal"),
        (r"\{x \mid x^2 < 4\}", r"\{x \mid x^2 < y\}", "undecided"),
        (r"\{x \mid x^2 < 4\}", "[-2, 2]", "undecided"),
        (r"\{x \mid x < y\}", r"\{y \mid x < y\}", "different"),
        (r"\{n \in \mathbb{N} \mid n < 5\}", r"\{n \mid n < 5\}", "undecided"),
        ("204_5", "204_{5}", "equal"),
        ("204_5", "54", "undecided"),
        ("204_5", "203_5", "different"),
            ("1112122_3", "1112112_3", "different"),
            ("10_2 + 11_2", "101_2", "equal"),
            ("204_5 sin(x)", "203_5 sin(x)", "different"),
            ("(204_5, 1)", "(54, 1)", "undecided"),
            (r"\{204_5\}", r"\{54\}", "undecided"),
            (r"\{204_5\}", r"\{0204_5\}", "equal"),
        ("12:00", "12:00", "equal"),
        ("12:00", "12", "undecided"),
        (r"\sum_{k \ge 0} x^k", r"\sum_{j=0}^{\infty} x^j", "equal"),
    ],
)  # fmt: skip
def test_verdicts(a: str, b: str, status: str) -> None:
    assert compare_texts(a, b, domains={}).status == status
    assert compare_texts(b, a, domains={}).status == status


def test_a_name_with_a_prime_differs_from_one_without() -> None:
    assert equivalent(read("s' + s", OPEN), read("2s", OPEN)).status == "different"

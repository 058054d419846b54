"""How text is read: notation by notation, and what is refused, where and why."""

from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import pytest

import grader.expressions
from grader.expressions import Scope, Unreadable, read, read_list
from grader.expressions.expression import Expression
from grader.expressions.lists import Listing
from tests.expressions.effort import READING, at_most

OPEN = Scope.of(open=True)
COMMA = Scope.of(decimal_comma=True, open=True)
EXAM = Scope.of(
    symbols=["x", "y", "f", "w1", "w_2", "b1", "yhat_2", "de_dg", "b1_2", "b12"],
    functions={"sigma": "sigmoid", "s1": "sigmoid", "phi": ""},
    aliases={"b^{[1]}_2": "b1_2", "out": "yhat_2"},
)

OPEN_READINGS = [
    ("2x", "2*x"),
    ("2x(x+1)", "2*x*(x + 1)"),
    ("ab", "a*b"),
    ("1/2x", "1/2*x"),
    ("-x^2", "-x^2"),
    ("2^3^2", "2^(3^2)"),
    ("2**-3", "2^(-3)"),
    ("3·x − 1", "3*x - 1"),
    ("x² + y₁³", "x^2 + y_1^3"),
    ("½ + 1½", "½ + 1½"),
    ("6 ÷ 2 × 3", "6/2*3"),
    ("√2 x", "sqrt(2)*x"),
    ("sin x cos x", "sin(x)*cos(x)"),
    ("sin x^2", "sin(x^2)"),
    ("sin^2 x", "sin(x)^2"),
    ("sin⁻¹ x", "arcsin(x)"),
    ("sin2x", "sin(2*x)"),
    ("xsinx", "x*sin(x)"),
    ("ln|x| + 2|y|", "ln(abs(x)) + 2*abs(y)"),
    ("log_2(8) + log_3 9", "log2(8) + logb(9, 3)"),
    ("n!", "factorial(n)"),
    ("2e-3", "2e-3"),
    ("50 %", "50%"),
    ("49 : 27", "49/27"),
    ("1 000 000 + 1_000", "1000000 + 1000"),
    ("1,234.50", "1234.50"),
    ("≈ 1.81", "1.81"),
    ("= 36.", "36"),
    (".5", "0.5"),
    ("$\\frac{1}{2}x$", "1/2*x"),
    ("\\frac12", "1/2"),
    ("\\dfrac34 i", "3/4*i"),
    ("\\sqrt[3]{x}", "root(x, 3)"),
    ("\\left(\\frac{1}{3}\\right) \\cdot \\theta_1", "1/3*theta_1"),
    ("\\mathrm{e}^{-x}", "e^(-x)"),
    ("\\operatorname{relu}(x)", "relu(x)"),
    ("\\hat{y}_2 + ŷ₂ + yhat2", "yhat_2 + yhat_2 + yhat_2"),
    ("\\hat y + y_hat", "yhat + yhat"),
    ("y_hat_2 + x_i_j", "yhat_2 + x_i_j"),
    ("x_{12} + x_i + p_i", "x_12 + x_i + p_i"),
    ("πr²", "pi*r^2"),
    ("∂e/∂g", "de_dg"),
    ("dL/dw_1", "dL_dw_1"),
    ("\\frac{\\partial e}{\\partial g}", "de_dg"),
    ("∂_g e", "de_dg"),
    ("f(x) + a(b)", "f(x) + a*b"),
    ("y = 2x - 5", "y = 2*x - 5"),
    ("x ≤ 3", "x <= 3"),
    ("max(1, 2; 3)", "max(1, 2, 3)"),
    ("diff(x^2, x)", "diff(x^2, x)"),
]


@pytest.mark.parametrize(("text", "reading"), OPEN_READINGS)
def test_notation_is_read_as_documented(text: str, reading: str) -> None:
    assert read(text, OPEN).plain() == reading


@pytest.mark.parametrize(("text", "reading"), OPEN_READINGS)
def test_the_reading_reads_back_as_itself(text: str, reading: str) -> None:
    assert read(reading, OPEN).tree == read(read(text, OPEN).plain(), OPEN).tree


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("w_1 + w₂ + W1x", None),
        ("w₁ x + w2*b_1", "w1*x + w_2*b1"),
        ("ŷ₂ + out", "yhat_2 + yhat_2"),
        ("∂e/∂g · 2", "de_dg*2"),
        ("b^{[1]}_2 + b^[1]_2 + b^{[1]}_{2}", "b1_2 + b1_2 + b1_2"),
        ("b12 - b1_2", "b12 - b1_2"),
        ("σ(w1x) + s₁(y)", "sigma(w1*x) + s1(y)"),
        ("phi(x) - x(y+1)", "phi(x) - x*(y + 1)"),
        ("xy", "x*y"),
    ],
)
def test_declared_names_come_back_in_their_own_spelling(text: str, reading: str | None) -> None:
    if reading is None:
        with pytest.raises(Unreadable, match="W1x is not a name"):
            read(text, EXAM)
    else:
        assert read(text, EXAM).plain() == reading


@pytest.mark.parametrize(
    ("text", "reading", "value"),
    [
        ("3,14", "3,14", Fraction(314, 100)),
        ("3.14", "3,14", Fraction(314, 100)),
        ("1.234,5", "1234,5", Fraction(12345, 10)),
        ("1,000", "1,000", Fraction(1)),
        ("max(1,5; 2)", "max(1,5; 2)", Fraction(2)),
        ("max(1, 2)", "max(1; 2)", Fraction(2)),
    ],
)
def test_decimal_comma(text: str, reading: str, value: Fraction) -> None:
    expression = read(text, COMMA)
    assert (expression.plain(), expression.exact()) == (reading, value)
    assert read(expression.plain(), COMMA).exact() == value


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("", 0, "Nothing is written"),
        ("x +", 3, "missing at the end"),
        ("(2", 0, "never closed"),
        ("2)", 1, r"\) cannot stand here"),
        ("2 3", 2, "side by side"),
        ("1 3/2", 2, "mixed number"),
        ("2\\frac{1}{2} x", 1, "mixed number"),
        ("1,000", 0, "two ways: write 1000"),
        ("1,000,000", 0, "two ways"),
        ("x + 3,14", 4, "write 3.14"),
        ("5 ∓ 1", 2, "two values"),
        ("\\lim_{n} n", 0, "cannot be read yet"),
        ("x & y", 2, "columns of a matrix"),
        ("sin", 0, "no argument"),
        ("sin 2(x+1)", 5, "brackets"),
        ("min", 0, "needs brackets"),
        ("sqrt(1, 2)", 0, "one argument"),
        ("(x)' + 1", 3, "prime"),
        ("it's + 1", 2, "prime"),
        ("x_{}", 1, "index"),
        ("1/(2-2)", 0, "divides by zero"),
        ("the words around x", 4, "without words"),
        ("x\x1b[31m", 1, "U\\+001B"),
        ("diff(sin(x), 2)", 0, "name"),
    ],
)
def test_what_is_refused_says_where_and_why(text: str, position: int, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as caught:
        read(text, OPEN)
    assert caught.value.position == position
    shown, caret = caught.value.excerpt.split("\n")
    assert caret.index("^") == position
    assert shown.isprintable()


def test_ambiguous_in_a_comma_locale() -> None:
    for text in ("1.000", "12.500", "1.000.000"):
        with pytest.raises(Unreadable, match="two ways"):
            read(text, COMMA)
    assert read("0.125", COMMA).exact() == Fraction(1, 8)


def test_a_declared_e_makes_powers_of_ten_ambiguous() -> None:
    scope = Scope.of(symbols=["e"])
    assert read("2e + 1", scope).names() == {"e"}
    with pytest.raises(Unreadable, match="power of ten"):
        read("2e-3", scope)


@pytest.mark.parametrize(
    ("text", "names", "reading"),
    [
        ("ŷ = 36", ("yhat",), "36"),
        ("yhat=36", ("ŷ",), "36"),
        ("\\hat{y}_2 = 6", ("ŷ₂",), "6"),
        ("out = 6", ("yhat_2",), "6"),
        ("yhat_2 = 3*2 = 6", ("ŷ₂",), "6"),
        ("∂e/∂g: 5", ("de_dg",), "5"),
        ("b^{[1]}_2 ≈ 5", ("b1_2",), "5"),
        ("3*9 + 9 = 36", ("ŷ",), "36"),
        ("x = 36", ("ŷ",), "x = 36"),
        ("49:7", ("ŷ",), "49/7"),
    ],
)
def test_the_asked_name_may_stand_on_the_left(
    text: str, names: tuple[str, ...], reading: str
) -> None:
    assert read(text, EXAM, names=names).plain() == reading


HOSTILE = [
    "9**9**9",
    "((10!)!)!",
    "1e1000000",
    "(x+1)^100000",
    "(" * 400 + "x" + ")" * 400,
    "1" * 10_000,
    "1" * 1_000,
    "-" * 900 + "x",
    "2^" * 400 + "2",
    "1/" * 400 + "3",
    "√" * 900 + "2",
    "x" + "!" * 99,
    "sin " * 200 + "x",
    "|" * 500,
    "a" * 1_000,
    "\\frac" * 150,
    "{" * 900,
    "_" * 900,
    "ŷ" * 900,
    "\u0302" * 900,
    "diff(" * 30 + "x^x" + ",x)" * 30,
    "(1/3^9999+" * 60 + "1" + ")" * 60,
    "\ud800",
    "\x00" * 900,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_answered_at_once(text: str) -> None:
    with at_most(READING), suppress(Unreadable):
        expression = read(text, OPEN)
        expression.plain()
        expression.latex()


@pytest.mark.parametrize(
    "text",
    [
        '__import__("os").system("touch PWNED")',
        "().__class__.__bases__[0]",
        "eval('1')",
        "lambda: 1",
        "x if x else y",
        "open('/etc/passwd').read()",
        'f"{x}"',
        "[i for i in x]",
        "x; import os",
        "`ls`",
        "<script>alert(1)</script>",
    ],
)
def test_code_is_not_mathematics(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text, EXAM)


def test_nothing_evaluates_text() -> None:
    room = Path(grader.expressions.__file__).parent
    for module in room.glob("*.py"):
        source = module.read_text(encoding="utf-8")
        for word in ("eval(", "exec(", "sympify(", "parse_expr(", "compile("):
            found = source.replace("re.compile(", "").count(word)
            assert not found, f"{module.name} uses {word}"


def plain(found: Listing) -> object:
    return found.plain() if isinstance(found, Expression) else [plain(part) for part in found]


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("(24, 32)", ["24", "32"]),
        ("[24 32]", ["24", "32"]),
        ("24, 32", ["24", "32"]),
        ("24x32", ["24", "32"]),
        ("24 × 32 × 3", ["24", "32", "3"]),
        ("24 by 32", ["24", "32"]),
        ("{1,2}", ["1", "2"]),
        ("\\{1, 2\\}", ["1", "2"]),
        ("[[1,2],[3,4]]", [["1", "2"], ["3", "4"]]),
        ("[1 2; 3 4]", [["1", "2"], ["3", "4"]]),
        ("\\begin{pmatrix} 1 & x \\\\ 3 & 4 \\end{pmatrix}", [["1", "x"], ["3", "4"]]),
        ("\\left(1, \\frac{1}{2}\\right)", ["1", "1/2"]),
        ("max(1, 2), 3", ["max(1, 2)", "3"]),
        ("5", ["5"]),
        ("w = (1, 2)", ["1", "2"]),
    ],
)
def test_lists(text: str, reading: object) -> None:
    assert plain(read_list(text, OPEN, names=("w",))) == reading


def test_lists_with_a_decimal_comma() -> None:
    assert plain(read_list("3,5; 2", COMMA)) == ["3,5", "2"]
    assert plain(read_list("(3,5, 2)", COMMA)) == ["3,5", "2"]
    with pytest.raises(Unreadable, match="one number or two"):
        read_list("(24,32)", COMMA)


@pytest.mark.parametrize(("text", "position"), [("(1, 2", 0), ("[0, 1)", 5), ("(1, 2 +)", 7)])
def test_broken_lists_say_where(text: str, position: int) -> None:
    with pytest.raises(Unreadable) as caught:
        read_list(text, OPEN)
    assert caught.value.position == position


def test_literals_are_single_written_numbers() -> None:
    assert all(read(text).is_literal() for text in ("3.50", "-0.0120", "1200", "2.5e-3", "50%"))
    assert not read("1/2").is_literal()


def test_substitution_merges_scopes() -> None:
    key = read("x*y + 1", Scope.of(["x", "y"]))
    put = key.substitute({"x": read("z + 1", Scope.of(["z"]))})
    assert put.plain() == "(z + 1)*y + 1"
    assert put.names() == {"y", "z"}
    assert put.scope.domains() == {"x": "real", "y": "real", "z": "real"}


def test_latex_of_names_and_fractions() -> None:
    assert read("ŷ_2 + ∂e/∂g + x/2", OPEN).latex() == (
        r"\hat{y}_{2} + \frac{\partial e}{\partial g} + \frac{x}{2}"
    )


def test_an_unknown_domain_is_refused() -> None:
    with pytest.raises(ValueError, match="write one of real"):
        Scope.of({"x": "rational"})

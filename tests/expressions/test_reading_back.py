"""What the fuzzer found: it was read, and its printed form was not read as the same."""

import pytest

from grader.expressions import Scope, Unreadable, read
from grader.report.mathml import AS_CODE, to_mathml
from tests.expressions.effort import READING, at_most

OPEN = Scope.of(open=True)
CLOSED = Scope.of(symbols=["x", "y", "w_1", "W_h", "de_dg"])


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("∅·4", r"\{\}*4"),
        (r"\{1, 2\}*x", "{1, 2}*x"),
        (r"\pi*2", "pi*2"),
        (r"\theta*2", "theta*2"),
        (r"\infty*0", "inf*0"),
        (r"\operatorname*{Foo}*2", r"\mathrm{Foo}*2"),
        ("x_{24b} + 1", "x_{24b} + 1"),
        (r"x_{\mathrm{24b}}", "x_{24b}"),
        (r"\mathrm{x1}", "x_1"),
        (r"\mathrm{d3}１１", "d_3_11"),
        (r"\mathrm{24}x", "24*x"),
        (r"\mathbf{0}", "0"),
        (r"\hat{\mathbf{y}}", "yhat"),
        (r"\hat{\mathbf y}", "yhat"),
        (r"\hat{\mathbf{y}}_2", "yhat_2"),
        ("x_∞{1·2}", "x_{(inf)}*(1*2)"),
        ("∂g/∂ፈx · y", "∂g/∂ፈx*y"),
        (r"\tr2a", "trace(2*a)"),
        (r"\int_0^1 x^2 dt_0", "∫_{0}^{1} x^2 dt_0"),
        ("1_3", "1_{3}"),
        ("4_{13}!", "factorial(4_{13})"),
        ("x_{1_3}", "x_{1_{3}}"),
    ],
)
def test_any_name(text: str, plain: str) -> None:
    reads_back(text, plain, OPEN)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("x$_{1}", "x_{(1)}"),
        ("x$_{1,2}", "x_{(1), 2}"),
        (r"\int_0^1 x^2 dt_0 + y", "∫_{0}^{1} x^2 dt_0 + y"),
        (r"\int_0^1 x dt_{ab}", "∫_{0}^{1} x dt_ab"),
        (r"\int_0^1 \theta_1 d\theta_1", "∫_{0}^{1} theta_1 dθ_1"),
        ("x_∂e/∂g", "x_{(de_dg)}"),
        (r"\sum_t W_h$_t", "∑_{t} W_h_{t}"),
    ],
)
def test_names_of_a_question(text: str, plain: str) -> None:
    reads_back(text, plain, CLOSED)


def reads_back(text: str, plain: str, scope: Scope) -> None:
    found = read(text, scope)
    assert found.plain() == plain
    assert read(plain, scope).tree == found.tree
    assert not to_mathml(found.latex()).startswith(AS_CODE), found.latex()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ŷ_ix_{n+1}", "Two indices"),
        ("x_{1}_{n+1}", "Two indices"),
        (r"\frac[0, 1){x}", "An interval is no value"),
        (r"\frac{1}{[0, 1)}", "An interval is no value"),
        (r"\sum_∂e/∂g x", "Write the name this goes over"),
        ("⊤√5", "⊤ says that something is transposed"),
        (r"\mathrm{24b}", "write it plainly"),
        (r"\hat{24}", "write it plainly"),
    ],
)
def test_refused(text: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read(text, OPEN)


@pytest.mark.parametrize("run", [r"\hat " + "J" * 900, r"\hat{" + "J" * 900 + "}", "J_1" * 300])
def test_a_long_run_of_letters(run: str) -> None:
    with at_most(READING):
        found = read(f"{run}y", OPEN)
        assert read(found.plain(), OPEN).plain() == found.plain()

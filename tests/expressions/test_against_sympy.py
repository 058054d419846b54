"""SymPy as an independent judge: what it rewrites stays equal here, what it changes becomes different."""

from __future__ import annotations

import re
from typing import Any

import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader.expressions import Scope, equivalent, read

SCOPE = Scope.of(["x", "y", "z"])
REWRITES = (sympy.expand, sympy.factor, sympy.together, sympy.simplify)
FEW = settings(max_examples=60, derandomize=True, deadline=None)

leaves = st.one_of(
    st.sampled_from(sympy.symbols("x y z", real=True)),
    st.integers(-9, 9).map(sympy.Integer),
    st.fractions(-3, 3, max_denominator=7).map(
        lambda f: sympy.Rational(f.numerator, f.denominator)
    ),
)


def grow(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    pairs = st.tuples(children, children)
    return st.one_of(
        pairs.map(lambda pair: pair[0] + pair[1]),
        pairs.map(lambda pair: pair[0] * pair[1]),
        pairs.map(lambda pair: pair[0] / (pair[1] ** 2 + 1)),
        st.tuples(children, st.integers(2, 3)).map(lambda pair: pair[0] ** pair[1]),
        children.map(lambda child: sympy.exp(child / 5)),
        children.map(lambda child: sympy.log(child**2 + 2)),
        children.map(sympy.tanh),
    )


formulas = st.recursive(leaves, grow, max_leaves=5)


def ours(formula: Any) -> Any:
    text = re.sub(r"\bE\b", "exp(1)", str(formula))
    assume(len(text) < 400 and "zoo" not in text and "nan" not in text)
    return read(text, SCOPE)


@FEW
@given(formulas, st.sampled_from(REWRITES))
def test_what_sympy_rewrites_is_never_different(formula: Any, rewrite: Any) -> None:
    verdict = equivalent(ours(formula), ours(rewrite(formula)))
    assert verdict.status == "equal", verdict.evidence


@FEW
@given(formulas, formulas)
def test_different_for_sympy_is_never_equal(first: Any, second: Any) -> None:
    point = {"x": sympy.Rational(3, 7), "y": sympy.Rational(-5, 11), "z": sympy.Rational(13, 9)}
    values = {symbol: point[symbol.name] for symbol in (first - second).free_symbols}
    apart = (first - second).subs(values).evalf(40)
    assume(abs(apart) > sympy.Float("1e-20"))
    assert equivalent(ours(first), ours(second)).status == "different"


@FEW
@given(formulas)
def test_derivatives_agree(formula: Any) -> None:
    x = sympy.Symbol("x", real=True)
    mine = ours(formula)
    assume(len(mine.text) < 200)
    mine = read(f"diff({mine.text}, x)", SCOPE)
    assert equivalent(mine, ours(sympy.diff(formula, x))).status == "equal"

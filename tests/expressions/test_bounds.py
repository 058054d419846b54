"""Trees made to hang or to fill the memory: each is judged within the budget of work."""

from collections.abc import Callable
from functools import reduce

import pytest

from grader.expressions.deciding import judge
from grader.expressions.tree import Matrix, Node

from .building import (
    Part,
    add,
    call,
    cases,
    entry,
    integral,
    interval,
    matrix,
    members,
    mul,
    power,
    relation,
    t,
    total,
    vector,
)
from .effort import JUDGING, at_most


def nested(body: Part, names: str, wrap: Callable[..., Node], *ends: str) -> Node:
    """One sum in another for each name."""
    return reduce(lambda inside, name: wrap(inside, name, *ends), names, t(body))


def square(side: int, shape: str) -> Matrix:
    """A square matrix with entries that follow a pattern."""
    return matrix(*[" ".join(shape.format(i, j) for j in range(side)) for i in range(side)])


WAVES = square(12, "sin({}*7+{}*3)")
PAIRS: dict[str, tuple[Part, Part]] = {
    "gammas": (total(call("factorial", "k + 1/2"), high="900"), "3"),
    "towers": (total("k^(k^k)", high="9"), "3"),
    "huge product": (total("10^(100*k)", high="2000", kind="product"), "3"),
    "seven sums": (nested("a+b+c+d+g+h+j", "abcdghj", total, "1", "n"), "n^7"),
    "four sums of a family": (
        nested(entry("x", "a", "b", "c", "d"), "abcd", total, "1", "n"),
        add(nested(entry("x", "a", "b", "d", "c"), "abcd", total, "1", "n"), "1"),
    ),
    "four long sums": (nested("sin(a*b*c*d)", "abcd", total, "1", "40"), "1"),
    "high degree": (total("k^999", high="10^9"), total("k^998")),
    "large matrices": (mul(square(30, "{}+{}"), square(30, "{}+{}")), "1"),
    "determinant": (call("det", WAVES), "0"),
    "matrix power": (power(WAVES, "-1000"), power(WAVES, "1000")),
    "exact matrix power": (power(square(10, "1/({}+{}+1)"), "-500"), square(10, "{}+{}")),
    "symbolic inverse": (power(square(12, "x^{}+{}"), "-1"), "1"),
    "set": (
        members(*[f"sin({k}x)^2" for k in range(150)]),
        members(*[f"1-cos({k}x)^2" for k in range(149, -1, -1)]),
    ),
    "set without real values": (
        members(*[f"log(-{k}-x^2)" for k in range(2, 40)]),
        members(*[f"log(-{k}-x^2)+0*y" for k in range(39, 1, -1)]),
    ),
    "tuple": (
        vector(" ".join(f"exp({k})" for k in range(300))),
        vector(" ".join(f"exp({k}/2)^2" for k in range(300))),
    ),
    "wild integrals": (integral("sin(1/x^99)"), "0"),
    "waves": (integral("sin(10^6*x)"), "0"),
    "twelve integrals": (reduce(lambda inside, _: integral(inside), range(12), t("x^x")), "1"),
    "a sum in an integral": (integral(total("sin(k*x)", high="2000")), "3"),
    "an integral in a sum": (total(integral("exp(-k*x^2)/x")), "3"),
    "many cases": (
        cases(*[(f"{k}x", f"x > {k}") for k in range(60, 0, -1)], ("0", None)),
        cases(*[(f"{k}x", f"x > {k}") for k in range(60, 1, -1)], ("0", None)),
    ),
    "unions": (
        call("union", *[interval(f"{k}", f"{k}.5") for k in range(90)]),
        call("union", *[interval(f"{k}", f"{k}.5") for k in range(89)]),
    ),
    "inequalities": (
        relation("sin(exp(x))", "<", "cos(y)"),
        relation("sin(exp(x))", "<", "cos(z)"),
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_judged(name: str) -> None:
    first, second = map(t, PAIRS[name])
    with at_most(JUDGING):
        judge(first, second, {}, 0)


def test_the_same_work_gives_the_same_verdict() -> None:
    first, second = map(t, PAIRS["four long sums"])
    assert judge(first, second, {}, 0) == judge(first, second, {}, 0)

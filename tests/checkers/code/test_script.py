"""An author's lines of calls."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checkers.code.script import MAX_LINES, ROUTINES, ScriptError, Step, parse_script
from grader.sandbox import Ask, Call, Get, Let, Library, Ref, Set
from grader.sandbox.launch import INSIDE
from tests.checkers.strategies import STEADY

INPUTS = frozenset({"x", "alpha"})


def steps(text: str) -> tuple[Step, ...]:
    return parse_script(text, INPUTS).steps


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("f(x)", [Call("f", [Ref("x")])]),
        ("y = f(x)", [Call("f", [Ref("x")], save="y", keep=False)]),
        ("f(x, axis=1)", [Call("f", [Ref("x")], {"axis": 1})]),
        ("x", [Get("x")]),
        ("m.w.grad", [Get("m.w.grad")]),
        ("x[0]['k']", [Get("x.0.k")]),
        ("m.layers[2].weight", [Get("m.layers.2.weight")]),
        ("y = 3", [Let("y", 3)]),
        ("y = x", [Let("y", Ref("x"))]),
        ("y = -2.5", [Let("y", -2.5)]),
        ("m.training = False", [Set("m.training", False)]),
        ("x[1] = 'a'", [Set("x.1", "a")]),
        ("f([1, (2, None)], {'a': True})", [Call("f", [[1, (2, None)], {"a": True}])]),
        (
            "f(g(x))",
            [Call("g", [Ref("x")], save="_1", keep=False), Call("f", [Ref("_1")])],
        ),
        (
            "A(alpha).forward(x)",
            [Call("A", [Ref("alpha")], save="_1", keep=False), Call("_1.forward", [Ref("x")])],
        ),
        ("f(x)[0]", [Call("f", [Ref("x")], save="_1", keep=False), Get("_1.0")]),
        (
            "m.w = f(x)",
            [Call("f", [Ref("x")], save="_1", keep=False), Set("m.w", Ref("_1"))],
        ),
        ("f(torch.float32)", [Call("f", [Library("torch:float32")])]),
        ("f({x: 2, -1: x})", [Call("f", [{Ref("x"): 2, -1: Ref("x")}])]),
        ("F.relu(x)", [Call("torch:nn.functional.relu", [Ref("x")])]),
        ("nn.Linear(2, 3)", [Call("torch:nn.Linear", [2, 3])]),
        ("np.random.seed(0)", [Call("numpy:random.seed", [0])]),
        ("math.pi", [Get("math.pi")]),
        ("gradients(y, [x])", [Ask("gradients", [Ref("y"), [Ref("x")]])]),
        ("p = parameters(m)", [Ask("parameters", [Ref("m")], save="p", keep=False)]),
    ],
)
def test_a_line_becomes_steps(line: str, expected: list[Step]) -> None:
    assert list(steps(line)) == expected


def test_names_of_the_script_hide_routines_and_libraries() -> None:
    own = parse_script("items(x)\nnp.shape", frozenset({"items", "np", "x"}))
    assert own.steps == (Call("items", [Ref("x")]), Get("np.shape"))
    saved = parse_script("F = f(x)\nF.relu(x)", INPUTS)
    assert saved.steps[1] == Call("F.relu", [Ref("x")])


def test_what_comes_back_is_told_by_its_own_text() -> None:
    script = parse_script("layer = ELU(alpha)\nlayer.forward( x )\nlayer.alpha", INPUTS)
    assert script.kept == ("layer.forward( x )", "layer.alpha")
    assert script.saved == {"layer"}
    assert script.names == {"ELU", "alpha", "layer", "x"}


def test_silent_steps_return_nothing() -> None:
    script = parse_script("y = f(x)\nf(y)\nkind(y)\ny", INPUTS)
    assert [step.keep for step in script.silent() if isinstance(step, Call | Ask)] == [False] * 3
    assert not any(isinstance(step, Get) for step in script.silent())


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 0, "write at least one line"),
        ("# only a comment", 0, "write at least one line"),
        ("f(x", 1, "no lines of calls"),
        ("f(x)\n  g(x)", 2, "no lines of calls"),
        ("f(x)\ny = = 3", 2, "no lines of calls"),
        ("f(x)\nimport os", 2, "write `name = call"),
        ("for a in x:\n    f(a)", 1, "write `name = call"),
        ("def g(a): pass", 1, "write `name = call"),
        ("a = b = f(x)", 1, "write `name = call"),
        ("a, b = f(x)", 1, "write `name = call"),
        ("y: int = 3", 1, "write `name = call"),
        ("y += 1", 1, "write `name = call"),
        ("del x", 1, "write `name = call"),
        ("3", 1, "write `name = call"),
        ("x + 1", 1, "write `name = call"),
        ("f(x)\n\nf(x + 1)", 3, "`x + 1` is no value"),
        ("f(*x)", 1, "`*x` is no value"),
        ("f(**x)", 1, "`**` cannot be used"),
        ("f(lambda a: a)", 1, "is no value"),
        ("f([a for a in x])", 1, "is no value"),
        ("f(-x)", 1, "`-x` is no value"),
        ("f(1j)", 1, "is no value"),
        ("f(b'a')", 1, "is no value"),
        ("f(...)", 1, "is no value"),
        ("f(f'{x}')", 1, "is no value"),
        ("f({**x})", 1, "is no value"),
        ("f({1, 2})", 1, "is no value"),
        ("f(x if x else x)", 1, "is no value"),
        ("f({[1]: 2})", 1, "`[1]`"),
        ("f({(1, [2]): 2})", 1, "`(1, [2])`"),
        ("x[-1]", 1, "x[-1]"),
        ("x[0:1]", 1, "x[0:1]"),
        ("x['a.b']", 1, "without dots"),
        ("x['a:b']", 1, "without dots"),
        ("x['']", 1, "without dots"),
        ("(x + 1).sum()", 1, "`x + 1` is no name"),
        ("f(x) if x else 1", 1, "write `name = call"),
        ("await f(x)", 1, "write `name = call"),
        ("f(x)\n" * (MAX_LINES + 1), 0, f"at most {MAX_LINES} lines"),
        ("\0", 0, "no lines of calls"),
        ("f(" * 500 + ")" * 500, 0, ""),
        ("x" + ".a" * 1_500, 0, ""),
        ("f(" + "-" * 900 + "1)", 0, ""),
        ("-" * 100_000 + "1", 0, ""),
        ("f(" + "9" * 5_000 + ")", 0, ""),
    ],
)
def test_a_line_that_is_no_step_is_refused(text: str, line: int, says: str) -> None:
    with pytest.raises(ScriptError) as refused:
        parse_script(text, INPUTS)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    if line:
        assert str(refused.value).startswith(f"line {line}: ")


PIECES = st.sampled_from(
    [
        *("f", "x", "np", "torch", "gradients", "y", "_1", "(", ")", "[", "]", "{", "}", ":", ","),
        *("=", ".", "\n", " ", "-", "*", "**", "'a'", "0", "1.5", "None", "lambda", "for", "in"),
        *("def", "class", "import", "if", "else", "#", "'", '"', "\\", ";", "@", "1e999", "0x"),
    ]
)


@STEADY
@given(st.text(max_size=80) | st.lists(PIECES, max_size=25).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        script = parse_script(text, INPUTS)
    except ScriptError:
        return
    assert script.steps


def test_the_routines_are_those_of_the_jail() -> None:
    """Read, not imported: the jail's side needs torch."""
    tree = ast.parse((INSIDE / "routines.py").read_text(encoding="utf-8"))
    made = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert {name for name in made if not name.startswith("_")} == ROUTINES

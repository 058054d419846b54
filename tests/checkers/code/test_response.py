"""The form of the answer: headers, templates, entries, and whose lines are whose."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.checkers.base import Tools
from grader.checkers.code import CodeResponse
from grader.checkers.code.criterion import CodeLimits
from grader.checkers.code.repair import parse
from grader.checkers.code.response import MAX_CODE_LINES, Program, put
from grader.checkers.code.running import job, library_name, prelude_for
from grader.checkers.code.trials import Plan
from grader.score import Answer, Outcome, Unread
from tests.checkers.code.bench import form, item, read, shown
from tests.checkers.strategies import CONVENTIONS, STEADY

HEADER = "def forward(self, x):"
CLASS = "class ELU:\n    def __init__(self, a):\n        self.a = a\n\n    {{answer}}\n"
HARNESS = "import numpy as np\n\n\ndef helper(x):\n    return x\n\n\n{{answer}}\n\n\nz = 1\n"


def program(text: str, response: CodeResponse) -> Program:
    value: Program = read(text, response).value
    return value


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("y = x\nreturn y", "def forward(self, x):\n    y = x\n    return y"),
        ("    y = x\n    return y", "def forward(self, x):\n    y = x\n    return y"),
        (
            "y = x\n    return y",
            "def forward(self, x):\n    y = x\n    return y",
        ),
        ("def forward(self, x):\n    return x", "def forward(self, x):\n    return x"),
        ("def forward(self, z, k=1):\n    return z", "def forward(self, z, k=1):\n    return z"),
        ("    def forward(self, x):\n        return x", "def forward(self, x):\n    return x"),
        (
            "class ELU:\n    def forward(self, x):\n        return x",
            "class ELU:\n    def forward(self, x):\n        return x",
        ),
        (
            "def g(z):\n    return z\nreturn g(x)",
            "def forward(self, x):\n    def g(z):\n        return z\n    return g(x)",
        ),
        (
            "def g(z):\n    return z\n\ndef forward(self, x):\n    return g(x)",
            "def g(z):\n    return z\n\ndef forward(self, x):\n    return g(x)",
        ),
        ("yield x", "def forward(self, x):\n    yield x"),
        (
            "if x:\n    return 1\nreturn 2",
            "def forward(self, x):\n    if x:\n        return 1\n    return 2",
        ),
        ("forward = lambda self, x: x", "forward = lambda self, x: x"),
        (
            "class G:\n    def __call__(self, x):\n        return x\nforward = G()",
            "class G:\n    def __call__(self, x):\n        return x\nforward = G()",
        ),
        (
            "forward = x + 1\nreturn forward",
            "def forward(self, x):\n    forward = x + 1\n    return forward",
        ),
    ],
)
def test_a_body_gets_its_header_and_nothing_else_does(text: str, whole: str) -> None:
    response = form(entry="ELU", header=HEADER)
    source = program(text, response).source
    assert response.fill("", source) == whole


def test_lines_without_a_return_are_only_a_part() -> None:
    found = program("y = x + 1", form(entry="", header=HEADER))
    assert "return nothing" in found.aside
    assert program("return x", form(entry="", header=HEADER)).aside == ""


@pytest.mark.parametrize("header", ["def f(x)", "f(x):", "class A:", "def f(x):\n    pass"])
def test_a_header_is_the_first_line_of_a_function(header: str) -> None:
    with pytest.raises(ValidationError, match="first line of a function"):
        form(header=header)


@pytest.mark.parametrize("template", ["x = 1", "{{answer}}\n{{answer}}", "{{ answer }}"])
def test_a_template_takes_the_answer_once(template: str) -> None:
    with pytest.raises(ValidationError, match="where the answer goes"):
        form(template=template)


def test_what_is_given_is_not_defined_again() -> None:
    response = form(template="def helper(x):\n    return x\n\n{{answer}}\n")
    again = program("def helper(x):\n    return 0\n\ndef f(x):\n    return helper(x)", response)
    assert again.aside == "The answer defines helper again, which is given."
    assert program("def f(x):\n    return helper(x)", response).aside == ""


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("def f(x): return x\nclass G: pass", ()),
        ("f = G = abs", ()),
        ("f, G = abs, max", ()),
        ("f: object = abs\nG = 1", ()),
        ("async def f(x): return x\nG = 1", ()),
        ("with abs(1) as f:\n    (G := 1)", ()),
        ("def f(x): return x", ("G",)),
        ("def h(x):\n    def f(x): pass\n    G = 1", ("f", "G")),
        ("f(1)\nG.x = 2\nG[0] = 3", ("f", "G")),
        ("# nothing", ("f", "G")),
    ],
)
def test_entries(text: str, missing: tuple[str, ...]) -> None:
    response = form(entry=["f", "G"])
    assert response.missing(program(text, response)) == missing


def test_an_entry_in_the_given_program_counts_as_defined() -> None:
    response = form(entry="ELU", template=CLASS)
    found = program("def forward(self, x):\n    return x", response)
    assert response.missing(found) == ()


def test_no_entry_and_a_fault_wait_for_a_person() -> None:
    for text, finding in [
        ("def g(x): return x", "no-entry"),
        ("def f(x: return x", "syntax-error"),
    ]:
        score = item().check(read(text), Tools())
        assert (score.outcome, score.credit) == (Outcome.REVIEW, None)
        assert finding in shown(score)


@pytest.mark.parametrize("header", ["", "def f(self, x):"])
@pytest.mark.parametrize(
    "template", ["", "{{answer}}\n", CLASS, "import torch\n\nif True:\n    {{answer}}\n"]
)
def test_a_fault_is_told_in_the_candidate_s_own_lines(header: str, template: str) -> None:
    response = form(entry="", header=header, template=template)
    fault = program("y = x\ny = 1 1\nreturn y", response).fault
    assert fault is not None
    assert str(fault).startswith("line 2: ")


def test_a_fault_outside_the_answer_names_no_line() -> None:
    found = program("y = (", form(entry="", template="{{answer}}\nx = 1\ny = 2)) 3\n"))
    assert found.fault is not None
    assert found.fault.line in (0, 1)


BODIES = ["return x", "y = x\n\nreturn y", "def forward(self, x):\n    y = x\n    return y"]


@pytest.mark.parametrize(
    ("text", "template", "harness", "header", "allow"),
    list(
        itertools.product(
            BODIES,
            ["", CLASS],
            ["", HARNESS, CLASS],
            ["", HEADER],
            [(), ("numpy",), ("torch", "numpy")],
        )
    ),
)
def test_the_job_knows_the_candidate_s_own_lines(
    text: str, template: str, harness: str, header: str, allow: tuple[str, ...]
) -> None:
    response = form(entry="", header=header, template=template, allow=allow)
    source = program(text, response).source
    made = job(source, response, harness, Plan((), ()), seed=1, written=CodeLimits())
    lines = made.source.decode().split("\n")
    assert made.own is not None
    first, last = made.own
    own = [line.strip() for line in lines[first - 1 : last]]
    assert own == [line.strip() for line in text.split("\n")]


def test_future_imports_come_first() -> None:
    text = "import math\nfrom __future__ import annotations\ndef f(x: Unknown):\n    return math.floor(x)"
    made = job(text, form(), HARNESS, Plan((), ()), seed=1, written=CodeLimits())
    lines = made.source.decode().split("\n")
    assert lines[0] == "from __future__ import annotations"
    assert made.own is not None
    assert lines[made.own[0] - 1 : made.own[1]] == [
        "import math",
        "",
        "def f(x: Unknown):",
        "    return math.floor(x)",
    ]
    compile(made.source, "", "exec")


def test_limits_and_seed_of_the_job() -> None:
    written = CodeLimits(cpu=2, memory=100, output=8)
    made = job("x = 1", form(), "", Plan((), ()), seed=2**40 + 3, written=written, stubs=(".relu",))
    assert (made.limits.cpu, made.limits.wall_seconds) == (2, 6)
    assert (made.limits.memory, made.limits.output) == (100 << 20, 8 << 10)
    assert made.seed == 3
    assert list(made.forbidden) == ["torch:Tensor.relu"]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("torch.nn.functional.relu", "torch:nn.functional.relu"),
        ("numpy.maximum", "numpy:maximum"),
        (".relu", "torch:Tensor.relu"),
        ("sorted", "builtins:sorted"),
    ],
)
def test_library_names(name: str, path: str) -> None:
    assert library_name(name) == path


def test_imports_that_may_be_left_out() -> None:
    assert "import numpy as np" in prelude_for(("numpy",))
    assert "torch" not in prelude_for(("numpy",))
    assert "import math" in prelude_for(("numpy",))
    everything = prelude_for(())
    assert "from torch import nn" in everything
    assert parse(everything, (0, 0))[1] is None


TEXTS = st.lists(
    st.sampled_from(["x = 1", "if x:\n    y = 2", "", "# c", "def g():\n    return 1"]),
    min_size=1,
    max_size=5,
).map("\n".join)


@STEADY
@given(
    TEXTS,
    st.sampled_from(
        ["{{answer}}", "a = 1\n{{answer}}\nb = 2", "if 1:\n    pass\n    {{answer}}\n"]
    ),
)
def test_put_keeps_every_line_and_the_program_s_form(text: str, template: str) -> None:
    whole = put(template, text)
    assert whole.count("\n") == template.count("\n") + text.count("\n")
    assert parse(whole, (0, 0))[1] is None


@pytest.mark.parametrize(
    "text",
    [
        "if a: pass\n" + "elif a: pass\n" * 1_500,
        "x = " + "(" * 150 + ")" * 150,
        "\n".join(" " * n + "if a:" for n in range(95)) + "\n" + " " * 96 + "pass",
        "a = b = " * 1_000 + "1",
        "def f(x):\n" + "    x = x\n" * (MAX_CODE_LINES - 3),
        "x = [" + "a, " * 5_000 + "]",
        "@d\n" * 1_000 + "def f(): pass",
    ],
    ids=range(7),
)
def test_odd_programs_are_read(text: str) -> None:
    response = form(entry="", header=HEADER, template=CLASS)
    assert isinstance(response.read(text, CONVENTIONS), Answer)
    score = item().check(read(text, form(entry="g")), Tools())
    assert score.outcome is Outcome.REVIEW


def test_a_long_program_is_refused_kindly() -> None:
    found = form().read("x = 1\n" * MAX_CODE_LINES, CONVENTIONS)
    assert isinstance(found, Unread)
    assert "hand in only what is asked for" in found.message


def test_same_programs() -> None:
    first, second = read("def f(x):\n    return x"), read("def f(x):\n\n    return  x\n")
    assert form().same(first, second)
    assert not form().same(first, read("def f(x):\n    return y"))

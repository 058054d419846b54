"""Programs beside a reference: own lines in tracebacks, derivatives, and what is the rubric's own fault."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from textwrap import dedent
from typing import Any

import pytest

from grader import sandbox
from grader.checkers.base import Tools
from grader.checkers.code import Code
from grader.checkers.code.judging import ReferenceFault
from grader.errors import EngineError
from grader.score import NOTHING, Outcome, Score
from tests.checkers.code.bench import RELU, form, item, judged, read, shown

CRITERION = {"credit": 1, "say": "It is right.", "run": "f(x)"}


def criteria(**fields: Any) -> dict[str, Any]:
    return {"all": {**CRITERION, **fields}}


def places(check: Code) -> list[tuple[str | int, ...]]:
    return [place for place, _ in check.problems(form(), frozenset())]


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"criteria": criteria(credit="1/2")}, ("criteria",)),
        ({"reference": None}, ()),
        ({"criteria": criteria(run="f(x")}, ("criteria", "all", "run")),
        ({"criteria": criteria(run="f(x + 1)")}, ("criteria", "all", "run")),
        ({"criteria": criteria(run="y = f(x)")}, ("criteria", "all", "run")),
        ({"criteria": criteria(unchanged=["z"])}, ("criteria", "all", "unchanged")),
        ({"inputs": {"x": {"normal": [0, -1]}}}, ("criteria", "all", "run")),
        ({"inputs": {"x": {"value": ["a"], "as": "numpy"}}}, ("criteria", "all", "run")),
        ({"inputs": {"x": {"normal": [0, 1], "like": "y"}}}, ("criteria", "all", "run")),
        ({"replace_forbidden": True}, ("replace_forbidden",)),
        (
            {"criteria": criteria(differences={"of": "y", "at": "x", "gradient": "dx"})},
            ("criteria", "all", "differences", "of"),
        ),
        (
            {
                "inputs": {"x": {"normal": [0, 1]}},
                "criteria": criteria(
                    run="y = f(x)\ndx = f(y)\ndx",
                    differences={"of": "y", "at": "x", "gradient": "dx"},
                ),
            },
            ("criteria", "all", "differences", "at"),
        ),
        (
            {
                "criteria": criteria(
                    run="y = f(x)\ndx = f(y)\ndx",
                    differences={"of": "y", "at": "x", "weights": "w", "gradient": "dx"},
                )
            },
            ("criteria", "all", "differences", "weights"),
        ),
    ],
)
def test_what_does_not_fit_together_is_named_with_its_place(
    fields: dict[str, Any], place: tuple[str | int, ...]
) -> None:
    assert place in places(item(**fields))


def test_a_sound_item_has_no_problems() -> None:
    assert places(item()) == []


def test_where_nothing_can_be_run_a_person_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise sandbox.JailUnavailable("this machine has no jail")

    monkeypatch.setattr(sandbox, "run", refuse)
    score = judged(RELU)
    assert (score.outcome, score.credit) == (Outcome.REVIEW, None)
    assert "not-run" in shown(score)
    assert "no jail" in score.evidence


def test_without_numpy_a_person_judges_and_the_rest_goes_on() -> None:
    lines = """
    import sys
    sys.modules["numpy"] = None
    from grader.score import Outcome
    from tests.checkers.code.bench import RELU, form, item, judged
    score = judged(RELU)
    assert score.outcome is Outcome.REVIEW and score.credit is None, score
    assert "numpy is missing; install" in score.evidence, score
    assert list(item().problems(form(), frozenset())) == []
    """
    subprocess.run([sys.executable, "-c", dedent(lines)], check=True)


@pytest.mark.usefixtures("programs")
class TestInTheJail:
    def test_an_exception_of_the_tests_is_not_called_the_program_s(self) -> None:
        lines = "class Unclear(Exception):\n    pass\n\n\n{{answer}}\n\n\n"
        lines += "def helper(x):\n    if f(x) is None:\n        raise Unclear('nothing comes back')\n    return 1\n"
        check = item(
            harness="h.py",
            files={"h.py": f"import numpy as np\n{lines}"},
            ask_a_person=["Unclear"],
            criteria={"all": {"credit": 1, "say": "It is ReLU.", "run": "helper(x)"}},
        )
        score = judged("def f(x):\n    pass", check)
        told = [finding.message for finding in score.findings]
        assert told == [
            "A person looks at this: nothing comes back.",
            "Not found by the tests: It is ReLU. Nothing comes back.",
        ]

    def test_a_program_that_uses_its_tests_waits_for_a_person(self) -> None:
        check = item(
            harness="h.py",
            files={
                "h.py": "import numpy as np\n\n{{answer}}\n\n\ndef right(x):\n    return f(x).tolist()\n"
            },
            criteria={"all": {"credit": 1, "say": "It is ReLU.", "run": "right(x)"}},
        )
        program = "import numpy as np\ndef f(x):\n    global right\n    return np.maximum(x, 0)"
        score = judged(program, check)
        assert score.outcome is Outcome.REVIEW
        assert "tampering" in shown(score)

    def test_the_same_answer_gives_the_same_score(self) -> None:
        assert judged("def f(x): return np.abs(x)") == judged("def f(x): return np.abs(x)")

    @pytest.mark.parametrize(
        ("response", "harness", "text"),
        [
            ({}, "", "def f(x):\n    y = x\n    return y[9]"),
            ({"allow": ["numpy"]}, "", "def f(x):\n    y = x\n    return y[9]"),
            ({"header": "def f(x):"}, "", "y = x\ny = y\nreturn y[9]"),
            (
                {"template": "k = 1\n\n\n{{answer}}\n\nz = 2\n"},
                "",
                "def f(x):\n    y = x\n    return y[9]",
            ),
            (
                {"header": "def f(x):", "template": "if True:\n    {{answer}}\n"},
                "import numpy as np\n\n\n{{answer}}\n",
                "y = x\ny = y\nreturn y[9]",
            ),
            (
                {},
                "import numpy as np\n\n\nif True:\n    {{answer}}\n",
                "def f(x):\n    y = x\n    return y[9]",
            ),
        ],
    )
    def test_an_exception_names_the_candidate_s_own_line(
        self, response: dict[str, Any], harness: str, text: str
    ) -> None:
        right = "return np.maximum(x, 0)" if "header" in response else RELU
        check = item(
            files={"right.py": right, **({"harness.py": harness} if harness else {})},
            **({"harness": "harness.py"} if harness else {}),
        )
        score = judged(text, check, form(**response))
        messages = " ".join(finding.message for finding in score.findings)
        assert "line 3: `return y[9]`" in messages
        assert "IndexError" in messages

    def test_a_program_that_does_not_load_waits_with_its_own_line(self) -> None:
        score = judged("x = 1\ny = unknown\ndef f(x): return x")
        assert (score.outcome, score.credit) == (Outcome.REVIEW, None)
        assert "not-loaded" in shown(score)
        assert "line 2: `y = unknown`" in score.findings[0].message

    def test_a_reference_that_cannot_be_compared_is_the_rubric_s_fault(self) -> None:
        check = item(files={"right.py": "def f(x):\n    return object()\n"})
        with pytest.raises(ReferenceFault, match="cannot be compared"):
            judged(RELU, check)

    @pytest.mark.parametrize(
        "text",
        [
            "def f(x):\n    raise ValueError(1)\n",
            "raise ValueError(1)\ndef f(x): pass\n",
            "def f(x):\n    while True: pass\n",
        ],
    )
    def test_a_reference_that_fails_is_the_rubric_s_fault(self, text: str) -> None:
        with pytest.raises(EngineError, match=r"right\.py"):
            judged(RELU, item(files={"right.py": text}))

    def test_great_whole_numbers(self) -> None:
        check = item(
            files={"right.py": "def f(n):\n    return math.factorial(n)\n"},
            inputs={"n": {"value": "30"}},
            criteria={"all": {**CRITERION, "run": "f(n)", "unchanged": ["n"]}},
        )
        product = "def f(n):\n    y = 1\n    for k in range(n): y *= k + 1\n    return y"
        assert judged(product, check).credit == 1
        assert judged(product.replace("y = 1", "y = 1.0"), check).credit == 0

    def test_an_unchanged_great_number(self) -> None:
        check = item(
            files={"right.py": "def f(x):\n    return x % 7\n"},
            inputs={"x": {"value": str(10**30)}},
            criteria=criteria(unchanged=["x"]),
        )
        assert judged("def f(x): return x - x // 7 * 7", check).credit == 1


LAYER = """
    class L:
        def forward(self, x):
            self.x = x
            return {forward}
        def backward(self, e):
            return {backward}
    """
DERIVED = item(
    files={"right.py": dedent(LAYER).format(forward="x ** 2", backward="2 * self.x * e")},
    inputs={
        "x": {"normal": [0, 1], "shape": [3, 4]},
        "e": {"normal": [0, 1], "like": "x"},
    },
    criteria={
        "forward": {
            "credit": "1/4",
            "say": "It squares.",
            "run": "layer = L()\nlayer.forward(x)",
        },
        "backward": {
            "credit": "3/4",
            "say": "It is the derivative.",
            "run": "layer = L()\ny = layer.forward(x)\ndx = layer.backward(e)\ndx",
            "differences": {"of": "y", "at": "x", "weights": "e", "gradient": "dx"},
        },
    },
)


def layer(forward: str, backward: str, check: Code = DERIVED) -> Score:
    text = dedent(LAYER).format(forward=forward, backward=backward)
    return check.check(read(text, form(entry="L")), Tools(seed=1))


@pytest.mark.usefixtures("programs")
class TestDerivatives:
    @pytest.mark.parametrize(
        ("forward", "backward"),
        [
            ("x ** 3", "3 * self.x ** 2 * e"),
            ("np.sin(x)", "np.cos(self.x) * e"),
            ("3 * x", "3 * e"),
        ],
    )
    def test_a_derivative_of_the_own_output_counts(self, forward: str, backward: str) -> None:
        score = layer(forward, backward)
        assert (score.outcome, score.credit) == (Outcome.GRADED, Fraction(3, 4))
        assert "your own forward pass" in " ".join(finding.message for finding in score.findings)

    @pytest.mark.parametrize(
        ("forward", "backward"),
        [
            ("x ** 3", "2 * self.x ** 2 * e"),
            ("x ** 3", "3 * self.x ** 2"),
            ("x * 0", "e * 0"),
            ("x * 0 + 1", "e"),
            ("x * 1e308 * 10", "e"),
            ("x * 1e308", "e * 5"),
            ("x * float('nan')", "e"),
            ("x + 1j", "e"),
            ("x.sum()", "e"),
            ("x[0]", "e"),
            ("np.stack([x, x])", "e"),
            ("x.tolist()", "e"),
            ("None", "e"),
            ("x ** 3", "None"),
            ("x ** 3", "e + 1j"),
            ("x ** 3", "e.tolist()"),
            ("x ** 3", "e * float('inf')"),
            ("x ** 3", "(3 * self.x ** 2 * e).ravel()"),
            ("x ** 3", "3 * self.x ** 2 * e + np.random.randn(3, 4)"),
            ("x if (x == x.round()).all() else x + 1j", "e"),
        ],
    )
    def test_anything_else_does_not(self, forward: str, backward: str) -> None:
        score = layer(forward, backward)
        assert (score.outcome, score.credit) == (Outcome.GRADED, NOTHING)

    def test_only_the_derivative_s_own_line_is_forgiven(self) -> None:
        run = "layer = L()\ny = layer.forward(x)\ny\ndx = layer.backward(e)\ndx"
        differences = {"of": "y", "at": "x", "weights": "e", "gradient": "dx"}
        both = {"credit": 1, "say": "Both.", "run": run, "differences": differences}
        check = item(
            files={"right.py": dedent(LAYER).format(forward="x ** 2", backward="2 * self.x * e")},
            inputs=DERIVED.inputs,
            criteria={"both": both},
        )
        assert layer("x ** 3", "3 * self.x ** 2 * e", check).credit == 0
        assert layer("x * x", "self.x * e + e * self.x", check).credit == 1

    def test_a_forgiven_derivative_must_still_leave_its_input_alone(self) -> None:
        entry = DERIVED.judged_by["backward"].model_copy(update={"credit": 1, "unchanged": ("e",)})
        check = DERIVED.model_copy(update={"judged_by": {"backward": entry}})
        assert layer("x ** 3", "3 * self.x ** 2 * e", check).credit == 1
        assert layer("x ** 3", "3 * self.x ** 2 * np.multiply(e, 2, out=e) / 2", check).credit == 0

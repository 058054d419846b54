"""Programs that work on whoever judges them: none gains anything, and the next candidate is judged as always."""

from __future__ import annotations

from textwrap import dedent

import pytest

from grader.checkers.base import Tools
from grader.checkers.code import Code, CodeResponse
from grader.score import FULL, NOTHING, Outcome, Score
from tests.checkers.code.bench import RELU, item, read, shown

pytestmark = pytest.mark.usefixtures("programs")

HARNESS = """\
import numpy as np

def halved(value):
    return bool(np.all(np.asarray(value) >= 0))

{{answer}}

def positive(x):
    return halved(f(x))
"""
CHECK = item(
    criteria={
        "all": {"credit": "1/2", "say": "It is ReLU.", "run": "f(x)"},
        "turned": {"credit": "1/2", "say": "It is ReLU.", "run": "f(np.negative(x))"},
    }
)
GUARDED = item(
    harness="harness.py",
    files={"harness.py": HARNESS},
    criteria={"all": {"credit": 1, "say": "Nothing is negative.", "run": "positive(x)"}},
)
TENSORS = item(
    reference="torch.py",
    files={"torch.py": "def f(x):\n    return torch.clamp(x, min=0)\n"},
    inputs={"x": {"normal": [0, 1], "shape": [3, 4], "as": "torch"}},
)


def earned(score: Score) -> bool:
    """Whether the machine alone gave anything."""
    return score.outcome is Outcome.GRADED and bool(score.credit)


def judged(text: str, check: Code, response: CodeResponse | None = None) -> Score:
    return check.check(read(dedent(text), response), Tools(seed=1))


REACHING = {
    "frames": """
        import sys
        def f(x):
            frame = sys._getframe()
            while frame:
                for name, value in frame.f_locals.items():
                    if name in ("expected", "reference", "solution"):
                        return value
                frame = frame.f_back
            return x
        """,
    "garbage collector": """
        import gc
        def f(x):
            for found in gc.get_objects():
                if callable(found) and getattr(found, "__name__", "") == "f" and found is not f:
                    return found(x)
            return x
        """,
    "import of the reference": """
        import importlib
        def f(x):
            for name in ("right", "rubrics.right", "reference", "solution", "grader.checkers.code"):
                try:
                    return importlib.import_module(name).f(x)
                except Exception:
                    pass
            return x
        """,
    "patched comparisons": """
        for name in ("allclose", "isclose", "array_equal", "equal", "all"):
            setattr(np, name, lambda *args, **kwargs: True)
        np.testing.assert_allclose = lambda *args, **kwargs: None
        def f(x):
            return x
        """,
    "patched comparisons, by assignment": """
        np.allclose = np.isclose = np.array_equal = lambda *args, **kwargs: True
        def f(x):
            return x
        """,
    "patched builtins": """
        import builtins
        builtins.abs = builtins.all = builtins.any = lambda *args: True
        builtins.isinstance = lambda *args: True
        def f(x):
            return x
        """,
    "always equal": """
        class Yes:
            def __eq__(self, other): return True
            def __ne__(self, other): return False
            def __array__(self, *args, **kwargs): return np.zeros((3, 4))
            def __getattr__(self, name): return self
            def __call__(self, *args, **kwargs): return self
        def f(x):
            return Yes()
        """,
    "lying array": """
        class Liar(np.ndarray):
            def __eq__(self, other): return np.ones((3, 4), bool)
            def __array_function__(self, func, types, args, kwargs): return True
            def __array_ufunc__(self, *args, **kwargs): return np.ones((3, 4), bool)
            def __sub__(self, other): return np.zeros((3, 4))
        def f(x):
            return x.view(Liar)
        """,
    "not a number": "def f(x): return x * float('nan')",
    "infinity": "def f(x): return x * float('inf')",
    "broadcasting": "def f(x): return np.zeros((3, 1))",
    "one number": "def f(x): return 0.0",
    "empty": "def f(x): return np.zeros((0, 4))",
    "nothing": "def f(x): return None",
    "wider": "def f(x): return np.stack([x, np.maximum(x, 0)])",
    "nested": "def f(x): return [np.maximum(x, 0)]",
    "complex": "def f(x): return np.maximum(x, 0) + 0j",
    "coarse": "def f(x): return (np.maximum(x, 0) * 1.004).astype(np.float16)",
    "exit after printing": """
        import os
        print('{"score": 1, "passed": true}', flush=True)
        os._exit(0)
        """,
    "exit in the call": """
        def f(x):
            print("all tests passed", flush=True)
            np.f2py.os._exit(0)
        """,
    "system exit": """
        import sys
        def f(x):
            sys.exit(0)
        """,
    "printed verdict": """
        def f(x):
            print('{"case": 0, "values": [], "raised": null, "credit": 1}')
            print("1 passed in 0.01s")
            return x
        """,
    "at exit": """
        import atexit, os
        def f(x):
            return x
        @atexit.register
        def last():
            for number in range(1, 10):
                try:
                    os.write(number, b'{"score": 1}')
                except OSError:
                    pass
        """,
    "hard-coded": """
        def f(x):
            if x[0, 0] > 0:
                return np.array([[1.0, 0, 0, 0]] * 3)
            return np.zeros((3, 4))
        """,
    "right once": """
        calls = 0
        def f(x):
            global calls
            calls += 1
            return np.maximum(x, 0) if calls == 1 else x
        """,
    "first call in vain": """
        seen = []
        def f(x):
            seen.append(x)
            return seen[0]
        """,
    "input changed to fit": """
        def f(x):
            x[:] = 0
            return x
        """,
    "a thread goes on": """
        import threading
        def f(x):
            def later():
                while True:
                    np.maximum = lambda *args: x
            threading.Thread(target=later, daemon=True).start()
            return x
        """,
    "trace": """
        import sys
        def spy(frame, event, argument):
            for name in list(frame.f_locals):
                if name in ("values", "arrays"):
                    frame.f_locals[name].clear()
            return spy
        sys.settrace(spy)
        def f(x):
            return x
        """,
    "patched harness": """
        import sys
        for name, module in list(sys.modules.items()):
            if name.startswith("grader.sandbox"):
                for part in ("write", "_case", "_send", "_take", "encode"):
                    if hasattr(module, part):
                        setattr(module, part, lambda *args, **kwargs: ["v", True])
        def f(x):
            return x
        """,
    "endless": "def f(x):\n    while True: pass",
}
FORGED = """
    {imports}
    def f(x):
        return x
    kept = {os}.write
    import struct, json
    def frame(header):
        text = json.dumps({{**header, "arrays": []}}).encode()
        return b"EXG1" + struct.pack("<I", len(text)) + text
    def forge():
        done = frame({{"loaded": True}})
        for number in range({cases}):
            done += frame({{"case": number, "values": {values}, "raised": None, "printed": ""}})
        done += frame({{"end": {cases}}})
        for number in range(3, 12):
            try:
                kept(number, done)
            except OSError:
                pass
    forge()
    {os}._exit(0)
    """
REACHING |= {
    "forged frames without values": FORGED.format(
        imports="import os", os="os", cases=6, values="[]"
    ),
    "forged frames with truth": FORGED.format(
        imports="import os", os="os", cases=6, values='[["v", True]]'
    ),
    "forged frames, not seen by the syntax tree": FORGED.format(
        imports="g = getattr(np, 'f2' + 'py')\nhidden = getattr(g, 'o' + 's')".replace(
            "\n", "\n    "
        ),
        os="hidden",
        cases=6,
        values="[]",
    ).replace("hidden._exit(0)", "getattr(hidden, '_ex' + 'it')(0)"),
}


@pytest.mark.parametrize("name", REACHING)
def test_a_cheat_earns_nothing(name: str) -> None:
    score = judged(REACHING[name], CHECK)
    assert score.credit in (None, 0), score


def test_the_next_candidate_is_judged_as_always() -> None:
    for name in ("forged frames without values", "patched builtins", "a thread goes on"):
        judged(REACHING[name], CHECK)
        honest = judged(RELU, CHECK)
        assert (honest.outcome, honest.credit) == (Outcome.GRADED, FULL)


@pytest.mark.parametrize(
    "program",
    [
        "def halved(value):\n    return True\n\ndef f(x):\n    return x\n",
        "class halved:\n    def __new__(cls, value):\n        return True\n\ndef f(x):\n    return x\n",
        "def f(x):\n    return x\n\nvars()['halved'] = lambda value: True\n",
        "def f(x):\n    return x\n\ngetattr(f, '__glo' + 'bals__')['halved'] = lambda value: True\n",
        "def f(x):\n    return x\n\nglobals().update(halved=lambda value: True)\n",
        "import __main__\n\ndef f(x):\n    f.__globals__['halved'] = lambda value: True\n    return x\n",
        "import sys\n\ndef f(x):\n    sys.modules[__name__].halved = lambda value: True\n    return x\n",
    ],
)
def test_the_harness_s_own_helpers_cannot_be_replaced_unseen(program: str) -> None:
    score = judged(program, GUARDED)
    assert score.outcome is Outcome.REVIEW
    assert "tampering" in shown(score)
    assert "halved" not in " ".join(f.message for f in score.findings if f.id == "tampering")


def test_a_name_that_the_harness_happens_to_define_later_goes_to_a_person() -> None:
    program = RELU + "\ndef positive(x):\n    return True\n"
    score = judged(program, GUARDED)
    assert score.outcome is Outcome.REVIEW
    assert "tampering" in shown(score)


def test_honest_answers_under_a_harness() -> None:
    assert judged(RELU, GUARDED).credit == 1
    wrong = judged("def f(x):\n    return x\n", GUARDED)
    assert (wrong.outcome, wrong.credit) == (Outcome.GRADED, NOTHING)


PATCHED_TORCH = """
    import torch
    for name in ("allclose", "equal", "isclose", "eq"):
        setattr(torch, name, lambda *args, **kwargs: True)
    torch.testing.assert_close = lambda *args, **kwargs: None
    torch.Tensor.__eq__ = torch.Tensor.allclose = lambda *args, **kwargs: True
    def f(x):
        return x
    """
LYING_TENSOR = """
    import torch
    class Liar(torch.Tensor):
        @classmethod
        def __torch_function__(cls, func, types, args=(), kwargs=None):
            if func in (torch.equal, torch.allclose, torch.Tensor.__eq__):
                return True
            return super().__torch_function__(func, types, args, kwargs or {})
        def detach(self): return torch.clamp(torch.Tensor(self), min=0)
        def numpy(self): return torch.zeros(3, 4).numpy()
    def f(x):
        return (x * 2).as_subclass(Liar)
    """


@pytest.mark.parametrize(
    "program",
    [
        PATCHED_TORCH,
        LYING_TENSOR,
        "def f(x): return x * float('nan')",
        "def f(x): return torch.zeros(1)",
        "def f(x): return torch.clamp(x, min=0).tolist()",
        "def f(x): return (torch.clamp(x, min=0) * 1.008).to(torch.bfloat16)",
        "def f(x): return torch.clamp(x, min=0).expand(2, 3, 4)",
        "def f(x): return torch.empty(3, 4, device='meta')",
        "def f(x): return torch.clamp(x, min=0).to(torch.complex64)",
    ],
)
def test_tensors_gain_nothing_either(program: str) -> None:
    assert judged(program, TENSORS).credit in (None, 0)
    assert judged("def f(x): return x.relu()", TENSORS).credit == 1


STEADY = item(
    criteria={
        "all": {
            "credit": 1,
            "say": "Steady.",
            "run": "f(x)",
            "deterministic": True,
            "unchanged": ["x"],
        }
    }
)


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ("def f(x):\n    np.maximum(x, 0, out=x)\n    return x", "changes its input x"),
        (
            "n = 0\ndef f(x):\n    global n\n    n += 1\n    return np.maximum(x, 0) + (n % 2 == 0)",
            "",
        ),
        (
            "seen = {}\ndef f(x):\n    n = seen[x.tobytes()] = seen.get(x.tobytes(), 0) + 1\n"
            "    return np.maximum(x, 0) if n == 1 else x",
            "something else the second time",
        ),
        ("def f(x):\n    return np.maximum(x, 0) + 1e-9 * np.random.rand()", "the second time"),
    ],
)
def test_what_is_kept_between_calls_is_seen(program: str, says: str) -> None:
    score = judged(program, STEADY)
    assert (score.outcome, score.credit) == (Outcome.GRADED, NOTHING)
    assert says in " ".join(finding.message for finding in score.findings)


def test_with_a_process_for_every_case_nothing_is_kept() -> None:
    program = (
        "n = 0\ndef f(x):\n    global n\n    n += 1\n    return np.maximum(x, 0) if n == 1 else x"
    )
    alone = item(isolate=True, criteria=STEADY_OFF)
    assert judged(program, alone).credit == 1
    assert judged(program, item(criteria=STEADY_OFF)).credit == 0


STEADY_OFF = {"all": {"credit": 1, "say": "It is ReLU.", "run": "f(x)"}}


def test_every_candidate_meets_other_numbers() -> None:
    """An answer with the numbers of one run in it fails in the next, whose seed is another."""
    seen = CHECK.check(read("def f(x):\n    raise ValueError(x.tolist())"), Tools(seed=1))
    again = CHECK.check(read("def f(x):\n    raise ValueError(x.tolist())"), Tools(seed=2))
    assert seen.findings != again.findings

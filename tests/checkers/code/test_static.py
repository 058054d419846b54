"""What a syntax tree shows without running it."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checkers.code.static import Noticed, look, reaches
from tests.checkers.strategies import STEADY


def noticed(
    source: str,
    *,
    allow: tuple[str, ...] = (),
    forbid: tuple[str, ...] = (),
    require: tuple[str, ...] = (),
) -> list[Noticed]:
    return list(look(source, allow=allow, forbid=forbid, require=require))


def found(source: str, **rules: tuple[str, ...]) -> list[tuple[str, int]]:
    return [(one.id, one.line) for one in noticed(source, **rules)]


@pytest.mark.parametrize(
    ("source", "name", "line"),
    [
        ("import torch\ny = torch.relu(x)", "torch.relu", 2),
        ("import torch as t\ny = t.relu(x)", "torch.relu", 2),
        ("from torch import relu\n\ny = relu(x)", "torch.relu", 3),
        ("from torch import relu as r\ny = r(x)", "torch.relu", 2),
        ("from torch import *\ny = relu(x)", "torch.relu", 2),
        ("import numpy as n\ny = n.maximum(x, 0)", "numpy.maximum", 2),
        ("y = np.maximum(x, 0)", "numpy.maximum", 1),
        ("y = F.relu(x)", "torch.nn.functional.relu", 1),
        ("import torch.nn.functional as G\ny = G.relu(x)", "torch.nn.functional.relu", 2),
        ("from torch.nn import functional as G\ny = G.relu(x)", "torch.nn.functional.relu", 2),
        ("from torch.nn.functional import *\ny = relu(x)", "torch.nn.functional.relu", 2),
        ("import torch\ny = torch.nn.functional.relu(x)", "torch.nn.functional.relu", 2),
        ("layer = nn.ReLU()", "torch.nn.ReLU", 1),
        (
            "def f(x):\n    import torch as t\n    def g(y):\n        return t.relu(y)",
            "torch.relu",
            4,
        ),
        ("y = x.relu()", ".relu", 1),
        ("y = (x + 1).relu()", ".relu", 1),
        ("r = torch.relu\ny = r(x)", "torch.relu", 1),
        ("y = [g(a) for a in x]", "for", 1),
        ("for a in x:\n    pass", "for", 1),
        ("def f(x):\n    while x:\n        pass", "while", 2),
        ("y = sorted(x)", "sorted", 1),
    ],
)
def test_a_name_is_found_however_it_is_imported(source: str, name: str, line: int) -> None:
    assert ("forbidden-name", line) in found(source, forbid=(name,))
    assert found(source, require=(name,)) == found(source)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("y = x.relu", "torch.relu"),
        ("y = relu(x)", ".relu"),
        ("# torch.relu(x)", "torch.relu"),
        ("y = 'torch.relu'", "torch.relu"),
        ("def relu(x):\n    return np.maximum(x, 0)\ny = relu(x)", "torch.nn.functional.relu"),
        ("def forward(x):\n    return x", "for"),
        ("from mine import relu\ny = relu(x)", "torch.relu"),
        ("y = torch.relu6(x)", "torch.relu"),
    ],
)
def test_a_name_that_is_not_there(source: str, name: str) -> None:
    assert found(source, forbid=(name,)) == []
    assert found(source, require=(name,)) == [("required-name", 1)]


@pytest.mark.parametrize(
    ("source", "ids"),
    [
        ("import torch, numpy as np", []),
        ("from torch.nn import functional", []),
        ("import math\nfrom collections import deque\nfrom __future__ import annotations", []),
        ("import json\nimport matplotlib.pyplot as plt", []),
        ("import scipy.special", [("import", 1)]),
        ("x = 1\nfrom scipy import special", [("import", 2)]),
        ("def f():\n    import tensorflow as tf", [("import", 2)]),
    ],
)
def test_imports(source: str, ids: list[tuple[str, int]]) -> None:
    assert found(source, allow=("torch", "numpy")) == ids
    assert found(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "import sys",
        "import os.path",
        "from gc import get_objects",
        "import grader.sandbox.inside.harness as h",
        "import __main__",
        "import atexit",
        "import threading",
        "y = f.__globals__",
        "f.__code__ = g.__code__",
        "x = ().__class__.__mro__",
        "x = object.__subclasses__()",
        "eval('1')",
        "exec('x = 1')",
        "globals()['check'] = 1",
        "vars()['check'] = 1",
        "locals()['check'] = 1",
        "__import__('os')",
        "setattr(torch, 'allclose', g)",
        "class Yes:\n    def __eq__(self, other):\n        return True",
        "class T(torch.Tensor):\n    @classmethod\n    def __torch_function__(cls, *a): pass",
        "torch.allclose = lambda *a: True",
        "import numpy as n\nn.allclose = lambda *a: True",
        "np.testing.assert_allclose = print",
        "torch.nn.Module.forward = g",
        "import random\nrandom.random = lambda: 4",
        "torch.allclose, y = g, 0",
        "for torch.allclose in [g]: pass",
        "with g() as np.sort: pass",
        "torch.pi += 1",
        "m = np\nm.sort = g",
        "del torch.allclose",
        "np.__dict__['sort'] = g",
        "object.__setattr__(np, 'sort', g)",
        "class T(torch.Tensor):\n    def __sub__(self, other):\n        return other",
        "class A(np.ndarray):\n    size = 9",
        "class R(float):\n    def __lt__(self, other):\n        return True",
        "torch.os._exit(0)",
        "torch.os.write(4, b'')",
        "np.f2py.sys.modules",
        "y = torch.sys.modules['answer']",
        "x = g.gi_frame.f_back",
        "x = getattr(f, '__globals__')",
        "x = getattr(f, '__glo' + 'bals__')",
        "x = operator.attrgetter('__globals__')(f)",
        "def f(x):\n    import ctypes\n    return x",
    ],
)
def test_what_reaches_for_the_grader_is_shown(source: str) -> None:
    assert "tampering" in {one.id for one in noticed(source)}


@pytest.mark.parametrize(
    "source",
    [
        "model.eval()\nmodel.train()",
        "for m in model.modules():\n    m.eval()",
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.w = 1",
        "class Net(nn.Module):\n    def __init__(self):\n        super(Net, self).__init__()",
        "class A:\n    def __call__(self, x):\n        return x\n    def __len__(self):\n        return 1",
        "class A:\n    def __getattr__(self, name):\n        return 1\n    def __iter__(self):\n        yield 1",
        "if __name__ == '__main__':\n    print(f(1))",
        "name = type(x).__name__",
        "g = getattr(x, 'grad', None)\ns = 'exec'",
        "re.compile('a')\ntorch.compile(model)",
        "self.a.b = 3\nx[0] = 2\na, b = 1, 2",
        "model.fc.weight.data = w\noptimizer.param_groups[0]['lr'] = 0.1",
        "torch.manual_seed(0)\nnp.random.seed(0)\ntorch.backends.cudnn.deterministic = True",
        "class D(dict):\n    pass\nclass M(nn.Module):\n    pass\nself.__dict__.update(a=1)",
        "x.code = 1\nmodel.signal = 2\ny = torch.signal.windows.hann(3)",
        "import torch.optim as optim\nopt = optim.Adam(model.parameters())",
        "import matplotlib.pyplot as plt\nplt.plot(x)",
    ],
)
def test_no_false_alarm(source: str) -> None:
    assert found(source) == []


HARNESS = """\
import numpy as np
given = 1


def before(x):
    return x


{{answer}}


LIMIT: int = 3
first, SEEN = 0, []


class Reached(Exception):
    pass


def after(x):
    inner = x
    return inner
"""


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(x):\n    raise Reached(x)", {"Reached"}),
        ("def f(x):\n    global after\n    after = None", {"after"}),
        ("def f(x):\n    SEEN.append(x)\n    return [LIMIT for _ in x]", {"SEEN", "LIMIT"}),
        ("class A:\n    def f(self):\n        return lambda: after(1)", {"after"}),
        ("first", {"first"}),
        ("def f(x):\n    after = x\n    return after, given, before(x), inner", set()),
        ("SEEN = []\ndef f(x):\n    SEEN.append(x)", set()),
        ("def f(x):\n    def after(y):\n        return y\n    return after(x)", set()),
        ("def f(x, SEEN, *, LIMIT=1):\n    return SEEN.first + LIMIT", set()),
        ("return after(", set()),
    ],
)
def test_what_is_used_of_the_tests_below_an_answer(source: str, names: set[str]) -> None:
    assert reaches(source, HARNESS) == names
    assert reaches(source, "") == set()


def test_a_relative_import_is_no_library() -> None:
    assert found("from . import helper\nx = 1\nself.y = 2") == []


def test_messages_name_the_line_and_the_name() -> None:
    [one] = noticed("x = 1\ny = torch.relu(x)", forbid=("torch.relu",))
    assert one.message == "line 2 uses torch.relu, which is not allowed here"
    [one] = noticed("import scipy", allow=("torch",))
    assert one.message == "line 1 imports scipy; only torch may be used here"
    [one] = noticed("x = 1", require=("while",))
    assert one.message == "while is asked for and does not appear"


def test_a_warning_of_the_parser_hides_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert found("s = '\\d'\nx = 1 if 1is 1 else 2\nimport sys") == [("tampering", 3)]


@pytest.mark.parametrize("source", ["f(", "\0", "\ud800", "(" * 5_000, "-" * 20_000 + "1"])
def test_nothing_is_said_of_what_is_no_python(source: str) -> None:
    assert noticed(source, forbid=("for",), require=("while",)) == []


@STEADY
@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [
                *(
                    "import",
                    "from",
                    "as",
                    ".",
                    "x",
                    "=",
                    "(",
                    ")",
                    "torch",
                    "\n",
                    "*",
                    "def",
                    "f",
                    ":",
                )
            ]
        )
    ).map(" ".join)
)
def test_any_text_can_be_looked_at(source: str) -> None:
    for one in look(source, allow=("torch",), forbid=("torch.relu", ".x", "for"), require=("f",)):
        assert one.line >= 1
        assert "\n" not in one.message


def test_a_long_chain_takes_no_time() -> None:
    assert noticed("x" + ".a" * 900, forbid=("x.a",)) == [
        Noticed("forbidden-name", 1, "line 1 uses x.a, which is not allowed here")
    ]

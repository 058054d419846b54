"""What honest answers get back: values, state, gradients, modules, errors with the candidate's own lines."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from grader.sandbox import (
    Ask,
    Call,
    Case,
    Get,
    Jail,
    Job,
    Let,
    Library,
    Opaque,
    Ref,
    Run,
    Set,
    Status,
    Tensor,
    TensorValue,
)

X = np.array([[-1.5, 0.0, 2.0], [3.0, -0.25, 1.0]], dtype="f4")


def run(jail: Jail, source: str, *cases: list, **options: Any) -> Run:
    job = Job(source.encode(), [Case(steps) for steps in cases], **options)
    return jail.run(job)


def values(jail: Jail, source: str, *steps: Any, **options: Any) -> tuple:
    done = run(jail, source, list(steps), **options)
    assert done.status is Status.OK, done
    return done.cases[0].values


def test_a_function_of_arrays(jail: Jail) -> None:
    source = "import numpy as np\ndef double(x):\n    return 2 * x"
    (value,) = values(jail, source, Call("double", [X]))
    assert value.dtype == np.float32
    np.testing.assert_array_equal(value, 2 * X)


def test_a_function_of_tensors(jail: Jail) -> None:
    (value,) = values(jail, "def double(x):\n    return 2 * x", Call("double", [Tensor(X)]))
    assert isinstance(value, TensorValue)
    assert (value.dtype, value.device, value.requires_grad) == ("float32", "cpu", False)
    np.testing.assert_array_equal(value.array, 2 * X)


def test_every_plain_value_travels_both_ways(jail: Jail) -> None:
    sent = [None, True, -3, 0.1, "ø", [1, [2.5]], (1, "a"), {"k": [1]}, float("inf"), 10**40]
    (got,) = values(jail, "def same(x):\n    return x", Call("same", [sent]))
    assert got == sent
    (nan,) = values(jail, "def same(x):\n    return x", Call("same", [float("nan")]))
    assert math.isnan(nan)


def test_every_dtype_travels(jail: Jail) -> None:
    for name in (
        "f2",
        "f4",
        "f8",
        "c8",
        "c16",
        "?",
        "i1",
        "i2",
        "i4",
        "i8",
        "u1",
        "u2",
        "u4",
        "u8",
    ):
        array = np.arange(6).reshape(2, 3).astype(name)
        (got,) = values(jail, "def same(x):\n    return x", Call("same", [array]))
        assert got.dtype == array.dtype
        np.testing.assert_array_equal(got, array)


def test_scalars_and_empty_arrays_keep_their_shape(jail: Jail) -> None:
    for array in (np.float32(1.5), np.zeros((0, 3), "f4"), np.ones((2, 1), "f4")[::-1].T):
        (got,) = values(jail, "def same(x):\n    return x", Call("same", [array]))
        assert got.shape == array.shape


def test_what_cannot_travel_is_named(jail: Jail) -> None:
    source = "class Thing: pass\ndef make():\n    return [Thing(), {1}, object]"
    (got,) = values(jail, source, Call("make"))
    assert got == [Opaque("Thing"), Opaque("set"), Opaque("type")]


def test_half_precision_of_torch_comes_back_as_numbers(jail: Jail) -> None:
    source = "import torch\ndef f():\n    return torch.ones(2, dtype=torch.bfloat16)"
    (got,) = values(jail, source, Call("f"))
    assert got.dtype == "bfloat16"
    assert got.array.tolist() == [1.0, 1.0]


ELU = """
import math

import numpy as np
class ELU:
    def __init__(self, alpha):
        self.alpha = alpha
    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.alpha * (np.exp(np.minimum(x, 0)) - 1))
    def backward(self, error):
        return error * np.where(self.x > 0, 1, self.alpha * np.exp(np.minimum(self.x, 0)))
"""


def test_a_class_with_state_between_calls(jail: Jail) -> None:
    forward, backward, alpha, names, x = values(
        jail,
        ELU,
        Let("x", X),
        Call("ELU", [0.5], save="layer", keep=False),
        Call("layer.forward", [Ref("x")]),
        Call("layer.backward", [np.ones_like(X)]),
        Get("layer.alpha"),
        Ask("attributes", [Ref("layer")]),
        Get("x"),
    )
    np.testing.assert_allclose(forward, np.where(X > 0, X, 0.5 * (np.exp(X) - 1)), rtol=1e-6)
    np.testing.assert_allclose(backward, np.where(X > 0, 1, 0.5 * np.exp(X)), rtol=1e-6)
    assert (alpha, names) == (0.5, ["alpha", "x"])
    np.testing.assert_array_equal(x, X)


def test_a_changed_input_is_seen(jail: Jail) -> None:
    source = "def f(x):\n    x *= 0\n    return x"
    result, x = values(jail, source, Let("x", X), Call("f", [Ref("x")]), Get("x"))
    assert not result.any()
    assert not x.any()
    assert X.any()


def test_names_of_one_case_are_not_seen_by_the_next(jail: Jail) -> None:
    done = run(jail, "y = 1", [Let("x", 1), Get("x")], [Get("x")])
    assert done.status is Status.EXCEPTION
    assert done.cases[1].raised is not None
    assert done.cases[1].raised.type_name == "NameError"


COUNTER = "n = 0\ndef count():\n    global n\n    n += 1\n    return n"


def test_state_is_kept_between_cases_unless_they_are_isolated(jail: Jail) -> None:
    cases = [[Call("count")]] * 3
    assert [c.values for c in run(jail, COUNTER, *cases).cases] == [(1,), (2,), (3,)]
    assert [c.values for c in run(jail, COUNTER, *cases, isolate=True).cases] == [(1,)] * 3


MODEL = """
import torch
from torch import nn
class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3, 4)
        self.norm = nn.BatchNorm1d(4)
        self.drop = nn.Dropout(0.5)
        self.never = nn.Linear(4, 4)
    def forward(self, x):
        return self.drop(torch.relu(self.norm(self.first(x))))
"""


def test_a_module_its_parameters_and_what_it_calls(jail: Jail) -> None:
    parameters, buffers, modules, called, output, training = values(
        jail,
        MODEL,
        Call("Model", save="m", keep=False),
        Ask("parameters", [Ref("m")]),
        Ask("buffers", [Ref("m")]),
        Ask("modules", [Ref("m")]),
        Call("m.eval", keep=False),
        Ask("watch", [Ref("m")], save="called", keep=False),
        Call("m", [Tensor(X)], save="y", keep=False),
        Get("called"),
        Get("y"),
        Get("m.drop.training"),
    )
    assert list(parameters)[:2] == ["first.weight", "first.bias"]
    assert all(value.parameter for value in parameters.values())
    assert "norm.running_mean" in buffers
    assert ["norm", "BatchNorm1d"] in modules
    assert called == ["first", "norm", "drop", ""]
    assert output.array.shape == (2, 4)
    assert training is False


def test_training_differs_from_evaluation(jail: Jail) -> None:
    steps = [Call("Model", save="m", keep=False), Call("m", [Tensor(X)]), Call("m", [Tensor(X)])]
    steps += [Call("m.eval", keep=False), Call("m", [Tensor(X)]), Call("m", [Tensor(X)])]
    first, second, third, fourth = values(jail, MODEL, *steps)
    assert not np.array_equal(first.array, second.array)
    np.testing.assert_array_equal(third.array, fourth.array)


def test_given_weights_go_into_a_module(jail: Jail) -> None:
    source = "from torch import nn\nclass M(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    source += (
        "        self.l = nn.Linear(3, 1)\n    def forward(self, x):\n        return self.l(x)\n"
    )
    weight, bias = np.array([[1, 2, 3]], "f4"), np.array([0.5], "f4")
    names, value = values(
        jail,
        source,
        Call("M", save="m", keep=False),
        Ask("load_state", [Ref("m"), {"w": Tensor(weight), "b": Tensor(bias)}]),
        Call("m", [Tensor(X)]),
    )
    assert names == ["l.weight", "l.bias"]
    np.testing.assert_allclose(value.array, X @ weight.T + bias, rtol=1e-6)


def test_gradients(jail: Jail) -> None:
    source = "def cube(x, w):\n    return (x ** 3 * w).sum()"
    (got,) = values(
        jail,
        source,
        Let("x", Tensor(X, requires_grad=True)),
        Let("w", Tensor(np.float32([2, 2, 2]), parameter=True, requires_grad=True)),
        Call("cube", [Ref("x"), Ref("w")], save="y", keep=False),
        Ask("gradients", [Ref("y"), [Ref("x"), Ref("w")]]),
    )
    np.testing.assert_allclose(got[0].array, 6 * X**2, rtol=1e-6)
    np.testing.assert_allclose(got[1].array, (X**3).sum(0), rtol=1e-6)


def test_library_functions_settings_and_routines(jail: Jail) -> None:
    relu, changed, kind, shared, first = values(
        jail,
        "class Box:\n    size = 1\nbox = Box()\ndef count():\n    yield from range(5)",
        Call("torch:relu", [Tensor(X)], save="y"),
        Set("box.size", 7),
        Get("box.size"),
        Ask("kind", [Ref("box")]),
        Ask("shares_memory", [Ref("y"), Ref("y")]),
        Call("count", save="c", keep=False),
        Ask("items", [Ref("c"), 2]),
    )
    np.testing.assert_array_equal(relu.array, np.maximum(X, 0))
    assert (changed, kind[0], shared, first) == (7, "answer.Box", True, [0, 1])


def test_functions_may_be_passed(jail: Jail) -> None:
    source = "def apply(f, x):\n    return f(x)"
    (got,) = values(jail, source, Call("apply", [Library("numpy:exp"), X]))
    np.testing.assert_allclose(got, np.exp(X), rtol=1e-6)


def test_forbidden_functions_raise(jail: Jail) -> None:
    source = "import torch\ndef relu(x):\n    return torch.relu(x)"
    done = run(jail, source, [Call("relu", [Tensor(X)])], forbidden=["torch:relu"])
    assert done.cases[0].raised is not None
    assert done.cases[0].raised.type_name == "ForbiddenCall"
    assert done.cases[0].raised.message == "torch.relu may not be used here"


def test_a_traceback_holds_only_the_candidates_lines(jail: Jail) -> None:
    template = "import numpy as np\ndef outer(x):\n    y = x\n    return np.linalg.inv(y)\nz = 1\n"
    done = run(jail, template, [Call("outer", [X])], own=(3, 4))
    raised = done.cases[0].raised
    assert raised is not None
    assert raised.type_name == "LinAlgError"
    assert [(line.line, line.function) for line in raised.lines] == [(2, "outer")]
    assert raised.step == 0


def test_a_syntax_error_has_its_line(jail: Jail) -> None:
    done = run(jail, "x = 1\nif x\n    y = 2\n")
    assert done.status is Status.EXCEPTION
    assert done.raised is not None
    assert (done.raised.type_name, done.raised.lines[0].line) == ("SyntaxError", 2)


def test_cases_go_on_after_one_that_raises(jail: Jail) -> None:
    done = run(jail, "def f(x):\n    return 1 / x", [Call("f", [0])], [Call("f", [2])])
    assert done.status is Status.EXCEPTION
    assert done.cases[1].values == (0.5,)


def test_what_each_case_prints(jail: Jail) -> None:
    source = "import sys\nprint('loading')\ndef f(x):\n    print('case', x)\n    sys.stderr.write('note')"
    done = run(jail, source, [Call("f", [1])], [Call("f", [2])])
    assert [case.printed for case in done.cases] == ["case 1\n", "case 2\n"]
    assert done.stdout == "loading\ncase 1\ncase 2\n"
    assert done.stderr == "notenote"


def test_the_same_seed_gives_the_same_bytes(jail: Jail) -> None:
    source = "import random, numpy, torch\ndef f():\n    return [random.random(), numpy.random.rand(), torch.rand(1)]"
    first, again, other = (values(jail, source, Call("f"), seed=seed) for seed in (1, 1, 2))
    assert repr(first) == repr(again) != repr(other)


def test_files_in_the_work_folder(jail: Jail) -> None:
    source = "import torch\ndef f(x):\n    torch.save(x, 'x.pt')\n    return torch.load('x.pt')"
    (got,) = values(jail, source, Call("f", [Tensor(X)]))
    np.testing.assert_array_equal(got.array, X)


def test_training_with_the_usual_parts(jail: Jail) -> None:
    source = """
import torch
from torch import nn
def train(x):
    model = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1))
    losses = []
    for make in (torch.optim.Adam, torch.optim.AdamW, torch.optim.RMSprop, lambda p: torch.optim.SGD(p, 0.1)):
        optimizer = make(model.parameters())
        schedule = torch.optim.lr_scheduler.StepLR(optimizer, 1)
        optimizer.zero_grad()
        loss = model(x).pow(2).mean()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    nn.LSTM(3, 4)(x)
    nn.MultiheadAttention(4, 2)(*[torch.ones(2, 3, 4)] * 3)
    return losses
"""
    (losses,) = values(jail, source, Call("train", [Tensor(X)]))
    assert len(losses) == 4


def test_numpy_and_utf8_and_windows_line_ends(jail: Jail) -> None:
    source = "# -*- coding: utf-8 -*-\r\nÆ = 'blåbær'\r\ndef f():\r\n    return Æ\r\n"
    assert values(jail, source, Call("f")) == ("blåbær",)


def test_cpu_and_memory_are_measured(jail: Jail) -> None:
    done = run(jail, "x = sum(range(3_000_000))\ny = bytearray(50 << 20)")
    assert 0.01 < done.cpu < 5
    assert done.peak > 50 << 20
    assert done.level is jail.level

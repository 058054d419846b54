"""Programs into the jail: the given program around the answer, the job, and what a stopped run means."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.checkers.code.criterion import CodeLimits
from grader.checkers.code.response import CodeResponse
from grader.checkers.code.trials import Plan
from grader.sandbox import Job, Limits, Run, Status

MIB, KIB = 1 << 20, 1 << 10
JOB_SEED_BITS = 32
PRELUDES = {
    "numpy": "import numpy\nimport numpy as np\n",
    "torch": "import torch\nimport torch.nn.functional as F\nfrom torch import nn\n",
    "math": "import math\n",
}
"""What stands before an answer, by the modules it may use, so that it may come with or without imports."""
_FUTURE = re.compile(r"^from __future__ import .*$", re.MULTILINE)
"""Python takes this only at the very beginning of a whole program."""
STOPPED = {
    Status.CPU: "The program was stopped: it used more than {cpu:g} s of computing time.",
    Status.WALL: "The program was stopped: it waited or ran for more than {wall:g} s.",
    Status.MEMORY: "The program was stopped: it used more than {memory} MB of memory.",
    Status.OUTPUT: "The program was stopped: it printed or returned far more than {output} KB.",
    Status.CRASH: "The program brought Python down.",
    Status.PROTOCOL: "The program ended by itself before all its tests were done.",
}
"""Ends that a person looks at, in words."""
LIMIT_IDS = {
    Status.CPU: "cpu-limit",
    Status.WALL: "wall-limit",
    Status.MEMORY: "memory-limit",
    Status.OUTPUT: "output-limit",
    Status.CRASH: "crash",
    Status.PROTOCOL: "ended-early",
}


def limits(written: CodeLimits) -> Limits:
    """An author's limits as the jail takes them."""
    memory, output = written.memory * MIB, written.output * KIB
    return Limits(cpu=written.cpu, memory=memory, output=output)


def job(
    source: str,
    response: CodeResponse,
    harness: str,
    plan: Plan,
    *,
    seed: int,
    written: CodeLimits,
    cuda: bool = False,
    isolate: bool = False,
    stubs: Sequence[str] = (),
) -> Job:
    """One program with the plan's cases. `stubs` are names that raise when called."""
    given = harness or response.template
    first_of_all = "".join(f"{line}\n" for line in _FUTURE.findall(source))
    prelude = first_of_all + ("" if harness else prelude_for(response.allow))
    source = _FUTURE.sub("", source)
    before, length = response.offset(source, given)
    first = before + prelude.count("\n") + 1
    return Job(
        source=(prelude + response.fill(given, source)).encode("utf-8", "replace"),
        cases=plan.cases,
        own=(first, first + length - 1),
        limits=limits(written),
        seed=seed % (1 << JOB_SEED_BITS),
        cuda=cuda,
        forbidden=[library_name(name) for name in stubs],
        isolate=isolate,
    )


def prelude_for(allow: Sequence[str]) -> str:
    """The imports that an answer may leave out."""
    return "".join(text for name, text in PRELUDES.items() if not allow or name in (*allow, "math"))


def library_name(name: str) -> str:
    """`torch.nn.functional.relu` as `torch:nn.functional.relu`, `.relu` as the method of tensors, `sorted` as Python's."""
    if name.startswith("."):
        return f"torch:Tensor{name}"
    module, dot, path = name.partition(".")
    if not dot:
        return f"builtins:{name}"
    return f"{module}:{path}"


def stopped(run: Run, written: CodeLimits) -> str:
    """Why a run did not come to its end, "" if it did."""
    if run.status not in STOPPED:
        return ""
    allowed = written.model_dump()
    return STOPPED[run.status].format(**allowed, wall=written.wall)

"""Runs the attacks in `attacks/<what must happen>/`, each among honest candidates and watched canaries.

    python -m tests.sandbox.battery --wall on --user 64990

prints one JSON line per attack that did not go as it must, and a last line with the count.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grader.sandbox import Call, Case, Get, Jail, Job, Let, Limits, Ref, Run, Status, Tensor
from grader.sandbox.inside import drop
from grader.sandbox.launch import INSIDE, library_paths
from grader.sandbox.result import TensorValue
from tests.sandbox.host import Host, processes

ATTACKS = Path(__file__).parent / "attacks"
LIMITS = Limits(cpu=1, wall=30, memory=256 << 20)
"""Far more wall than CPU time: on a busy machine the limit that is reached must still be the one that is meant."""
EATERS = Limits(cpu=30, wall=90, memory=256 << 20)
"""For attacks on memory, which take a while to fill it."""
SLEEPERS = Limits(cpu=1, wall=0.6)
"""For attacks that only wait."""
PATIENCE = 15.0
"""Seconds over its limits that a job may take on a busy machine."""
SETTLE = 5.0
MARK = "answer-" + "of-alice-" + "f7b2"
HONEST = "import torch\n\ndef relu(x):\n    return torch.where(x > 0, x, torch.zeros_like(x))\n"
ALICE = f"# {MARK * 300}\nKEY = {MARK!r} * 300\n{HONEST}"
SLOW = HONEST.replace("    return", "    import time\n    time.sleep(0.01)\n    return")
HELPER = "def escaped(what):\n    print('ESCAPED', what, flush=True)\n\n"
ORDINARY_USER = 64990
UNHARMED = (Status.OK, Status.EXCEPTION, Status.PROTOCOL)
STATUSES = {status.value for status in Status}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One attack: what it did wrong by us, nothing if it went as it must."""

    name: str
    faults: tuple[str, ...]


def attacks(names: Sequence[str] = ()) -> list[Path]:
    """All attacks, or those named `folder/name`."""
    found = sorted(ATTACKS.glob("*/*.py"))
    return [path for path in found if not names or attack_name(path) in names]


def attack_name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def questions() -> tuple[list[np.ndarray], list[Case]]:
    """Three fresh random inputs and their cases; the input is read back after the call."""
    rng = np.random.default_rng(random.SystemRandom().getrandbits(64))
    inputs = [rng.standard_normal((8, 8)).astype("f4") for _ in range(3)]
    cases = [Case([Let("x", Tensor(x)), Call("relu", [Ref("x")]), Get("x")]) for x in inputs]
    return inputs, cases


def full_marks(run: Run, inputs: list[np.ndarray]) -> bool:
    """What a strict judge would say: every case, exact shape, dtype and values, inputs untouched."""
    if run.status is not Status.OK or len(run.cases) != len(inputs):
        return False
    return all(
        len(case.values) == 2 and same(case.values[0], np.maximum(x, 0)) and same(case.values[1], x)
        for case, x in zip(run.cases, inputs, strict=True)
    )


def same(value: object, expected: np.ndarray) -> bool:
    return (
        isinstance(value, TensorValue)
        and value.array.dtype == expected.dtype
        and value.array.shape == expected.shape
        and value.array.tobytes() == expected.tobytes()
    )


def ask(jail: Jail, source: str, limits: Limits = LIMITS) -> tuple[Run, bool]:
    inputs, cases = questions()
    run = jail.run(Job(source.encode("utf-8", "surrogatepass"), cases, limits=limits))
    return run, full_marks(run, inputs)


class Battery:
    """One jail and one host, attack after attack."""

    def __init__(self, jail: Jail, host: Host) -> None:
        self.jail, self.host = jail, host
        ask(jail, ALICE)
        self.usual = self._processes()

    def _processes(self) -> int:
        return len(processes(self.jail.pid or 0))

    def play(self, path: Path) -> Verdict:
        """One attack beside an honest sibling and before an honest next candidate."""
        wanted, source = path.parent.name, path.read_text(encoding="utf-8")
        body = f"HOST = {self.host.described!r}\n{HELPER}{source}"
        if wanted != "exception" and "def relu" not in source:
            body += "\n\ndef relu(x):\n    return x * 0 - 7\n"
        faults: list[str] = []
        before = self.jail.restarts
        sibling: list[tuple[Run, bool]] = []
        beside = threading.Thread(target=lambda: sibling.append(ask(self.jail, SLOW)))
        beside.start()
        limits = {"wall": SLEEPERS, "memory": EATERS}.get(wanted, LIMITS)
        started = time.monotonic()
        run, full = ask(self.jail, body, limits)
        took = time.monotonic() - started
        beside.join()
        faults += self._faults(wanted, run, full)
        if took > limits.wall_seconds + PATIENCE:
            faults.append(f"took {took:.1f} s")
        if not sibling or not sibling[0][1]:
            faults.append(f"the sibling failed: {sibling and sibling[0][0].detail}")
        if not ask(self.jail, ALICE)[1]:
            faults.append("the next candidate failed")
        if self.jail.restarts != before:
            faults.append("the zygote died")
        faults += self._left()
        return Verdict(attack_name(path), tuple(faults))

    def _faults(self, wanted: str, run: Run, full: bool) -> Iterator[str]:
        text = run.stdout + run.stderr + repr(run.cases) + repr(run.raised)
        for line in run.stdout.splitlines():
            if "ESCAPED" in line:
                yield line[:200]
        yield from self.host.damage(text)
        if full:
            yield "got full marks"
        if wanted in STATUSES and run.status != wanted:
            yield f"ended as {run.status.value} ({run.detail}), not {wanted}"
        if wanted == "wrong" and run.status not in UNHARMED:
            yield f"ended as {run.status.value} ({run.detail})"

    def _left(self) -> Iterator[str]:
        until = time.monotonic() + SETTLE
        while (left := self._processes() - self.usual) > 0:
            if time.monotonic() > until:
                yield f"{left} processes left"
                return
            time.sleep(0.01)


def play(
    wall: bool | None, without: frozenset[str] = frozenset(), names: Sequence[str] = ()
) -> list[Verdict]:
    """All or some attacks in one configuration."""
    with Host() as host, Jail(wall=wall, without=without) as jail:
        battery = Battery(jail, host)
        return [battery.play(path) for path in attacks(names)]


def become(user: int) -> None:
    """From root to an ordinary user who can still see the interpreter and the tests."""
    root = str(Path(__file__).resolve().parents[2])
    drop.reveal([*library_paths(), str(INSIDE), root])
    drop.become(user)
    os.environ["HOME"] = "/"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--wall", choices=("on", "off"), required=True)
    parser.add_argument("--user", type=int, default=0)
    parser.add_argument("--without", nargs="*", default=[])
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    if options.user and os.getuid() == 0:
        become(options.user)
    verdicts = play(options.wall == "on", frozenset(options.without), options.names)
    for verdict in verdicts:
        if verdict.faults:
            sys.stdout.write(json.dumps([verdict.name, verdict.faults]) + "\n")
    sys.stdout.write(json.dumps({"played": len(verdicts), "user": os.getuid()}) + "\n")


if __name__ == "__main__":
    main()

"""What `bench/fuzz_reader.py` does with one text, and what it remembers. Standard library and the reader only."""

from __future__ import annotations

import gc
import sys
import time
from dataclasses import asdict, dataclass, field
from types import ModuleType
from typing import Any

from grader.expressions import Expression, Listing, Scope, Unreadable, read, read_list

MAX_ODD = 20
CLEAR_EVERY = 20_000  # inputs, then the reader's caches are emptied
SETTLED = 0.3  # the share of inputs after which memory should have stopped growing
OVER_BUDGET = ("This is too long", "This is too large", "This is nested too deeply")
OPEN = Scope.of(open=True)
DECLARED = Scope.of(
    symbols={"x": "real", "y": "positive", "w_1": "real", "yhat_2": "real", "de_dg": "real"},
    functions={"sigma": "sigmoid", "phi": ""},
    aliases={"b^{[1]}_2": "w_1", "out": "yhat_2"},
    decimal_comma=True,
)
NAMES = ("ŷ_2",)


@dataclass(slots=True)
class Findings:
    """What went wrong and what it cost. Times in seconds, memory in megabytes."""

    inputs: int = 0
    readable: int = 0
    crashed: int = 0
    crashes: list[str] = field(default_factory=list)
    changed: int = 0
    """Readings that print as something else once they are read again; a few of them follow, as of the crashes."""
    unstable: list[str] = field(default_factory=list)
    worst: float = 0.0
    slowest: str = ""
    settled: float = 0.0
    grown: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class Target:
    """Reads texts under two scopes, as expressions and as lists."""

    def __init__(self, inputs: int) -> None:
        self.planned = inputs
        self.findings = Findings()

    def check(self, text: str, *, timed: bool = True) -> None:
        """Read one text; anything but a reading or `Unreadable` is kept as a crash. A traced run is not timed."""
        found = self.findings
        began = time.perf_counter()
        try:
            self._read(text)
        except Exception as error:  # noqa: BLE001 - every kind of exception is a finding
            found.crashed += 1
            if len(found.crashes) < MAX_ODD:
                found.crashes.append(f"{type(error).__name__}: {error}: {text!r}")
        seconds = time.perf_counter() - began
        if timed and seconds > found.worst:
            found.worst, found.slowest = seconds, text
        found.inputs += 1
        if found.inputs % CLEAR_EVERY == 0:
            clear_caches()
        if found.inputs == int(self.planned * SETTLED):
            found.settled = memory()
        elif found.inputs == self.planned:
            found.grown = memory() - found.settled

    def _read(self, text: str) -> None:
        for scope, names in ((OPEN, ()), (DECLARED, NAMES)):
            try:
                expression = read(text, scope, names=names)
            except Unreadable as refusal:
                self._refused(refusal, text)
            else:
                self.findings.readable += 1
                self._printed(expression)
        try:
            self._listing(read_list(text, DECLARED if len(text) % 2 else OPEN, names=NAMES))
        except Unreadable as refusal:
            self._refused(refusal, text)

    def _refused(self, refusal: Unreadable, text: str) -> None:
        if not (refusal.message and 0 <= refusal.position <= len(text)):
            raise AssertionError(f"a refusal without a place: {refusal!r}")
        if refusal.excerpt.count("\n") != 1 or len(refusal.excerpt) > 200:
            raise AssertionError(f"an excerpt of another form: {refusal.excerpt!r}")

    def _listing(self, found: Listing) -> None:
        if isinstance(found, Expression):
            found.plain()
            return
        for part in found:
            self._listing(part)

    def _printed(self, expression: Expression) -> None:
        """Both printed forms can be made; the plain one reads back as itself."""
        expression.latex()
        plain = expression.plain()
        try:
            again = read(plain, expression.scope).plain()
        except Unreadable as refusal:
            again = refusal.message
            if refusal.message.startswith(OVER_BUDGET):
                return  # the printed form has more brackets and signs
        if again == plain:
            return
        self.findings.changed += 1
        if len(self.findings.unstable) < MAX_ODD:
            self.findings.unstable.append(f"{expression.text!r} -> {plain!r} -> {again!r}")


def memory() -> float:
    """Megabytes held now, without garbage and without the reader's caches (Linux; 0 elsewhere)."""
    clear_caches()
    gc.collect()
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as lines:
            return next((int(s.split()[1]) / 1024 for s in lines if s.startswith("VmRSS:")), 0.0)
    except OSError:
        return 0.0


def clear_caches() -> None:
    """Empty every cache of the reader's modules; they are bounded, and bounded memory is not growth."""
    modules: list[ModuleType] = [
        module for name, module in [*sys.modules.items()] if name.startswith("grader.expressions")
    ]
    for module in modules:
        for thing in vars(module).values():
            clear = getattr(thing, "cache_clear", None)
            if clear is not None:
                clear()

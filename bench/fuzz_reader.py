"""Does the reader ever crash, hang or keep memory, whatever is written?

    python bench/fuzz_reader.py [N] [--quick] [--engine atheris|own] [--peers-in DIR]

N inputs (a million; 50,000 with --quick) grow out of a seed corpus: the pairs of the equivalence benchmark and
fragments of every notation. Each is read under an open scope and under a declared one with a decimal comma, and as a
list; what was read is printed and read again. Nothing but a reading or `Unreadable` may come out.

The engine is atheris where it can be installed (once, below DIR; by default a folder in the system's temporary one),
else one of our own: it mutates a corpus and keeps what reaches new lines, traced on a sample of the inputs. Every
process has a watchdog; one that stops answering is killed, and its last input is the finding.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Any

from equivalence_peers import ROOT, environment
from fuzz_target import Target

import grader.expressions

HERE = Path(__file__).resolve().parent
INPUTS, QUICK_INPUTS = 1_000_000, 50_000
WORST_TARGET, GROWTH_TARGET = 2.5, 50.0  # s, MB in each process
ATHERIS = ("atheris==3.0.0",)
SILENCE = 60.0  # seconds without a sign of life, then a process is killed
HEARTBEAT = 1_000  # inputs between two signs of life
TRACED = 0.06  # of the inputs of the engine of our own
LONGEST = 1_200  # characters; the reader refuses more than 1,000
KEPT = 200  # characters of a corpus entry; longer inputs come of repeating a piece
SEED = 4
TOKENS = (
    *"xyzabfe0123456789+-*/^()[]{}|!,.;:=<>_%$&' \\√∞πŷθ∂½²₁⁻·×÷±∑∫∈∪∅≤≠≈−",
    *("**", "<=", "!=", ":=", "...", "1e9", "0.5", "1,000", "3,14", "w_1", "x_{12}", "yhat", "e^{"),
    *("sin", "cos", "ln", "log_2", "exp(", "sqrt(", "max(", "diff(", "relu(", "inf", "pi", "f'("),
    *(
        "\\frac",
        "\\frac{1}{2}",
        "\\sqrt[3]{",
        "\\left(",
        "\\right)",
        "\\cdot",
        "\\hat{y}",
        "\\text{",
    ),
    *(
        "\\begin{pmatrix}",
        "\\end{pmatrix}",
        "\\begin{cases}",
        "\\end{cases}",
        "\\\\",
        "\\sum_{k=1}^{n}",
    ),
    *(
        "\\int_0^1",
        "\\prod",
        "\\partial",
        "\\mathrm{d}",
        "\\operatorname{",
        "\\|",
        "\\pm",
        "\\infty",
    ),
    *("∂e/∂g", "dL/dw", "[[1,2],[3,4]]", "{1, 2}", "[0, 1)", "\x00", "\ud7ff", "\u0302", "１", "ﬁ"),
)


def seeds() -> list[str]:
    """What the corpus starts from."""
    lines = (HERE / "equivalence" / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    keys = ("answer", "reference", "latex_answer", "latex_reference")
    return [*sorted({row[key] for row in rows for key in keys if row.get(key)}), *TOKENS]


class Mutator:
    """Makes inputs from a corpus and keeps what reached something new."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.corpus = seeds()
        self.lines: set[tuple[str, int]] = set()
        self.fresh = False
        self.home = str(Path(grader.expressions.__file__).parent)

    def inputs(self, target: Target) -> Iterator[str]:
        """One input after another; each is checked when the next is asked for."""
        while target.findings.inputs < target.planned:
            text = self.mutated()
            yield text
            if self.draw.random() < TRACED:
                self._traced(target, text)
            else:
                target.check(text)

    def mutated(self) -> str:
        """A corpus entry after one to five changes."""
        text = self.draw.choice(self.corpus)
        for _ in range(self.draw.randint(1, 5)):
            text = self._changed(text)
        return text[:LONGEST]

    def _changed(self, text: str) -> str:
        draw = self.draw
        token: str = draw.choice(TOKENS)
        a, b = sorted((draw.randint(0, len(text)), draw.randint(0, len(text))))
        match draw.randrange(7):
            case 0 | 1:
                return text[:a] + token + text[a:]
            case 2:
                return text[:a] + text[b:]
            case 3:
                return text[:a] + token + text[b:]
            case 4:
                other = draw.choice(self.corpus)
                return text[:a] + other[draw.randint(0, len(other)) :]
            case 5:
                return text[:a] + text[a:b] * draw.choice((2, 2, 3, 3, 3, 50)) + text[b:]
            case _:
                return text[:a] + chr(draw.randrange(1, 0x2FFF)) + text[a:]

    def _traced(self, target: Target, text: str) -> None:
        self.fresh = False
        sys.settrace(self._enter)
        try:
            target.check(text, timed=False)
        finally:
            sys.settrace(None)
        if self.fresh and len(text) <= KEPT:
            self.corpus.append(text)

    def _enter(self, frame: FrameType, _event: str, _value: object) -> Any:
        return self._line if frame.f_code.co_filename.startswith(self.home) else None

    def _line(self, frame: FrameType, event: str, _value: object) -> Any:
        place = (frame.f_code.co_filename, frame.f_lineno)
        if event == "line" and place not in self.lines:
            self.lines.add(place)
            self.fresh = True
        return self._line


def _fuzz(seed: int, inputs: int, signs: Connection, current: Any) -> None:
    """One process of the engine of our own."""
    target, mutator = Target(inputs), Mutator(seed)
    for text in mutator.inputs(target):
        current.value = text.encode("utf-8", errors="replace").replace(b"\x00", b"")
        if target.findings.inputs % HEARTBEAT == 0:
            signs.send(None)
    signs.send({**target.findings.as_dict(), "lines": len(mutator.lines)})


def own_engine(inputs: int, processes: int) -> list[dict[str, Any]]:
    """The findings of every process; `hang` holds the input at which one was killed."""
    running = []
    for k in range(processes):
        here, there = multiprocessing.Pipe(duplex=False)
        current = multiprocessing.RawArray(ctypes.c_char, 8 * LONGEST)
        arguments = (SEED + k, inputs // processes, there, current)
        process = multiprocessing.Process(target=_fuzz, args=arguments)
        process.start()
        running.append((process, here, current))
    return [_awaited(*entry) for entry in running]


def _awaited(process: Any, signs: Connection, current: Any) -> dict[str, Any]:
    while signs.poll(SILENCE):
        try:
            found: dict[str, Any] | None = signs.recv()
        except EOFError:
            break
        if found is not None:
            process.join()
            return found
    process.kill()
    process.join()
    return {"hang": current.value.decode("utf-8", errors="replace")}


def atheris_engine(inputs: int, processes: int, python: str) -> list[dict[str, Any]]:
    """The findings of every process under atheris."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "dictionary").write_text(
            "".join(f'"{_escaped(token)}"\n' for token in TOKENS), encoding="ascii"
        )
        running = [_atheris(folder, k, inputs // processes, python) for k in range(processes)]
        return [_collected(folder / f"{k}.json", child) for k, child in enumerate(running)]


def _escaped(token: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in token.encode("utf-8"))


def _atheris(folder: Path, k: int, inputs: int, python: str) -> subprocess.Popen[bytes]:
    corpus = folder / f"corpus{k}"
    corpus.mkdir()
    for number, text in enumerate(seeds()):
        (corpus / f"{number:04}").write_bytes(text.encode("utf-8"))
    flags = [str(corpus), f"-dict={folder / 'dictionary'}", f"-seed={SEED + k}", "-runs=-1"]
    flags += [f"-timeout={int(SILENCE)}", f"-max_len={KEPT}", f"-artifact_prefix={folder}/"]
    command = [python, str(HERE / "fuzz_atheris.py"), str(folder / f"{k}.json"), str(inputs)]
    log = (folder / f"{k}.log").open("wb")
    with log:
        return subprocess.Popen(
            [*command, *flags], stdout=log, stderr=log, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )


def _collected(result: Path, child: subprocess.Popen[bytes]) -> dict[str, Any]:
    child.wait()
    if result.exists():
        found: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
        return found
    stopped = [*result.parent.glob("timeout-*"), *result.parent.glob("crash-*")]
    text = stopped[0].read_bytes() if stopped else result.with_suffix(".log").read_bytes()[-500:]
    return {"hang": text.decode("utf-8", errors="replace")}


def report(found: list[dict[str, Any]], seconds: float, engine: str) -> dict[str, Any]:
    """Print what was found; returns the figures."""
    total = sum(one.get("inputs", 0) for one in found)
    hangs = [one["hang"] for one in found if "hang" in one]
    crashes = [line for one in found for line in one.get("crashes", [])]
    unstable = [line for one in found for line in one.get("unstable", [])]
    slowest = max(found, key=lambda one: one.get("worst", 0.0))
    print(f"{total} inputs with {engine} in {seconds:.0f} s, {total / seconds:.0f} a second")
    print(f"  readings: {sum(one.get('readable', 0) for one in found)} of {2 * total}")
    if lines := [one["lines"] for one in found if "lines" in one]:
        print(f"  lines of the reader reached: {max(lines)}")
    print(f"  slowest: {slowest.get('worst', 0.0):.3f} s, {slowest.get('slowest', '')[:100]!r}")
    for name, texts in (("hang", hangs), ("crash", crashes), ("reads back otherwise", unstable)):
        for text in texts:
            print(f"  {name}: {text[:500]}")
    return {
        "inputs": _figure(total, None, ""),
        "crashes": _figure(sum(one.get("crashed", 0) for one in found), 0, ""),
        "hangs": _figure(len(hangs), 0, ""),
        "reads_back_otherwise": _figure(sum(one.get("changed", 0) for one in found), 0, ""),
        "worst": _figure(slowest.get("worst", 0.0), WORST_TARGET, "s"),
        "growth": _figure(max(one.get("grown", 0.0) for one in found), GROWTH_TARGET, "MB"),
    }


def _figure(value: float, target: float | None, unit: str) -> dict[str, object]:
    """Smaller is better; without a target it always holds."""
    holds = target is None or value <= target
    return {"value": round(value, 3), "target": target, "unit": unit, "holds": holds}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", nargs="?", type=int, metavar="N")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_INPUTS} inputs")
    parser.add_argument(
        "--engine", choices=("atheris", "own"), help="default: atheris if it is to be had"
    )
    cache = Path(tempfile.gettempdir()) / "grader-bench-peers"
    parser.add_argument(
        "--peers-in", type=Path, default=cache, metavar="DIR", help="keep atheris here"
    )
    options = parser.parse_args()
    inputs = options.count or (QUICK_INPUTS if options.quick else INPUTS)
    processes = os.cpu_count() or 1
    python = ""
    if options.engine != "own":
        try:
            python = environment(ATHERIS, options.peers_in)
        except OSError as error:
            print(f"atheris cannot be installed, so the engine is our own: {error}")
    began = time.perf_counter()
    found = atheris_engine(inputs, processes, python) if python else own_engine(inputs, processes)
    print(
        json.dumps(
            report(found, time.perf_counter() - began, "atheris" if python else "our own engine")
        )
    )


if __name__ == "__main__":
    main()

"""Does the reader ever crash, hang or keep memory, whatever is written?

    python bench/fuzz_reader.py [N] [--quick] [--engine atheris|own] [--peers-in DIR]

N inputs (a million; 25,000 with --quick) grow out of a seed corpus: the pairs of the equivalence benchmark and
fragments of every notation. Each is read under an open scope and under a declared one with a decimal comma, and as a
list; what was read is printed and read again. Nothing but a reading or `Unreadable` may come out. The last line is
JSON: every figure with its target and whether it holds.

The engine is atheris where it can be installed (once, below DIR; by default a folder in the system's temporary one),
else one of our own: it mutates a corpus and keeps what reaches new lines, traced on a sample of the inputs. Every
process has a watchdog; one that stops answering is killed, and its last input is the finding. One that ends before
its inputs do, or never starts, is told apart from that: `ended` counts it and the reason is printed.
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
import traceback
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType
from typing import Any

from parts.environments import CACHE, environment
from parts.figures import Figure, at_most, missing, told
from parts.fuzzing.target import Target

import grader.expressions

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PAIRS = HERE / "parts" / "judges" / "pairs.jsonl"
INPUTS, QUICK_INPUTS = 1_000_000, 25_000
WORST_TARGET, GROWTH_TARGET = 2.5, 50.0  # s, MB in each process
ATHERIS = ("atheris==3.0.0",)
SILENCE = 60.0  # seconds without a sign of life, then a process is killed
HEARTBEAT = 1_000  # inputs between two signs of life
TRACED = 0.06  # of the inputs of the engine of our own
LONGEST = 1_200  # characters; the reader refuses more than 1,000
KEPT = 200  # characters of a corpus entry; longer inputs come of repeating a piece
SHOWN = 500  # characters of a finding
LOG_SHOWN = 2_000  # bytes of what a process printed before it ended
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


Findings = dict[str, Any]
"""Of one process: what `Target` found, or only `hang` or `ended`."""


def seeds() -> list[str]:
    """What the corpus starts from."""
    rows = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
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
    try:
        target, mutator = Target(inputs), Mutator(seed)
        for text in mutator.inputs(target):
            current.value = text.encode("utf-8", errors="replace").replace(b"\x00", b"")
            if target.findings.inputs % HEARTBEAT == 0:
                signs.send(None)
        signs.send({**target.findings.as_dict(), "lines": len(mutator.lines)})
    except Exception:  # noqa: BLE001 - the other side has to know why, whatever it is
        signs.send({"ended": traceback.format_exc()})


def own_engine(inputs: int, processes: int) -> list[Findings]:
    """The findings of every process; `hang` holds the input at which one was killed, `ended` why one stopped."""
    running = []
    for k in range(processes):
        here, there = multiprocessing.Pipe(duplex=False)
        current = multiprocessing.RawArray(ctypes.c_char, 8 * LONGEST)
        arguments = (SEED + k, inputs // processes, there, current)
        process = multiprocessing.Process(target=_fuzz, args=arguments)
        process.start()
        there.close()  # else the end of the process would not be seen on this side
        running.append((process, here, current))
    return [_awaited(*entry) for entry in running]


def _awaited(process: BaseProcess, signs: Connection, current: Any) -> Findings:
    try:
        while signs.poll(SILENCE):
            found: Findings | None = signs.recv()
            if found is not None:
                process.join()
                return found
    except EOFError:
        process.join()
        return {"ended": f"exit code {process.exitcode}, {_last(current)}"}
    process.kill()
    process.join()
    return {"hang": _last(current)}


def _last(current: Any) -> str:
    text = current.value.decode("utf-8", errors="replace")
    return f"last input {text!r}" if text else "before its first input"


def atheris_engine(inputs: int, processes: int, python: str) -> list[Findings]:
    """The findings of every process under atheris, as of the engine of our own."""
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
    corpus, artifacts = folder / f"corpus{k}", _artifacts(folder / f"{k}")
    corpus.mkdir()
    artifacts.mkdir()
    for number, text in enumerate(seeds()):
        (corpus / f"{number:04}").write_bytes(text.encode("utf-8"))
    flags = [str(corpus), f"-dict={folder / 'dictionary'}", f"-seed={SEED + k}", "-runs=-1"]
    flags += [f"-timeout={int(SILENCE)}", f"-max_len={KEPT}", f"-artifact_prefix={artifacts}/"]
    command = [
        python,
        str(HERE / "parts" / "fuzzing" / "under_atheris.py"),
        str(folder / f"{k}.json"),
        str(inputs),
    ]
    log = (folder / f"{k}.log").open("wb")
    with log:
        return subprocess.Popen(
            [*command, *flags],
            stdout=log,
            stderr=log,
            env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}"},
        )


def _collected(result: Path, child: subprocess.Popen[bytes]) -> Findings:
    child.wait()
    if result.exists():
        found: Findings = json.loads(result.read_text(encoding="utf-8"))
        return found
    artifacts = _artifacts(result.with_suffix(""))
    if slow := [*artifacts.glob("timeout-*")]:
        return {"hang": f"last input {_text(slow[0].read_bytes())!r}"}
    ended = [_text(file.read_bytes()) for file in artifacts.glob("*-*")]
    log = _text(result.with_suffix(".log").read_bytes()[-LOG_SHOWN:])
    return {"ended": f"exit code {child.returncode}, inputs kept {ended!r}\n{log}"}


def _artifacts(place: Path) -> Path:
    """Where one process keeps the input that stopped it."""
    return place.with_suffix(".artifacts")


def _text(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")


def report(found: list[Findings], seconds: float, engine: str) -> dict[str, Figure]:
    """Print what was found; returns the figures."""
    done = [one for one in found if "inputs" in one]
    total = sum(one["inputs"] for one in done)
    print(f"{total} inputs with {engine} in {seconds:.0f} s, {total / seconds:.0f} a second")
    print(f"  readings: {sum(one['readable'] for one in done)} of {2 * total}")
    if lines := [one["lines"] for one in done if "lines" in one]:
        print(f"  lines of the reader reached: {max(lines)}")
    if done:
        slowest = max(done, key=lambda one: one["worst"])
        print(f"  slowest: {slowest['worst']:.3f} s, {slowest['slowest'][:100]!r}")
    for one in found:
        for name in ("hang", "ended"):
            if name in one:
                print(f"  {name}: {one[name]}")
        for name in ("crashes", "unstable"):
            for text in one.get(name, ()):
                print(f"  {name}: {text[:SHOWN]}")
    return {
        "inputs": told(total, ""),
        "hangs": at_most(sum("hang" in one for one in found), 0, "processes"),
        "ended": at_most(sum("ended" in one for one in found), 0, "processes"),
        "crashes": _most(sum, done, "crashed", 0, ""),
        "reads_back_otherwise": _most(sum, done, "changed", 0, ""),
        "worst": _most(max, done, "worst", WORST_TARGET, "s"),
        "growth": _most(max, done, "grown", GROWTH_TARGET, "MB"),
    }


def _most(
    together: Callable[[list[float]], float],
    done: list[Findings],
    name: str,
    target: float,
    unit: str,
) -> Figure:
    """One finding of all processes that read their inputs; it does not hold where none did."""
    if not done:
        return missing(target, unit, "no process read all its inputs")
    return at_most(together([one[name] for one in done]), target, unit)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", nargs="?", type=int, metavar="N")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_INPUTS} inputs")
    parser.add_argument(
        "--engine", choices=("atheris", "own"), help="default: atheris if it is to be had"
    )
    parser.add_argument(
        "--peers-in", type=Path, default=CACHE, metavar="DIR", help="keep atheris here"
    )
    options = parser.parse_args()
    inputs = options.count or (QUICK_INPUTS if options.quick else INPUTS)
    processes = os.cpu_count() or 1
    python = ""
    if options.engine != "own":
        try:
            python = str(environment(ATHERIS, options.peers_in))
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

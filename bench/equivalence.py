"""How well and how fast mathematical answers are judged, beside public judges on the same pairs.

    python bench/equivalence.py [FILE...] [--quick] [--peers-in DIR] [--random N]

FILE holds lines such as {"answer": "2x + 2", "reference": "2(x + 1)", "expected": true}; null leaves a pair without
a label. Optional: latex_answer and latex_reference, domain ({"x": "positive"}), rtol, atol, id. Without files, the
pairs are those of `bench/parts/judges/pairs.jsonl`. Pairs named in `bench/parts/judges/policy.yaml` are reported apart,
each group with its reason.

Peers: Math-Verify, and edX's evaluator sampled as mitx-grading-library documents it, which stands in for that library:
where pip does not find it, the figure says so and does not hold. Each peer is installed once, below DIR (default: a
folder in the system's temporary one), and every judge runs in a warm process of its own.

Then random trees: rewritten ones must never be called different, edited ones never equal. Then hostile texts.
Times are of this machine and include reading; verdicts are the same every time.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from parts.environments import CACHE, unavailable
from parts.figures import Figure, at_least, at_most, missing, told
from parts.judges.at_random import run_random
from parts.judges.hostile import PROBES, Probe
from parts.judges.peers import (
    OURS,
    OURS_LATEX,
    PEERS,
    Form,
    Reply,
    System,
    Worker,
    worker,
)

from grader.expressions import Expression, Scope, Unreadable, read

PAIRS = Path(__file__).parent / "parts" / "judges"
LIMIT, QUICK_LIMIT = 10.0, 3.0  # seconds for one pair, then the worker is killed
QUICK_PAIRS, QUICK_RANDOM, RANDOM = 50, 1_500, 100_000
REJECTED_TARGET, UNREADABLE_TARGET = 0.03, 0.08
MEDIAN_TARGET, P99_TARGET, WORST_TARGET = 0.4, 20.0, 2.5  # ms, ms, s
MATH_VERIFY_TARGET, SAMPLER_TARGET = 40.0, 1.0  # their median over ours, at least
MITX = "mitx-grading-library"
NOT_TRIED = f"pip finds {MITX} here, but it has no worker yet; edX's evaluator stands in"
PEAK_TARGET = 500.0  # MB
SHOWN = 76  # characters of a text in a list
OPEN = Scope.of(open=True)
PROSE = re.compile(r"(?:(?<![\\A-Za-z])[A-Za-z']+[,.;:]?\s+){4,}[A-Za-z']{2,}")
WARM_UP = (
    ("#x + 2", "2(#x/2 + 1)"),
    ("sin(#x)^2", "1 - cos(#x)^2"),
    ("3", "#"),
    ("x = #", "2x = #"),
    ("x^#*y - 1", "y*x^# + 1"),
    ("1/x + #", "(1 + #*x)/x"),
    ("(#, a)", "(#, b)"),
)
"""Judged by every judge before the first pair, with numbers in place of #, so that none of the work is done for the first time."""
WARM_UP_NUMBERS = range(2, 12)


@dataclass(frozen=True, slots=True)
class Pair:
    """One line of a file; `policy` is why it is reported apart, "" when it is not."""

    number: str
    expected: bool | None
    forms: dict[Form, tuple[str, str]]
    options: dict[str, Any]
    policy: str

    def request(self, form: Form) -> dict[str, Any]:
        """What a worker is sent."""
        answer, reference = self.forms[form]
        return {"answer": answer, "reference": reference, **self.options}

    def __str__(self) -> str:
        answer, reference = (_short(text) for text in self.forms["text"])
        return f"{self.number}: {answer}  |  {reference}"


def _short(text: str) -> str:
    shown = json.dumps(text, ensure_ascii=False)[1:-1]
    return shown if len(shown) <= SHOWN else shown[: SHOWN - 1] + "…"


def load(files: Sequence[Path]) -> list[Pair]:
    """The pairs of the files, in order."""
    policy = yaml.safe_load((PAIRS / "policy.yaml").read_text(encoding="utf-8"))
    pairs = []
    for file in files:
        for k, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                pairs.append(_pair(json.loads(line), f"{file.stem}:{k}", policy))
    return pairs


def _pair(row: dict[str, Any], place: str, policy: list[dict[str, Any]]) -> Pair:
    number = str(row.get("id", place))
    text = (row["answer"], row["reference"])
    latex = (_latex(row, "answer"), _latex(row, "reference"))
    forms: dict[Form, tuple[str, str]] = {
        "text": text,
        "latex": latex,
        "explicit": (_explicit(text[0]), _explicit(text[1])),
    }
    prose = any(PROSE.search(side) for side in text)
    reasons = [
        entry["reason"]
        for entry in policy
        if number in entry["ids"] or (prose and entry.get("prose"))
    ]
    return Pair(number, row["expected"], forms, _options(row), reasons[0] if reasons else "")


def _options(row: dict[str, Any]) -> dict[str, Any]:
    """Domains and tolerances: fields of their own, or in the note of a public suite's row."""
    options = {key: row[key] for key in ("domain", "rtol", "atol") if row.get(key)}
    note = row.get("note") or ""
    if found := re.fullmatch(r"tolerance ([\d.e-]+)(%?)", note):
        share = f"{found[1]}e-2" if "e" not in found[1] else str(float(found[1]) / 100)
        if float(found[1]):
            options["rtol" if found[2] else "atol"] = share if found[2] else found[1]
    elif note.startswith("{"):
        given = json.loads(note)
        if "precision" in given:
            options |= {"decimals": given["precision"], "atol": f"0.5e-{given['precision']}"}
        options |= {
            key: given[key] for key in ("strict", "allow_set_relation_comp") if key in given
        }
    return options


def _reading(text: str) -> Expression | None:
    try:
        return read(text, OPEN)
    except Unreadable:
        return None


def _latex(row: dict[str, Any], side: str) -> str:
    """The row's LaTeX form; a text that is LaTeX already stays as it is."""
    if row.get("syntax") == "latex":
        return str(row[side])
    given = row.get(f"latex_{side}")
    reading = None if given else _reading(row[side])
    return f"${given or (reading.latex() if reading else row[side])}$"


def _explicit(text: str) -> str:
    """The text with every * written, where this project can read it."""
    reading = _reading(text)
    return reading.plain() if reading else text


@dataclass(frozen=True, slots=True)
class Run:
    """What one judge said to the pairs."""

    system: System
    pairs: list[Pair]
    replies: list[Reply]

    def those(self, expected: bool, status: str) -> list[Pair]:
        """The labelled pairs outside the policy that got this verdict."""
        return [
            pair
            for pair, reply in zip(self.pairs, self.replies, strict=True)
            if not pair.policy and pair.expected is expected and reply.status == status
        ]

    def count(self, expected: bool) -> int:
        return sum(not pair.policy and pair.expected is expected for pair in self.pairs)

    def seconds(self) -> list[float]:
        return sorted(reply.seconds for reply in self.replies)

    def median(self) -> float:
        return statistics.median(self.seconds())

    def p99(self) -> float:
        times = self.seconds()
        return times[min(len(times) - 1, int(len(times) * 0.99))]


def judge(system: System, pairs: list[Pair], cache: Path, limit: float) -> Run | None:
    """Every pair judged by one warm worker; None when a peer cannot be installed."""
    try:
        asked = worker(system, cache, limit)
    except OSError as error:
        print(f"{system.name} is not measured: {error}")
        return None
    for number in WARM_UP_NUMBERS:
        for pair in WARM_UP:
            texts = [text.replace("#", str(number)) for text in pair]
            if system.form == "latex":
                texts = [f"${text}$" for text in texts]
            asked.ask({"answer": texts[0], "reference": texts[1]})
    replies = [asked.ask(pair.request(system.form)) for pair in pairs]
    asked.stop()
    return Run(system, pairs, replies)


def judge_all(chosen: Iterable[tuple[System, list[Pair]]], cache: Path, limit: float) -> list[Run]:
    """The runs of all judges that could be installed, one after another."""
    runs = [judge(system, pairs, cache, limit) for system, pairs in chosen if pairs]
    return [run for run in runs if run is not None]


def table(runs: Sequence[Run]) -> None:
    """One line for each judge."""
    statuses = ("undecided", "unreadable", "hang", "crashed")
    print(
        f"\n{'':<18}{'pairs':>6}{'right':>7}{'false +':>9}{'false -':>9}"
        + "".join(f"{status:>12}" for status in statuses)
        + f"{'median':>10}{'p99':>10}{'worst':>9}"
    )
    for run in runs:
        positive, negative = run.count(True), run.count(False)
        accepts, rejects = len(run.those(False, "equal")), len(run.those(True, "different"))
        right = len(run.those(True, "equal")) + negative - accepts
        print(
            f"{run.system.name:<18}{positive + negative:>6}{right / max(1, positive + negative):>7.3f}"
            f"{accepts:>5}/{negative:<3}{rejects:>5}/{positive:<3}"
            + "".join(
                f"{len(run.those(True, status)) + len(run.those(False, status)):>12}"
                for status in statuses
            )
            + f"{1000 * run.median():>7.2f} ms{1000 * run.p99():>7.1f} ms{run.seconds()[-1]:>7.2f} s"
        )
    print(
        "right: equal where it should be, not equal where it should not. false +: called equal and is not. false -:"
        "\ncalled different and is equal. The rest was undecided, unreadable, killed or crashed. Pairs of the policy"
        "\nare left out, except from the times.\n"
    )
    for run in runs:
        print(f"{run.system.name}: {run.system.called}.")


def listed(run: Run) -> None:
    """Every pair where this project's verdict is not the label's."""
    for title, expected, status in (
        ("false accepts", False, "equal"),
        ("false rejects", True, "different"),
        ("undecided, should be equal", True, "undecided"),
        ("unreadable, should be equal", True, "unreadable"),
        ("hangs", True, "hang"),
        ("crashes", True, "crashed"),
    ):
        found = run.those(expected, status)
        found += run.those(False, status) if status in {"hang", "crashed"} else []
        print(f"\n{run.system.name}, {title}: {len(found)}")
        for pair in found:
            reply = run.replies[run.pairs.index(pair)]
            print(f"  {pair}\n      {_short(reply.evidence)}")


def policies(run: Run) -> None:
    """The pairs set apart, by reason, with this project's verdict."""
    reasons = sorted({pair.policy for pair in run.pairs} - {""})
    for reason in reasons:
        print(f"\npolicy: {reason}")
        said: dict[str, list[str]] = {}
        for pair, reply in zip(run.pairs, run.replies, strict=True):
            if pair.policy == reason:
                label = {True: "equal", False: "different", None: "none"}[pair.expected]
                said.setdefault(f"{reply.status} (label: {label})", []).append(pair.number)
        for verdict, numbers in sorted(said.items()):
            print(f"  {verdict}: {', '.join(numbers)}")


def hostile(limit: float) -> tuple[float, float, int]:
    """The hostile texts against one warm worker: (worst seconds, peak megabytes, how many broke a limit)."""
    asked: Worker = worker(OURS, PAIRS, limit)
    asked.ask({"answer": "sin(x)", "reference": "cos(x)"})
    worst, peak, broken = 0.0, 0.0, 0
    print(f"\nhostile texts: {len(PROBES)}, each within {WORST_TARGET} s and {PEAK_TARGET:.0f} MB")
    for probe in PROBES:
        reply = asked.ask({"answer": probe.answer, "reference": probe.reference})
        bad = reply.seconds > WORST_TARGET or reply.peak > PEAK_TARGET or _wrong(probe, reply)
        broken += bad
        worst, peak = max(worst, reply.seconds), max(peak, reply.peak)
        print(
            f"  {probe.name:<44}{reply.status:<11}{reply.seconds:>8.3f} s{reply.peak:>7.0f} MB"
            f"{'  <- breaks a limit' if bad else ''}"
        )
        if bad:
            print(f"      {_short(reply.evidence)}")
        if reply.peak > PEAK_TARGET:
            asked.stop()  # the next one starts from nothing
    asked.stop()
    return worst, peak, broken


def _wrong(probe: Probe, reply: Reply) -> bool:
    return reply.status in {"hang", "crashed"} or (reply.status == "equal" and not probe.equal)


def figures(
    ours: list[Run], peers: list[Run], worst: tuple[float, float, int], odd: tuple[int, int]
) -> dict[str, Figure]:
    """What the last line says; without a value, a figure could not be measured and does not hold."""
    run = ours[0]
    positive = max(1, run.count(True))
    unreadable = len(run.those(True, "unreadable"))
    covered = max(1, positive - unreadable)
    medians = {peer.system.name.split()[0]: peer.median() for peer in peers}
    over = {name: value / _median_on(run, peers, name) for name, value in medians.items()}
    return {
        "false_accepts": at_most(sum(len(r.those(False, "equal")) for r in ours), 0, ""),
        "false_rejects": at_most(
            len(run.those(True, "different")) / covered, REJECTED_TARGET, "of covered positives"
        ),
        "unreadable": at_most(unreadable / positive, UNREADABLE_TARGET, "of positives"),
        "unreadable_with_policy": told(_unreadable_in_all(run), "of all positives"),
        "hangs_and_crashes": at_most(sum(map(_broken, ours)), 0, ""),
        "undecided": told(len(run.those(True, "undecided")) / positive, "of positives"),
        "median": at_most(1000 * run.median(), MEDIAN_TARGET, "ms"),
        "p99": at_most(1000 * run.p99(), P99_TARGET, "ms"),
        "worst": at_most(max(run.seconds()[-1], worst[0]), WORST_TARGET, "s"),
        "peak_memory": at_most(worst[1], PEAK_TARGET, "MB"),
        "hostile_broken": at_most(worst[2], 0, ""),
        "random_called_different": at_most(odd[0], 0, ""),
        "random_called_equal": at_most(odd[1], 0, ""),
        "math_verify_over_ours": _ratio(over.get("Math-Verify"), MATH_VERIFY_TARGET),
        "edx_over_ours": _ratio(over.get("edX"), SAMPLER_TARGET),
        "mitx_over_ours": missing(SAMPLER_TARGET, "x", unavailable(MITX) or NOT_TRIED),
    }


def _broken(run: Run) -> int:
    return sum(reply.status in {"hang", "crashed"} for reply in run.replies)


def _unreadable_in_all(run: Run) -> float:
    """The share of unreadable positives when the pairs of the policy count as well."""
    said = [r.status for p, r in zip(run.pairs, run.replies, strict=True) if p.expected]
    return said.count("unreadable") / max(1, len(said))


def _median_on(run: Run, peers: list[Run], name: str) -> float:
    """This project's median on the pairs that a peer judged."""
    peer = next(peer for peer in peers if peer.system.name.startswith(name))
    wanted = {pair.number for pair in peer.pairs}
    times = [r.seconds for p, r in zip(run.pairs, run.replies, strict=True) if p.number in wanted]
    return statistics.median(times)


def _ratio(value: float | None, target: float) -> Figure:
    """How many times this project's median a peer takes."""
    if value is None:
        return missing(target, "x", "the peer could not be installed")
    return at_least(value, target, "x")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="pairs, JSON by line")
    parser.add_argument(
        "--quick", action="store_true", help="fewer pairs for the peers, less at random"
    )
    parser.add_argument(
        "--peers-in", type=Path, default=CACHE, metavar="DIR", help="keep peers here"
    )
    parser.add_argument("--random", type=int, metavar="N", help="examples at random")
    options = parser.parse_args()
    pairs = load(options.files or [PAIRS / "pairs.jsonl"])
    step = max(1, len(pairs) // QUICK_PAIRS) if options.quick else 1
    limit = QUICK_LIMIT if options.quick else LIMIT
    given = [pair for pair in pairs if pair.forms["latex"] != pair.forms["text"]]
    ours = judge_all(((OURS, pairs), (OURS_LATEX, given)), options.peers_in, limit)
    peers = judge_all([(peer, pairs[::step]) for peer in PEERS], options.peers_in, limit)
    table([*ours, *peers])
    for run in ours:
        listed(run)
    policies(ours[0])
    worst = hostile(limit)
    usual = QUICK_RANDOM if options.quick else RANDOM
    odd = run_random(usual if options.random is None else options.random)
    print(json.dumps(figures(ours, peers, worst, odd)))


if __name__ == "__main__":
    main()

"""A class of FAU 6.1, a layer in numpy, through Otter-Grader, through nbgrader, and through ours.

    python bench/peer_code.py [--quick] [--candidates N] [--cache FOLDER]

All on this machine and without containers. The peers come from PyPI into virtual environments of their own, kept in
the cache folder; installing them and preparing the assignment is not in the times. Both get the same tests, one for
each criterion of the rubric (`parts/graders/tests.yaml`). What each program is worth was decided by hand
(`parts/graders/programs.yaml`). Otter grades as many at once as there are processors, as ours does; nbgrader grades one
after another, it has no other way. Times depend on the machine, the class is the same each time. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from parts.environments import CACHE
from parts.figures import Figure, at_least, at_most, missing, told
from parts.graders import nbgrader, otter
from parts.graders.notebooks import tests
from parts.graders.running import Failed, Graded, Limits, Stopwatch, Verdict, checked, install

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = ROOT / "bench/parts/graders/programs.yaml"
EXAM, ITEM, POINTS = "fau-dl-2021", "6.1", 6.0
SEED = 2021
QUICK = ("where", "cheat-allclose")
"""One candidate each; the full class has all programs by their shares."""
LIMITS = Limits(cell=5, candidate=15)
"""Ours stops a program at the limit that its item sets; a candidate takes Otter about 5 s."""
TOLERANCE = 0.5
"""Points by which two graders may differ and still agree."""
RATIO_TARGET, AGREEMENT_TARGET, CHEATS_TARGET = 10.0, 1.0, 0.0
"""The first is for a class that is no smaller than this; below it, every grader mostly starts up."""
CLASS = 100


@dataclass(frozen=True)
class Program:
    name: str
    code: str
    points: float
    """Of 6, given by hand."""
    cheat: bool


Class = Mapping[str, Program]
"""By candidate."""
Results = Mapping[str, Graded | str]
"""By grader; a text where it could not be installed or run."""


def make_class(candidates: int | None) -> Class:
    """Deal out the programs; None for the quick class."""
    entries = yaml.safe_load(PROGRAMS.read_text(encoding="utf-8"))
    programs = {
        name: Program(name, it["code"], float(it["points"]), it.get("cheat", False))
        for name, it in entries.items()
    }
    dealt = [programs[name] for name, it in entries.items() for _ in range(it["share"])]
    random.Random(SEED).shuffle(dealt)
    if candidates is None:
        dealt = [programs[name] for name in QUICK]
    else:
        dealt = [dealt[number % len(dealt)] for number in range(candidates)]
    return {
        f"{2107100 + number}": replace(program, code=f"# Candidate {number}\n{program.code}")
        for number, program in enumerate(dealt)
    }  # no two answers are the same text, so that nobody's cache is measured


def with_otter(programs: Class, place: Path, cache: Path) -> Graded:
    tools = install(otter.PACKAGES, cache)
    solution = (ROOT / "rubrics" / EXAM / f"{ITEM}.py").read_text(encoding="utf-8")
    return otter.grade(_codes(programs), solution, place, tools, LIMITS)


def with_nbgrader(programs: Class, place: Path, cache: Path) -> Graded:
    tools = install(nbgrader.PACKAGES, cache)
    return nbgrader.grade(_codes(programs), place, tools, LIMITS)


def with_ours(programs: Class, place: Path, _cache: Path) -> Graded:
    """`grader grade` for the whole exam, of which only this question is answered."""
    for kind in ("exams", "rubrics"):
        (place / kind).mkdir()
        shutil.copy(ROOT / kind / f"{EXAM}.yaml", place / kind)
    shutil.copytree(ROOT / "rubrics" / EXAM, place / "rubrics" / EXAM)
    submissions = place / "submissions"
    submissions.mkdir()
    for candidate, program in programs.items():
        content = {"candidate": candidate, "answers": {ITEM: program.code}}
        (submissions / f"{candidate}.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    line = [sys.executable, "-m", "grader", "grade", EXAM]
    with Stopwatch() as watch:
        checked([*line, "--workspace", place, "--submissions", submissions], ROOT)
    book = json.loads((place / "reports" / EXAM / "gradebook.json").read_bytes())
    verdicts = {it["candidate"]: _verdict(it["questions"][ITEM]) for it in book["candidates"]}
    return Graded(watch.seconds, verdicts)


GRADERS: Mapping[str, Callable[[Class, Path, Path], Graded]] = {
    "otter": with_otter,
    "nbgrader": with_nbgrader,
    "ours": with_ours,
}


def _codes(programs: Class) -> dict[str, str]:
    return {candidate: program.code for candidate, program in programs.items()}


def _verdict(scored: Mapping[str, Any]) -> Verdict:
    """What the gradebook says of one question; what it proposes to a person is not decided."""
    if scored["outcome"] != "graded":
        proposed = POINTS * (scored["credit"] or 0)
        return Verdict(None, f"{scored['outcome']}, {proposed:.1f} proposed")
    return Verdict(float(scored["points"]))


def measure(name: str, programs: Class, cache: Path) -> Graded | str:
    print(f"{name}: {len(programs)} candidates", flush=True)
    with tempfile.TemporaryDirectory() as place:
        try:
            graded = GRADERS[name](programs, Path(place), cache)
        except Failed as fault:
            print(f"  {fault}", flush=True)
            return str(fault)
    each = graded.seconds / len(programs)
    print(f"  {graded.seconds:.1f} s, {each:.3f} s per candidate", flush=True)
    return graded


@dataclass(frozen=True)
class Agreement:
    """How a grader's verdicts compare with the truth."""

    verdicts: float
    """Share of candidates for whom "full credit or not" is right; undecided is not full."""
    points: float
    """Share of candidates whose points are right within the tolerance; undecided is not right."""
    undecided: int
    overpaid: float
    """Points given to cheats beyond what they are worth."""


def agreement(programs: Class, graded: Graded) -> Agreement:
    pairs = [(program, graded.verdicts[candidate]) for candidate, program in programs.items()]
    given = [(program, verdict.points) for program, verdict in pairs]
    decided = [(program, points) for program, points in given if points is not None]
    full = [(points == POINTS) == (program.points == POINTS) for program, points in given]
    close = [abs(points - program.points) <= TOLERANCE for program, points in decided]
    cheats = [points - program.points for program, points in decided if program.cheat]
    count = len(pairs)
    return Agreement(sum(full) / count, sum(close) / count, count - len(decided), sum(cheats))


def tell(programs: Class, results: Mapping[str, Graded]) -> None:
    """What each program got from each grader, and how that compares."""
    print(f"\n{'program':<18} {'n':>2} {'truth':>5}  " + "".join(f"{it:<32}" for it in results))
    for name, program in {it.name: it for it in programs.values()}.items():
        who = [candidate for candidate, it in programs.items() if it.name == name]
        cells = [
            " | ".join(sorted({_shown(it.verdicts[candidate]) for candidate in who}))
            for it in results.values()
        ]
        row = "".join(f"{text:<32}" for text in cells).rstrip()
        print(f"{name:<18} {len(who):>2} {program.points:>5g}  {row}")
    for name, graded in results.items():
        found, count = agreement(programs, graded), len(programs)
        print(f"\n{name}: {graded.seconds:.1f} s, {graded.seconds / count:.3f} s per candidate")
        print(f"  full credit or not: {found.verdicts:.0%} right")
        print(f"  points within {TOLERANCE}: {found.points:.0%}, {found.undecided} undecided")
        print(f"  points to cheats: {found.overpaid:g} too many")


def _shown(verdict: Verdict) -> str:
    return verdict.note if verdict.points is None else f"{verdict.points:g}"


def figures(programs: Class, results: Results) -> dict[str, Figure]:
    """The targets are for ours; what a peer reaches is told without one."""
    made: dict[str, Figure] = {}
    ours = results["ours"]
    for name, graded in results.items():
        if isinstance(graded, str):
            made[f"{name}_seconds_per_candidate"] = missing(None, "s", graded)
            continue
        found = agreement(programs, graded)
        made |= {
            f"{name}_seconds_per_candidate": told(graded.seconds / len(programs), "s"),
            f"{name}_points": told(found.points, "share"),
            f"{name}_undecided": told(found.undecided, "candidates"),
        }
        if name == "ours":
            made["ours_verdicts"] = at_least(found.verdicts, AGREEMENT_TARGET, "share")
            made["ours_overpaid"] = at_most(found.overpaid, CHEATS_TARGET, "points")
            continue
        made[f"{name}_verdicts"] = told(found.verdicts, "share")
        made[f"{name}_overpaid"] = told(found.overpaid, "points")
        if isinstance(ours, Graded):
            times, whole = graded.seconds / ours.seconds, len(programs) >= CLASS
            made[f"faster_than_{name}"] = (
                at_least(times, RATIO_TARGET, "x") if whole else told(times, "x")
            )
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help=f"{len(QUICK)} candidates")
    parser.add_argument("--candidates", type=int, default=CLASS)
    parser.add_argument("--cache", type=Path, default=CACHE)
    options = parser.parse_args()
    cache = options.cache.resolve()
    cache.mkdir(parents=True, exist_ok=True)
    programs = make_class(None if options.quick else options.candidates)
    print(f"{EXAM} {ITEM}, {len(tests())} tests for the peers, {os.cpu_count()} processors")
    results = {name: measure(name, programs, cache) for name in GRADERS}
    tell(programs, {name: it for name, it in results.items() if isinstance(it, Graded)})
    print(json.dumps(figures(programs, results)))


if __name__ == "__main__":
    main()

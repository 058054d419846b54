"""Random formulas, rewritten and edited, in random notation: does the judge ever say what is not so?

Example k is the same every time. Even ones are a tree and a rewriting of it (commute, distribute, factor, unroll
powers, other functions for the same thing), printed each in a notation of its own with the names spelled in other
ways; they must not be called different. Odd ones are a tree and an edit (a sign, a coefficient, an exponent, a dropped
term, another name or function) that was seen to change its value; they must not be called equal.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass, field

from pebble import ProcessPool

from grader.expressions.comparing import compare_texts
from parts.judges.printing import printed
from parts.judges.trees import EDITS, REWRITES, Tree, apart, changed, grow, real_somewhere

CHUNK, CHUNK_SECONDS = 250, 120
LARGEST, MOST_REWRITES, WITH_FUNCTIONS = 9, 3, 0.6
SHOWN = 20


@dataclass(slots=True)
class Tally:
    """Verdicts by kind of example, and what went wrong."""

    rewritten: Counter[str] = field(default_factory=Counter)
    edited: Counter[str] = field(default_factory=Counter)
    odd: list[str] = field(default_factory=list)

    def merge(self, other: Tally) -> None:
        self.rewritten += other.rewritten
        self.edited += other.edited
        self.odd += other.odd


def example(k: int) -> tuple[Tree, Tree] | None:
    """Example `k`; None for an edit that was not seen to change anything."""
    draw = random.Random(k)
    tree = grow(draw, draw.randint(2, LARGEST), draw.random() < WITH_FUNCTIONS)
    other = tree
    if k % 2 == 0:
        for _ in range(draw.randint(1, MOST_REWRITES)):
            other = changed(other, REWRITES, draw)
        return tree, other
    other = changed(tree, EDITS, draw)
    if draw.random() < 0.5:
        other = changed(other, REWRITES, draw)
    return (tree, other) if apart(tree, other, draw) else None


def judged(start: int) -> Tally:
    """The examples of one chunk."""
    tally = Tally()
    for k in range(start, start + CHUNK):
        pair = example(k)
        if pair is None:
            tally.edited["same after all"] += 1
            continue
        draw = random.Random(-k - 1)
        answer, reference = printed(pair[0], draw), printed(pair[1], draw)
        found = compare_texts(answer, reference, domains={})
        counts = tally.edited if k % 2 else tally.rewritten
        if found.status == "different" and not k % 2 and not real_somewhere(*pair, draw):
            counts["real nowhere"] += 1
            continue
        counts[found.status] += 1
        if found.status == ("equal" if k % 2 else "different"):
            tally.odd.append(f"{k}: {answer}  |  {reference}  ->  {found.status}, {found.evidence}")
    return tally


def run_random(count: int) -> tuple[int, int]:
    """How often a rewriting was called different and an edit equal, of `count` examples."""
    total, began = Tally(), time.perf_counter()
    starts = range(0, count, CHUNK)
    with ProcessPool(max_workers=os.cpu_count() or 1) as pool:
        found = pool.map(judged, starts, timeout=CHUNK_SECONDS).result()
        for start in starts:
            try:
                total.merge(next(found))
            except TookTooLong:
                total.odd.append(f"{start}: one of the next {CHUNK} examples hangs")
                total.rewritten["hang"] += 1
    seconds = time.perf_counter() - began
    for name, counts in (("rewritten", total.rewritten), ("edited", total.edited)):
        said = ", ".join(f"{status} {number}" for status, number in counts.most_common())
        print(f"random trees, {name}: {said}")
    print(f"  {seconds:.0f} s, {1000 * seconds / max(1, count):.2f} ms an example with its making")
    for line in total.odd[:SHOWN]:
        print(f"  {line}")
    return total.rewritten["different"] + total.rewritten["hang"], total.edited["equal"]

"""Lists compared element by element, sets by finding a partner for every element."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from grader.expressions.limits import MAX_SET_JUDGEMENTS, MAX_SET_PAIRS
from grader.expressions.tree import Node
from grader.expressions.verdict import Verdict

Apart = Literal["surely", "likely", ""]
Judge = Callable[[Node, Node], Verdict]


def same_items(a: Sequence[Node], b: Sequence[Node], judge: Judge, what: str = "value") -> Verdict:
    """The verdict on two lists; a difference of one element is one of the lists."""
    if len(a) != len(b):
        return Verdict("different", f"{len(a)} {what}s vs {len(b)}", proved=True)
    verdicts: list[Verdict] = []
    for k, (x, y) in enumerate(zip(a, b, strict=True), 1):
        verdict = judge(x, y)
        if verdict.status == "different":
            return Verdict("different", f"{what} {k}: {verdict.evidence}", verdict.proved)
        verdicts.append(verdict)
    for k, verdict in enumerate(verdicts, 1):
        if verdict.status == "undecided":
            return Verdict("undecided", f"{what} {k}: {verdict.evidence}", proved=False)
    return Verdict("equal", f"{what} by {what}", all(verdict.proved for verdict in verdicts))


def same_sets(
    a: Sequence[Node],
    b: Sequence[Node],
    judge: Judge,
    apart: Callable[[Node, Node], Apart],
    show: Callable[[Node], str],
) -> Verdict:
    """Each element of one equals some element of the other; repetitions do not count.

    `apart` is a cheap test that spares judging elements that differ at a glance.
    """
    if len(a) * len(b) > MAX_SET_PAIRS:
        return Verdict("undecided", "these sets are too large to compare", proved=False)
    matcher = _Matcher(judge, apart)
    for ours, theirs, swapped in ((a, b, False), (b, a, True)):
        for element in ours:
            status = matcher.partner(element, theirs, swapped)
            if status != "equal":
                return Verdict(status, f"{show(element)} is in one set only", status == "different")
    return Verdict("equal", "the same elements", matcher.proved)


class _Matcher:
    """Looks for partners, remembering what was judged."""

    def __init__(self, judge: Judge, apart: Callable[[Node, Node], Apart]) -> None:
        self.judge, self.apart = judge, apart
        self.known: dict[tuple[int, int], Verdict] = {}
        self.proved = True

    def partner(self, element: Node, others: Sequence[Node], swapped: bool) -> Any:
        """equal where one of the others is the same, else different or undecided."""
        unsure = False
        for other in others:
            differ = self.apart(element, other)
            if differ:
                unsure |= differ == "likely"
                continue
            pair = (other, element) if swapped else (element, other)
            key = id(pair[0]), id(pair[1])
            if key not in self.known:
                if len(self.known) >= MAX_SET_JUDGEMENTS:
                    return "undecided"
                self.known[key] = self.judge(*pair)
            verdict = self.known[key]
            if verdict.status == "equal":
                self.proved &= verdict.proved
                return "equal"
            unsure |= verdict.status == "undecided"
        return "undecided" if unsure else "different"


def fingerprints(
    items: Sequence[Node], domains: Mapping[str, str], seed: int
) -> Callable[[Node, Node], Apart]:
    """A test whether two of the items differ at one common place: surely as real numbers, likely as complex ones."""
    from grader.expressions.glances import values_at_a_place  # start-up time

    found = dict(zip(map(id, items), values_at_a_place(items, domains, seed), strict=True))

    def apart(x: Node, y: Node) -> Apart:
        first, second = found.get(id(x)), found.get(id(y))
        if first is None or second is None or (first.value - second.value).contains(0):
            return ""
        return "surely" if first.real and second.real else "likely"

    return apart

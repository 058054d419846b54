"""Whose marks move between two states of an exam, by how much, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from heapq import merge
from itertools import groupby

from grader.engine.pool import chunked
from grader.gradebook import Marked, Result, mark
from grader.gradebook.moving import Move, Moved, Shift, grades
from grader.ledger import Judged, Standing
from grader.ledger.codec import score_from
from grader.pipeline.state import TOGETHER, Candidate, State
from grader.score import Score
from grader.submission import place_of

MAX_WHY = 160
"""Characters that are told of why a mark moves."""
MAX_IDS = 3
"""Findings named."""

Pair = tuple[Standing | None, Standing | None]


def compare(before: State, after: State) -> Moved:
    """Everybody whose marks differ: those who came or left, grade changes, then the largest change, then by candidate."""
    same_exam = _same_exam(before, after)
    found: list[Shift] = []
    count = 0
    for some in chunked(_pairs(before, after), TOGETHER):
        count += len(some)
        other = [pair for pair in some if not (same_exam and _tells_the_same(before, after, pair))]
        found += _shifts(before, after, other)
    found.sort(key=lambda s: (s.whole, not s.grade_changes, -abs(s.gain), place_of(s.candidate)))
    return Moved(tuple(found), count)


def alike(before: State, after: State) -> bool:
    """Whether all reports say the same, also in words."""
    return _same_exam(before, after) and all(
        _tells_the_same(before, after, pair) for pair in _pairs(before, after)
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """A score that stayed because the rubric would give less, and was left to a person."""

    candidate: str
    question: str
    kept: Marked
    would_be: Marked


def kept(state: State) -> list[Kept]:
    """Scores that stayed under `--only-up` and that nobody has decided since."""
    found = []
    for some in state.standings():
        held = [one for one in some if one.held]
        names = {name for one in held for name in one.held.values()}
        known = state.ledger.works(sorted(names))
        for candidate in state.those(held):
            decided = state.decided(candidate.standing)
            for question, name in candidate.standing.held.items():
                marked = candidate.result.questions.get(question)
                if question in decided or marked is None or name not in known:
                    continue
                would_be = mark(score_from(known[name].content), marked.max_points)
                found.append(Kept(candidate.standing.candidate, question, marked, would_be))
    return found


def _same_exam(before: State, after: State) -> bool:
    return before.paper.exam.model_dump(mode="json") == after.paper.exam.model_dump(mode="json")


def _tells_the_same(before: State, after: State, pair: Pair) -> bool:
    old, new = pair
    return old is not None and new is not None and before.told(old) == after.told(new)


def _pairs(before: State, after: State) -> Iterator[Pair]:
    """Every candidate's standings in both states, without holding the class."""
    tagged = merge(
        ((place_of(one.candidate), 0, one) for some in before.standings() for one in some),
        ((place_of(one.candidate), 1, one) for some in after.standings() for one in some),
        key=lambda entry: entry[:2],
    )
    for _, group in groupby(tagged, key=lambda entry: entry[0]):
        found = {side: standing for _, side, standing in group}
        yield found.get(0), found.get(1)


def _shifts(before: State, after: State, pairs: list[Pair]) -> Iterator[Shift]:
    was = {c.standing.candidate: c for c in before.those([old for old, _ in pairs if old])}
    now = {c.standing.candidate: c for c in after.those([new for _, new in pairs if new])}
    for old, new in pairs:
        standing = new or old
        assert standing is not None  # noqa: S101 - at least one side has the candidate
        name = standing.candidate
        shift = _shift(before, after, name, was.get(name), now.get(name))
        if shift is not None:
            yield shift


def _shift(
    before: State, after: State, name: str, one: Candidate | None, two: Candidate | None
) -> Shift | None:
    first, second = one.result if one else None, two.result if two else None
    asked = (*(first.questions if first else ()), *(second.questions if second else ()))
    moves = []
    for question in dict.fromkeys(asked):
        was = first.questions.get(question) if first else None
        now = second.questions.get(question) if second else None
        if _mark(was) != _mark(now):
            why = _why(before, after, one, two, question)
            moves.append(Move(question, _slim(was), _slim(now), _short(why)))
    if not moves and _sum(first) == _sum(second):
        return None
    return Shift(
        name,
        first and replace(first, questions={}),
        second and replace(second, questions={}),
        tuple(moves),
    )


def _slim(marked: Marked | None) -> Marked | None:
    """The mark alone: many may be kept at once."""
    if marked is None:
        return None
    score = marked.score
    bare = Score(score.outcome, score.credit, least=score.least, most=score.most, by=score.by)
    return replace(marked, score=bare)


def _mark(marked: Marked | None) -> object:
    return marked and (
        marked.score.outcome,
        marked.points,
        marked.low,
        marked.high,
        marked.max_points,
    )


def _sum(result: Result | None) -> object:
    return result and (result.low, result.high, result.bonus, result.max_points, grades(result))


def _why(
    before: State, after: State, old: Candidate | None, new: Candidate | None, question: str
) -> str:
    """What made the mark another: who decided, or what the rubric finds now and did not before."""
    if old is None or question not in old.scores:
        return "new"
    if new is None or question not in new.scores:
        return "gone"
    was, now = old.scores[question], new.scores[question]
    if (was.by, was.credit) != (now.by, now.credit) and (now.by or was.by):
        return (
            f"decided by {now.by}"
            if now.by
            else f"the decision by {was.by} is not about this answer"
        )
    if old.raw(question) != new.raw(question):
        return f"another answer was handed in; {_found(now)}"
    changed = before.paper.judged_by.get(question) != after.paper.judged_by.get(question)
    if changed and question not in new.standing.held:
        return f"the rubric item changed; {_compared(was, now)}"
    if _max_points(before, question) != _max_points(after, question):
        return "the question is worth other points"
    if _judged(before, old, question).engine != _judged(after, new, question).engine:
        return f"judged by another version of the grader; {_compared(was, now)}"
    return _compared(was, now)


def _judged(state: State, candidate: Candidate, question: str) -> Judged:
    number = candidate.standing.scores[question].number
    return state.ledger.scores([number])[number]


def _max_points(state: State, question: str) -> object:
    asked = state.paper.exam.questions.get(question)
    return asked and asked.points


def _compared(was: Score, now: Score) -> str:
    return f"was: {_found(was)}; now: {_found(now)}" if _found(was) != _found(now) else _found(now)


def _found(score: Score) -> str:
    """What decided a score, in a few words."""
    ids = [finding.id for finding in score.findings if finding.message or finding.credit]
    if ids:
        return ", ".join(ids[:MAX_IDS])
    return score.evidence or score.outcome.value


def _short(text: str) -> str:
    """One line."""
    line = " ".join(text.split())
    return line if len(line) <= MAX_WHY else f"{line[: MAX_WHY - 1]}…"

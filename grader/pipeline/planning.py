"""Entries -> works -> scores -> standings: whatever of a class is not judged yet is judged, each work once."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from grader.checkers.code.checker import NOT_RUN
from grader.engine.base import Engine, Lost
from grader.engine.pool import chunked
from grader.engine.version import engine_digest
from grader.ledger import Judged, Ledger, Placed, Standing, Writer, decided_for
from grader.ledger.codec import handed_text, score_from, score_text, seen
from grader.loading.entries import merged
from grader.pipeline.setting import Verdict
from grader.rubric import Paper
from grader.score import Outcome, Score, digest
from grader.scoring import Work, engine_fault, works_of
from grader.submission import Handed, place_of

TOGETHER = 1000
"""Candidates planned at once."""
REMEMBERED = 5_000
"""Scores kept in mind: many candidates give the same answer."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Who judges: an engine, and how one of its workers does it."""

    engine: Engine
    judge: Callable[..., Verdict]


@dataclass
class Judging:
    """What judging a class came to."""

    judged: int = 0
    """Works that were done in this run."""
    moved: int = 0
    """Candidates who stand otherwise than before."""
    gone: list[str] = field(default_factory=list)
    held: int = 0
    """Scores that would have fallen and were left to a person."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A score in the ledger. `fresh` if it needs no further try in this run."""

    number: int
    content: str
    settled: bool
    fresh: bool


@dataclass(frozen=True, slots=True)
class _Plan:
    """A candidate whose standing has to be made anew."""

    handed: Handed
    whose: str
    """Names the candidate with all that was handed in, for answers that could not be opened."""
    entries: tuple[int, ...]
    bonus: str
    made_from: str
    before: Standing | None
    kept: Mapping[str, Placed]
    """Questions whose score stands: neither the answer nor what it is judged by has changed."""
    works: Mapping[str, tuple[str, Work]]
    """By each other question the work and its identity."""


class Losses(Enum):
    """What becomes of decided scores that would fall under the paper."""

    KEPT = "they stay, and are left to a person"
    KNOWN = "they fall, but for those that were left to a person before under the same item"
    TAKEN = "they fall, also those that were left to a person before"


class Planner:
    """Judges a class under one paper."""

    def __init__(
        self,
        ledger: Ledger,
        writer: Writer,
        paper: Paper,
        bonus: Mapping[str, str] | None,
        crew: Crew,
        *,
        losses: Losses = Losses.KNOWN,
        again: float = 0.0,
    ) -> None:
        """`bonus` None: everybody keeps theirs. `again` is the share of works to judge again, see `Wish`."""
        self.ledger = ledger
        self.writer = writer
        self.paper = paper
        self.bonus = bonus
        self.crew = crew
        self.losses = losses
        self.again = again
        self.told = Judging()
        self._known_seen: dict[str, str] = {}
        self._unchanged_since: dict[int, frozenset[str]] = {}
        asked = {group: list(paper.exam.asked(group)) for group in paper.exam.groups}
        self._paper = digest(paper.judged_by, asked, length=32)

    def run(self, tick: Callable[[int], None]) -> Judging:
        """Bring every standing up to date; `tick` is told how many candidates are done."""
        seen: set[str] = set()
        for groups in chunked(self.ledger.grouped_entries(), TOGETHER):
            plans = list(self._plans(groups, seen))
            known = self._judge([work for plan in plans for work in plan.works.values()])
            for plan in plans:
                self._stand(plan, known)
            self.writer.commit()
            tick(len(groups))
        self._let_go(seen)
        return self.told

    def _plans(self, groups: Sequence[tuple[int, ...]], seen: set[str]) -> Iterator[_Plan]:
        names = self.ledger.candidates_of([n for group in groups for n in group])
        before = self.ledger.standings_of(list(set(names.values())))
        stale = [group for group in groups if not self._is_current(group, names, before, seen)]
        entries = self.ledger.entries_numbered({n for group in stale for n in group})
        for group in stale:
            handed = merged([one for n in group if (one := entries[n].handed) is not None])
            seen.add(handed.candidate)
            standing = self._before(before.get(handed.candidate))
            bonus = self._bonus(handed.candidate, standing)
            made_from = digest(self._paper, group, bonus)
            if not self._stands(standing, made_from):
                kept = self._standing_still(standing, group)
                works = self._works(handed, kept)
                whose = digest(handed.candidate, [entries[n].content for n in group])
                yield _Plan(handed, whose, group, bonus, made_from, standing, kept, works)

    def _before(self, newest: Standing | None) -> Standing | None:
        """Where a candidate stood last; for one who was gone in between, before that, as no score was taken back."""
        if newest is None or not newest.gone:
            return newest
        stood = [one for one in self.ledger.history(newest.candidate) if not one.gone]
        return replace(stood[-1], made_from="") if stood else None

    def _is_current(
        self,
        group: tuple[int, ...],
        names: Mapping[int, str],
        before: Mapping[str, Standing],
        seen: set[str],
    ) -> bool:
        """Whether there is nothing to plan, as far as that shows without reading what was handed in."""
        if len(group) > 1:  # which of them names the candidate is known only once they are read
            return False
        candidate = names[group[0]]
        standing = before.get(candidate)
        made_from = digest(self._paper, group, self._bonus(candidate, standing))
        if not self._stands(standing, made_from):
            return False
        seen.add(candidate)
        return True

    def _stands(self, standing: Standing | None, made_from: str) -> bool:
        if standing is None or self.again:
            return False
        if standing.held and self.losses is Losses.TAKEN:
            return False
        return standing.settled and standing.made_from == made_from

    def _bonus(self, candidate: str, standing: Standing | None) -> str:
        if self.bonus is None:
            return standing.bonus if standing else "0"
        return self.bonus.get(candidate, "0")

    def _standing_still(
        self, standing: Standing | None, entries: tuple[int, ...]
    ) -> dict[str, Placed]:
        """The scores that need no look at the answers: those under items that have not changed since."""
        if standing is None or not standing.settled or standing.entries != entries or self.again:
            return {}
        unchanged = self._unchanged(standing.act)
        if self.losses is Losses.TAKEN:
            unchanged = unchanged - standing.held.keys()
        return {key: placed for key, placed in standing.scores.items() if key in unchanged}

    def _unchanged(self, act: int) -> frozenset[str]:
        """The questions that are judged now by just what they were judged by under an act."""
        if act not in self._unchanged_since:
            before = self.ledger.judged_by(act)
            same = {key for key, name in self.paper.judged_by.items() if before.get(key) == name}
            self._unchanged_since[act] = frozenset(same)
        return self._unchanged_since[act]

    def _works(self, handed: Handed, kept: Container[str]) -> dict[str, tuple[str, Work]]:
        works = works_of(self.paper, handed)
        return {
            key: (work.identity(self.paper), work) for key, work in works.items() if key not in kept
        }

    # --- judging ---

    def _judge(self, works: Sequence[tuple[str, Work]]) -> dict[str, _Known]:
        """A score for every work: from the ledger where it is known, judged now where it is not."""
        wanted = dict(works)
        known = self._known(list(wanted))
        missing = [name for name in wanted if name not in known or not known[name].fresh]
        for seconds, names in self._by_seconds(missing, wanted):
            pieces = [(name, wanted[name]) for name in names]
            for (name, work), verdict in self.crew.engine.run(self.crew.judge, pieces, seconds):
                known[name] = self._record(name, work, verdict, known.get(name))
                if seconds:  # the next may take long, and what is done is done
                    self.writer.commit()
        return known

    def _known(self, names: Sequence[str]) -> dict[str, _Known]:
        found = self.ledger.works(names)
        act, engine = self.writer.number, engine_digest()
        return {
            name: _Known(
                row.number,
                row.content,
                row.settled,
                row.act == act
                or (row.settled and (row.engine == engine or not in_sample(name, self.again))),
            )
            for name, row in found.items()
        }

    def _by_seconds(
        self, names: Sequence[str], works: Mapping[str, Work]
    ) -> Iterator[tuple[float, list[str]]]:
        """Works that only think, then those that run programs and may take longer."""
        seconds = {n: self.paper.item(works[n].question).check.seconds() for n in names}
        quick = [name for name in names if not seconds[name]]
        slow = [name for name in names if seconds[name]]
        if quick:
            yield 0.0, quick
        if slow:
            yield max(seconds[name] for name in slow), slow

    def _record(
        self, name: str, work: Work, verdict: Verdict | Lost, before: _Known | None
    ) -> _Known:
        if isinstance(verdict, Lost):
            verdict = Verdict(engine_fault(work.raw, verdict.reason), "", engine_digest())
        self.told.judged += 1
        settled = is_settled(verdict.score)
        content = score_text(verdict.score)
        tried_again = before is not None and not before.settled
        if before and tried_again and (before.content, before.settled) == (content, settled):
            return _Known(before.number, content, settled, fresh=True)
        number = self.writer.judged(
            Judged(
                name,
                work.question,
                self.paper.digests[work.question],
                digest(work.raw, sorted(work.inputs.items())),
                verdict.engine,
                verdict.level,
                verdict.score,
                settled,
            )
        )
        return _Known(number, content, settled, fresh=True)

    # --- standings ---

    def _stand(self, plan: _Plan, known: Mapping[str, _Known]) -> None:
        scores = dict(plan.kept)
        held = dict(plan.before.held) if plan.before else {}
        held = {key: name for key, name in held.items() if key in plan.kept}
        settled = True
        for key, (name, work) in plan.works.items():
            score = known[name]
            kept = self._kept(plan, key, name, score)
            if kept is not None:
                held[key], scores[key] = name, kept
            else:
                answer = self._answer(plan, key, work)
                scores[key] = Placed(score.number, answer, self._seen(score.content))
            settled = settled and score.settled
        scores = {key: scores[key] for key in self.paper.exam.asked(plan.handed.group)}
        said = {key: placed.said for key, placed in scores.items()}
        identity = digest(handed_text(plan.handed), said, plan.bonus, length=32)
        standing = Standing(
            plan.handed.candidate,
            plan.handed.group,
            plan.entries,
            scores,
            plan.bonus,
            plan.made_from,
            identity,
            settled,
            held,
        )
        if plan.before and _same(plan.before, standing):
            return
        self.told.moved += 1
        self.writer.standing(standing)

    def _answer(self, plan: _Plan, key: str, work: Work) -> str:
        """Names the answer as decisions do. While what was handed in stays, so does the name: what people decided about
        it must not be lost because the item now builds on other answers too.
        """
        before = plan.before.scores.get(key) if plan.before else None
        if plan.before and before is not None and plan.before.entries == plan.entries:
            return before.answer
        return decided_for(self.paper, work, plan.whose)

    def _seen(self, content: str) -> str:
        """Names what candidates see of a score."""
        if content not in self._known_seen:
            if len(self._known_seen) >= REMEMBERED:
                self._known_seen.clear()
            self._known_seen[content] = digest(seen(content))
        return self._known_seen[content]

    def _kept(self, plan: _Plan, key: str, name: str, new: _Known) -> Placed | None:
        """The score that stays because the new one would be lower; None where the new one counts."""
        if plan.before is None or key not in plan.before.scores:
            return None
        was_held = plan.before.held.get(key) == name
        if self.losses is Losses.TAKEN or (self.losses is Losses.KNOWN and not was_held):
            return None
        placed = plan.before.scores[key]
        if placed.number == new.number:
            return None
        content = self.ledger.score_contents([placed.number])[placed.number]
        if not falls(score_from(content), score_from(new.content)):
            return None
        self.told.held += 1
        return placed

    def _let_go(self, seen: set[str]) -> None:
        """Candidates whose submission vanished stay in the ledger, as gone."""
        left = [name for name in self.ledger.standing_names() if name not in seen]
        for standing in sorted(self.ledger.standings_of(left).values(), key=_place):
            self.told.gone.append(standing.candidate)
            self.writer.standing(gone(standing))
        self.writer.commit()


def _place(standing: Standing) -> str:
    return place_of(standing.candidate)


def gone(standing: Standing) -> Standing:
    """A candidate who stands nowhere any more."""
    return Standing(standing.candidate, standing.group, (), {}, "0", "", "", settled=True)


def in_sample(work: str, share: float) -> bool:
    """Whether a work is among a share of all: always the same ones, spread evenly, as names are digests."""
    return int(work, 16) < share * float(1 << 4 * len(work))


def falls(before: Score, after: Score) -> bool:
    """Whether a decided score would become less, or could."""
    return before.outcome.decided and before.credit is not None and after.least < before.credit


def is_settled(score: Score) -> bool:
    """Whether a score is about the answer, and not about our fault or what this machine lacks."""
    if score.outcome is Outcome.ERROR:
        return False
    return all(finding.id.rpartition(".")[2] != NOT_RUN for finding in score.findings)


def _same(before: Standing, after: Standing) -> bool:
    """Whether nothing is new; what it was planned from counts, so that the next run sees at once that nothing is."""
    names = ("entries", "bonus", "made_from", "identity", "settled")
    return (
        all(getattr(before, name) == getattr(after, name) for name in names)
        and dict(before.scores) == dict(after.scores)
        and dict(before.held) == dict(after.held)
    )

"""The main job, stage by stage: take in -> judge -> write reports. Whatever was done before is not done again.

Everything that is found out goes into the ledger; reports and gradebook are made from the ledger alone. So a run that
was cut off goes on where it was, and a run that finds nothing new writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter

from grader.engine.base import Engine, Setup
from grader.engine.pool import Pool
from grader.engine.version import engine_digest
from grader.ledger import Act, Decision, Ledger, Writer
from grader.loading.submissions import read_bonus
from grader.pipeline.classwork import Reports, Told
from grader.pipeline.intake import Taken, take_in
from grader.pipeline.planning import Crew, Judging, Losses, Planner
from grader.pipeline.setting import Judge, Setting, Worker
from grader.pipeline.state import State
from grader.pipeline.watch import Watch
from grader.rubric import Paper
from grader.score import digest


@dataclass(frozen=True)
class Wish:
    """What a run is asked for beside the paper and the submissions. `out` is None when no reports are wanted."""

    out: Path | None = None
    workers: int = 1
    with_key: bool = False
    trust_code: bool = False
    losses: Losses = Losses.KNOWN
    """What becomes of decided scores that would fall."""
    again: float = 0.0
    """The share of works, 0 to 1, that are judged again where another version of the engine judged them."""
    cluster: Callable[[Setup], Engine] | None = None
    """Makes the engine that judges, where it is not the local pool."""


@dataclass(frozen=True)
class Outcomes:
    """What came of a class."""

    told: Told | None
    """What stands in the reports; None where none were asked for."""
    taken: Taken
    judging: Judging
    unused_bonus: tuple[str, ...]
    """Candidates with a bonus who handed nothing in."""
    stale: tuple[Decision, ...]
    """Decisions in force whose rubric item has changed since."""
    earlier_engine: int
    """Scores in force that another version of the engine gave."""
    act: int
    """What was recorded; 0 where nothing was new."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Wall time by stage."""


def grade_class(
    paper: Paper,
    files: Mapping[str, str],
    folder: Path | None,
    ledger: Ledger,
    act: Act,
    wish: Wish,
    watch: Watch = Watch(),  # noqa: B008 - frozen
) -> Outcomes:
    """Grade every submission in a folder; with `wish.out`, write all reports there. The caller holds the ledger's lock.

    `files` are those the paper was loaded from: the ledger keeps them. Without a folder, what the ledger holds of
    the class is graded, and nothing is read.

    Raises:
        SubmissionError: the folder cannot be opened.
        AuthorError: the bonus file cannot be read.
        EngineError: the ledger cannot be used.
    """
    clock = _Clock()
    bonus = None if folder is None else read_bonus(folder, paper.exam)
    setting = Setting(paper, ledger.path, wish.out, wish.with_key, wish.trust_code)
    with ExitStack() as held:
        local = held.enter_context(Pool(Setup(Worker, (setting,)), wish.workers))
        with recording(ledger, act, paper, files, wish.losses) as (writer, losses):
            taken = Taken()
            if folder is not None:
                watch.stage("Reading", None)
                taken = take_in(ledger, writer, folder, paper.exam, local, watch.done)
            clock.lap("read")
            crew = Crew(local, Worker.judge)
            if wish.cluster is not None:
                judges = wish.cluster(Setup(Judge, (paper, wish.trust_code)))
                held.callback(judges.close)
                crew = Crew(judges, Judge.judge)
            watch.stage("Judging", taken.entries or None)
            planner = Planner(ledger, writer, paper, bonus, crew, losses=losses, again=wish.again)
            judging = planner.run(watch.done)
            number = writer.number
            clock.lap("judge")
        state = State(ledger, paper, marks_only=True)
        told = None
        if wish.out is not None:
            reports = Reports(state, wish.out, local, with_key=wish.with_key)
            told = reports.write(watch)
        clock.lap("report")
    return Outcomes(
        told,
        taken,
        judging,
        _unused_bonus(bonus or {}, ledger),
        stale_decisions(state),
        ledger.judged_elsewhere(engine_digest()),
        number,
        clock.laps,
    )


@contextmanager
def recording(
    ledger: Ledger, act: Act, paper: Paper, files: Mapping[str, str], losses: Losses
) -> Iterator[tuple[Writer, Losses]]:
    """Write to a ledger under a paper, whose files the ledger keeps once; with how scores that fall are treated.

    A run that goes on with one that was cut off does as that one did.
    """
    name = digest(files, length=32)
    last, before = ledger.acts()[-1:], ledger.cut_off()
    if before is not None and losses is Losses.KNOWN:
        losses = Losses[before[1]]
    with ledger.writing(replace(act, paper=name, engine=engine_digest())) as writer:
        writer.begin(losses.name)
        writer.paper(name, paper.digest, paper.judged_by, files)
        if before is not None or not last or last[0].paper != name:
            writer.record()
        yield writer, losses
        writer.end()


def stale_decisions(state: State) -> tuple[Decision, ...]:
    """Decisions in force that were made under another version of their rubric item."""
    digests = state.paper.digests
    stale = {d.number: d for d in state.decisions.values() if digests.get(d.question) != d.item}
    if not stale:
        return ()
    found = (d for some in state.standings() for one in some for d in state.decided(one).values())
    in_force = {decision.number for decision in found}
    return tuple(decision for number, decision in stale.items() if number in in_force)


def _unused_bonus(bonus: Mapping[str, str], ledger: Ledger) -> tuple[str, ...]:
    known = ledger.standings_of(list(bonus))
    return tuple(one for one in bonus if one not in known or known[one].gone)


class _Clock:
    """Wall time between laps."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = perf_counter()

    def lap(self, stage: str) -> None:
        now = perf_counter()
        self.laps[stage], self._last = now - self._last, now

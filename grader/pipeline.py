"""The main job, stage by stage: read submissions -> score -> decide -> tally -> write reports.

Scoring and a candidate's report happen in worker processes; what comes back is the candidate's result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from time import perf_counter

from grader import gradebook, ledger
from grader.engine import pool
from grader.errors import Problem
from grader.ledger import Decision, Ledger
from grader.loading.submissions import read_bonus, read_folder
from grader.report import MADE_BY, Dossier, StudentReport, item_keys, stand_in, write_class
from grader.rubric import Paper
from grader.score import Outcome, Raw, Reading, Score, Unread, from_unread
from grader.scoring import Scorer, engine_fault
from grader.submission import Handed, natural

NO_READING = Reading("")


@dataclass(frozen=True)
class Setting:
    """What every worker needs. `out` is None when no reports are wanted."""

    paper: Paper
    decisions: Mapping[tuple[str, str], Decision]
    bonus: Mapping[str, str]
    out: Path | None
    with_key: bool = False
    trust_code: bool = False

    @property
    def deadline(self) -> float:
        """Seconds that one candidate may take: programs have limits of their own, on top of everything else."""
        return pool.DEADLINE + self.paper.seconds


@dataclass(frozen=True)
class Task:
    """One candidate; `faults` are questions that the engine already failed on, with the reason."""

    handed: Handed
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcomes:
    """What came of a class."""

    results: tuple[gradebook.Result, ...]
    handed: Mapping[str, Handed]
    problems: tuple[Problem, ...]
    stale: tuple[Decision, ...]
    """Decisions in force whose rubric item has changed since."""
    seconds: Mapping[str, float]
    """Wall time by stage."""


class Worker:
    """Marks candidates in one process."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.scorer = Scorer(setting.paper, trust_code=setting.trust_code)
        keys = item_keys(setting.paper) if setting.with_key else None
        self.report = StudentReport(setting.paper.exam, keys, with_key=setting.with_key)

    def mark(self, task: Task) -> gradebook.Result:
        """Score one candidate, put people's decisions in, and write the report.

        Once the report is written the result keeps what a class report needs, and no more: a class must fit in memory.
        """
        handed = task.handed
        scores = self._score(task)
        bonus = Decimal(self.setting.bonus.get(handed.candidate, "0"))
        result = gradebook.tally(
            self.setting.paper.exam, handed.candidate, handed.group, scores, bonus, handed.failed
        )
        if self.setting.out is not None:
            problem = handed.failed or "; ".join(
                problem.message for problem in handed.problems if problem.severity == "error"
            )
            dossier = Dossier(
                handed.candidate, handed.group, handed.answers, scores, result, problem=problem
            )
            page = self.report.render(dossier)
            _page(self.setting.out, handed.candidate).write_text(
                page, encoding="utf-8", newline="\n"
            )
            return slim(result)
        return result

    def _score(self, task: Task) -> dict[str, Score]:
        handed, paper = task.handed, self.setting.paper
        if handed.failed:
            why = f"The file could not be read: {handed.failed}"
            score = from_unread(Unread(None, Outcome.UNREADABLE, why))
            return dict.fromkeys(paper.exam.asked(handed.group), score)
        unread = {**handed.unread, **task.faults}
        scores = self.scorer.score(handed.answers, handed.group, unread)
        for key, reason in task.faults.items():
            scores[key] = engine_fault(handed.answers.get(key), reason)
        return {key: self._decide(key, score, handed) for key, score in scores.items()}

    def _decide(self, key: str, score: Score, handed: Handed) -> Score:
        if not self.setting.decisions:
            return score
        decision = self.setting.decisions.get((key, digest_of(self.setting.paper, key, handed)))
        if decision is None or score.outcome is Outcome.BLANK:
            return score
        return replace(
            score,
            outcome=Outcome.GRADED,
            credit=decision.credit,
            by=decision.by,
            notes=(*score.notes, *((decision.comment,) if decision.comment else ())),
        )


def _page(out: Path, candidate: str) -> Path:
    return out / "students" / f"{candidate}.html"


def slim(result: gradebook.Result) -> gradebook.Result:
    """The result without what only the candidate's own report tells."""
    questions = {
        key: replace(
            marked,
            score=replace(marked.score, reading=NO_READING, findings=(), evidence="", notes=()),
        )
        for key, marked in result.questions.items()
    }
    return replace(result, questions=questions)


def digest_of(paper: Paper, key: str, handed: Handed) -> str:
    """Names a candidate's answer to a question together with the answers it builds on.

    What could not be opened is like nobody else's.
    """
    answers = handed.answers
    sources = {source.question for source in paper.sources(key).values()}
    context: dict[str, Raw] = {question: answers.get(question) for question in sorted(sources)}
    if handed.unread.keys() & {key, *sources}:
        context["unopened by"] = handed.candidate
    prose = paper.exam.questions[key].response.kind == "text"
    return ledger.answer_digest(answers.get(key), prose, context or None)


def _probe(worker: Worker, piece: tuple[Handed, str]) -> None:
    """Score one question alone, to find the one that breaks a worker."""
    handed, key = piece
    worker.scorer.score(handed.answers, handed.group, handed.unread, only=key)


def mark_class(
    setting: Setting, handed: Sequence[Handed], workers: int, tick: Callable[[], None]
) -> list[gradebook.Result]:
    """Mark every candidate. A question that crashes or hangs a worker is our fault and waits for a person."""
    if setting.out is not None:
        (setting.out / "students").mkdir(parents=True, exist_ok=True)
        _clear_pages(setting.out, handed)
    marked, lost = [], []
    tasks = [Task(one) for one in handed]
    job, deadline = pool.Job(Worker, (setting,), Worker.mark), setting.deadline
    for task, result in pool.run(job, tasks, workers, deadline):
        if isinstance(result, pool.Lost):
            lost.append(task.handed)
        else:
            marked.append(result)
            tick()
    for one in lost:
        faults = _find_faults(setting, one, workers)
        for _, result in pool.run(job, [Task(one, faults)], 1, deadline):
            marked.append(
                _give_up(setting, one, result) if isinstance(result, pool.Lost) else result
            )
            tick()
    return marked


def _give_up(setting: Setting, handed: Handed, lost: pool.Lost) -> gradebook.Result:
    """A candidate whom no worker could finish: every question waits for a person, with our fault as the reason."""
    exam = setting.paper.exam
    scores = {
        key: engine_fault(handed.answers.get(key), lost.reason) for key in exam.asked(handed.group)
    }
    problem = f"our fault, no report could be written: {lost.reason}"
    if setting.out is not None:
        page = stand_in(exam, handed.candidate, problem)
        _page(setting.out, handed.candidate).write_text(page, encoding="utf-8", newline="\n")
    return gradebook.tally(exam, handed.candidate, handed.group, scores, problem=problem)


def _clear_pages(out: Path, handed: Sequence[Handed]) -> None:
    """Remove our pages of candidates who are no longer in the class."""
    pages = {_page(out, one.candidate) for one in handed}
    for page in set((out / "students").glob("*.html")) - pages:
        with page.open(encoding="utf-8", errors="replace") as file:
            ours = MADE_BY in file.read(len(MADE_BY) + 1000)
        if ours:
            page.unlink()


def _find_faults(setting: Setting, handed: Handed, workers: int) -> dict[str, str]:
    pieces = [(handed, key) for key in setting.paper.exam.asked(handed.group)]
    job = pool.Job(Worker, (setting,), _probe)
    return {
        key: result.reason
        for (_, key), result in pool.run(job, pieces, workers, setting.deadline)
        if isinstance(result, pool.Lost)
    }


def grade_class(
    paper: Paper,
    folder: Path,
    records: Ledger,
    *,
    out: Path | None,
    workers: int,
    with_key: bool = False,
    trust_code: bool = False,
    started: Callable[[int], None] = lambda _count: None,
    tick: Callable[[], None] = lambda: None,
) -> Outcomes:
    """Grade every submission in a folder; with `out`, write all reports there.

    Raises:
        SubmissionError: the folder cannot be opened.
        AuthorError: the bonus file cannot be read.
    """
    clock = _Clock()
    handed = read_folder(folder, paper.exam)
    bonus = read_bonus(folder, paper.exam)
    clock.lap("read")
    started(len(handed))
    decisions = records.decisions()
    setting = Setting(paper, decisions, bonus, out, with_key, trust_code)
    marked = mark_class(setting, handed, workers, tick)
    clock.lap("score and student reports")
    problems = [problem for one in handed for problem in one.problems]
    problems += _unused_bonus(bonus, handed)
    results = sorted(marked, key=lambda result: natural(result.candidate))
    if out is not None:
        write_class(out, paper.exam, results, paper.digest, problems)
    clock.lap("class reports")
    return Outcomes(
        tuple(results),
        {one.candidate: one for one in handed},
        tuple(problems),
        stale_decisions(paper, decisions.values()),
        clock.laps,
    )


def stale_decisions(paper: Paper, decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Decisions made under another version of their rubric item."""
    return tuple(d for d in decisions if paper.digests.get(d.question) != d.item)


def _unused_bonus(bonus: Mapping[str, str], handed: Sequence[Handed]) -> list[Problem]:
    known = {one.candidate for one in handed}
    return [
        Problem(
            "_bonus.yaml",
            0,
            0,
            f"candidate {candidate} has a bonus but handed nothing in",
            "warning",
        )
        for candidate in bonus
        if candidate not in known
    ]


class _Clock:
    """Wall time between laps."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = perf_counter()

    def lap(self, stage: str) -> None:
        now = perf_counter()
        self.laps[stage], self._last = now - self._last, now

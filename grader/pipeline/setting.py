"""What a run is about, and the two kinds of workers that do its work."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from grader import sandbox
from grader.engine.version import engine_digest
from grader.ledger import Ledger
from grader.loading.submissions import read_entry
from grader.pipeline.pages import Page, Printer, Slim
from grader.pipeline.state import State
from grader.rubric import Paper
from grader.score import Score
from grader.scoring import Work, score_work
from grader.submission import Handed


@dataclass(frozen=True)
class Setting:
    """What every local worker needs. `out` is None when no reports are wanted."""

    paper: Paper
    ledger: Path
    out: Path | None = None
    with_key: bool = False
    trust_code: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one work. `level` says what confined the program, if one was run."""

    score: Score
    level: str
    engine: str


class Judge:
    """Judges answers; needs the paper and nothing else, so it can stand on another machine."""

    def __init__(self, paper: Paper, trust_code: bool) -> None:
        self.paper = paper
        self.trust_code = trust_code

    def judge(self, piece: tuple[str, Work]) -> Verdict:
        """One work with its name. Equal work is sent only once, so nothing is remembered here."""
        _, work = piece
        score = score_work(self.paper, work, self.trust_code)
        return Verdict(score, self._level(work), engine_digest())

    def _level(self, work: Work) -> str:
        if not self.paper.item(work.question).check.seconds():
            return ""
        try:
            return sandbox.runner(self.trust_code).level.name.lower()
        except (sandbox.JailUnavailable, sandbox.NoZygote):
            return "none"


class Worker(Judge):
    """A local worker: reads files, judges answers, writes pages."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting.paper, setting.trust_code)
        self.setting = setting

    def read(self, path: Path) -> Handed:
        """A file or folder of the submissions."""
        return read_entry(path, path.parent, self.paper.exam)

    @cached_property
    def printer(self) -> Printer:
        setting = self.setting
        state = State(Ledger(setting.ledger), setting.paper)
        return Printer(state, setting.out, with_key=setting.with_key)

    def write(self, page: Page) -> Slim | OSError:
        """A candidate's page."""
        return self.printer.write(page)

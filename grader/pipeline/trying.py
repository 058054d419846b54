"""What would come of another rubric or another version of the engine: graded on a copy, nothing is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.ledger import Act, Ledger
from grader.pipeline.papers import Loaded, nothing_graded, paper_as_of
from grader.pipeline.planning import Judging
from grader.pipeline.run import Wish, grade_class
from grader.pipeline.state import State
from grader.pipeline.watch import Watch


@dataclass(frozen=True, slots=True)
class Trial:
    """The exam as it stood when the copy was made, as it would stand, and what judging took."""

    before: State
    after: State
    judging: Judging


@contextmanager
def tried(ledger: Ledger, loaded: Loaded, act: Act, wish: Wish, watch: Watch) -> Iterator[Trial]:
    """What would come of grading what the ledger holds under a paper. Both states are lost with the context.

    They come from one copy, so it does not matter who writes to the ledger meanwhile.

    Raises:
        AuthorError: nothing has been graded yet.
    """
    exam = loaded.paper.exam.exam
    if not ledger.acts():
        raise nothing_graded(exam)
    with TemporaryDirectory() as folder:
        copy = ledger.copy_to(Path(folder, "ledger.sqlite"))
        try:
            last = copy.acts()[-1].number
            before = State(copy, paper_as_of(copy, exam, last), last)
            wish = replace(wish, out=None)
            outcomes = grade_class(loaded.paper, loaded.files, None, copy, act, wish, watch)
            yield Trial(before, State(copy, loaded.paper), outcomes.judging)
        finally:
            copy.close()

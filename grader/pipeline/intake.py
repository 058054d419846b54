"""Submissions on disk -> entries in the ledger. What was read before and has not changed is not read again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.engine.base import Engine, Lost
from grader.engine.pool import chunked
from grader.errors import Problem, SubmissionError
from grader.exam import Exam
from grader.ledger import Entry, Ledger, Writer
from grader.loading.entries import content_digest, entry_names, reader_digest, storable
from grader.loading.submissions import identifier
from grader.pipeline.setting import Worker
from grader.submission import Handed

TOGETHER = 400
"""Entries looked up at once."""
DIED = ""
"""The reader of an entry whose reader died: as it is no reader, the next run reads the entry again."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was found in the folder: how many entries, and of those that were known which changed or vanished."""

    entries: int = 0
    read: int = 0
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def take_in(
    ledger: Ledger,
    writer: Writer,
    folder: Path,
    exam: Exam,
    readers: Engine,
    tick: Callable[[int], None],
) -> Taken:
    """Bring the ledger's entries up to what lies in the folder.

    Raises:
        SubmissionError: the folder cannot be opened, or holds nothing where submissions were graded before.
    """
    names = entry_names(folder)
    if not names:
        _refuse_nothing(ledger, folder)
    reader = reader_digest(exam)
    changed: list[str] = []
    read = 0
    for some in chunked(names, TOGETHER):
        known = ledger.known_entries([storable(name) for name in some])
        contents = {name: content_digest(folder / name) for name in some}
        fresh = [n for n in some if known.get(storable(n)) != (contents[n], reader)]
        for name, found in _read(readers, folder, fresh):
            before = known.get(storable(name))
            died = isinstance(found, Lost)
            if died and before == (contents[name], DIED):  # of the same bytes as before
                continue
            handed = _unread(folder / name, found) if isinstance(found, Lost) else found
            if before and before[0] != contents[name]:
                changed.append(storable(name))
            entry = Entry(storable(name), contents[name], DIED if died else reader, handed)
            writer.entry(entry, handed.candidate)
            read += 1
        tick(len(some))
    writer.commit()
    gone = _note_gone(ledger, writer, {storable(name) for name in names})
    return Taken(len(names), read, tuple(changed), gone)


def _read(readers: Engine, folder: Path, names: list[str]) -> Iterator[tuple[str, Handed | Lost]]:
    """What is in each entry, in the order of their names."""
    paths = [folder / name for name in names]
    results = dict(readers.run(Worker.read, paths))
    for path in paths:
        yield path.name, results[path]


def _unread(path: Path, lost: Lost) -> Handed:
    """A file that killed its reader is left to a person, until a run can read it."""
    problem = Problem(storable(path.name), 0, 0, f"our fault: {lost.reason}")
    return Handed(identifier(path), problems=(problem,), failed=str(problem), nameless=True)


def _refuse_nothing(ledger: Ledger, folder: Path) -> None:
    """An empty folder is a drive that is not there rather than a class that left.

    Raises:
        SubmissionError: submissions were graded before.
    """
    graded = sum(1 for _ in ledger.entry_names())
    if graded:
        message = (
            f"holds no submission, but {graded} {'was' if graded == 1 else 'were'} graded before. "
            f"Is the drive that it lies on connected? Nothing was changed; put the files back and run again, "
            f"or to begin anew move {ledger.path} away"
        )
        raise SubmissionError(Problem(str(folder), 0, 0, message))


def _note_gone(ledger: Ledger, writer: Writer, names: set[str]) -> tuple[str, ...]:
    """Entries that vanished stay in the ledger, as gone."""
    gone = [name for name in ledger.entry_names() if name not in names]
    for some in chunked(gone, TOGETHER):
        for name, entry in ledger.entries(some).items():
            assert entry.handed is not None  # noqa: S101 - only those that are there were asked for
            writer.entry(Entry(name, "", entry.reader, None), entry.handed.candidate)
    writer.commit()
    return tuple(gone)

"""The folder of submissions: which entries it has, what their bytes are called, and which belong together."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from grader.errors import Problem, SubmissionError
from grader.exam import Exam
from grader.loading.submissions import MAX_FILES, files_in
from grader.loading.text import MAX_FILE_BYTES
from grader.score import digest
from grader.submission import Handed, place_of

BACKUP_ENDINGS = ("~", ".bak", ".swp", ".tmp", ".orig")
"""Endings that editors give to their own copies; such files are no submissions."""
READER = 1
"""Changes whenever the same bytes would be read otherwise than before."""


def entry_names(folder: Path) -> list[str]:
    """The files and folders that are submissions, in natural order; names that begin with `_` or `.` are not.

    Raises:
        SubmissionError: the folder itself cannot be opened.
    """
    try:
        names = [path.name for path in folder.iterdir()]
    except OSError as failure:
        reason = failure.strerror or type(failure).__name__
        raise SubmissionError(Problem(str(folder), 0, 0, f"cannot be opened: {reason}")) from None
    kept = (n for n in names if not n.startswith(("_", ".")) and not n.endswith(BACKUP_ENDINGS))
    return sorted(kept, key=place_of)


def reader_digest(exam: Exam) -> str:
    """Names what reading a submission depends on beside its bytes."""
    groups = {key: question.groups for key, question in exam.questions.items()}
    return digest(READER, groups, list(exam.groups), exam.default_group, ordered=True)


def content_digest(path: Path) -> str:
    """Names the bytes of an entry, whatever it is; a file that will not be read is named by its size and time."""
    told = hashlib.blake2b(digest_size=16)
    for part in _contents(path):
        told.update(len(part).to_bytes(8))
        told.update(part)
    return told.hexdigest()


def _contents(path: Path) -> Iterator[bytes]:
    """What an entry is read from; what cannot be opened hides nothing of the rest."""
    yield from _told(path)
    try:
        files = files_in(path) if path.is_dir() and not path.is_symlink() else []
    except OSError as failure:
        yield _unopened(failure)
        return
    yield str(len(files)).encode()
    for file in files[:MAX_FILES]:
        yield from _told(file)


def _told(path: Path) -> Iterator[bytes]:
    yield path.name.encode("utf-8", "surrogateescape")
    try:
        status = path.lstat()
        yield str(stat.S_IFMT(status.st_mode)).encode()
        if stat.S_ISREG(status.st_mode):
            whole = status.st_size <= MAX_FILE_BYTES
            changes = repr((status.st_size, status.st_mtime_ns)).encode()
            yield path.read_bytes() if whole else changes
    except OSError as failure:
        yield _unopened(failure)


def _unopened(failure: OSError) -> bytes:
    return f"cannot be opened: {failure.errno}".encode()


def merged(found: Sequence[Handed]) -> Handed:
    """One candidate's entries as one; a candidate found twice is left to a person, once.

    A file that could not be read and only by its name seems to belong to a candidate who handed in does not count;
    it is named beside that candidate's own.
    """
    own = [one for one in found if not one.nameless]
    problems = tuple(problem for one in found for problem in one.problems)
    if len(found) == 1 or len(own) == 1:
        return replace((own or found)[0], problems=problems)
    candidate = found[0].candidate
    message = f"candidate {candidate} handed in {len(found)} times; keep one file or folder"
    problem = Problem(candidate, 0, 0, message)
    return Handed(candidate, found[0].group, problems=(problem, *problems), failed=message)


def storable(name: str) -> str:
    """A file name as text that a database can hold; names that are no text on this system stay apart."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")

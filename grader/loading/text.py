"""Bytes on disk -> text: UTF-8 with or without BOM, or Latin-1 with a warning."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

from grader.errors import Problem, SubmissionError

MAX_FILE_BYTES = 8_000_000


@dataclass(frozen=True, slots=True)
class Text:
    """A file's text, and what is odd about it."""

    text: str
    warnings: tuple[Problem, ...] = ()


def read_text(path: Path, shown: str, factor: int = 1) -> Text:
    """Read a text file; `shown` is its name in messages. Line ends become `\\n`, nothing else changes.

    Raises:
        SubmissionError: it cannot be opened, is too large, or is no text.
    """
    try:
        most = MAX_FILE_BYTES * factor
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise SubmissionError(Problem(shown, 0, 0, "is no ordinary file; hand in a file"))
        size = status.st_size
        if size > most:
            raise SubmissionError(
                Problem(shown, 0, 0, f"the file has {size:,} bytes; at most {most:,} are read")
            )
        data = path.read_bytes()
    except OSError as failure:
        reason = failure.strerror or type(failure).__name__
        raise SubmissionError(Problem(shown, 0, 0, f"cannot be opened: {reason}")) from None
    return decode(data, shown)


def decode(data: bytes, shown: str) -> Text:
    """Text of some bytes.

    Raises:
        SubmissionError: it is no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = _try(data, "utf-16")
        if text is None:
            raise SubmissionError(
                Problem(shown, 1, 1, "starts like UTF-16 but is not; save it as UTF-8")
            )
        return Text(_lines(text), (Problem(shown, 1, 1, "is UTF-16; save it as UTF-8", "warning"),))
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise SubmissionError(
            Problem(shown, line, 1, "this is a binary file, not text; hand in text")
        )
    text = _try(data, "utf-8-sig")
    if text is not None:
        return Text(_lines(text))
    warning = Problem(
        shown,
        0,
        0,
        "is not UTF-8; it was read as Latin-1, look whether letters are right",
        "warning",
    )
    return Text(_lines(data.decode("latin-1")), (warning,))


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")

"""Files that are there whole or not at all, also when the program is killed while it writes them."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

UNFINISHED = ".part"
"""A file that is being written stands beside its place, hidden, and ends in this."""


@contextmanager
def whole(path: Path) -> Iterator[TextIO]:
    """A text file that takes its place when all of it is written; after a failure the old one stays.

    Line ends stay as written, and half characters (lone surrogates), which no file can hold, become `?`.
    What this has written survives the end of the program, not a power cut.

    Raises:
        OSError: the file cannot be written.
    """
    # Two runs must not share it, and `tempfile` would hide the file from everybody but its owner.
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(8)}{UNFINISHED}")
    try:
        with unfinished.open("x", encoding="utf-8", errors="replace", newline="") as out:
            yield out
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_atomically(path: Path, text: str) -> None:
    """Write a whole file, see `whole`."""
    with whole(path) as out:
        out.write(text)


def remove_unfinished(folder: Path) -> None:
    """Remove what killed runs left in a folder. No other run may be writing there."""
    for unfinished in folder.glob(f".*{UNFINISHED}"):
        unfinished.unlink(missing_ok=True)

"""A name for everything that may change a judgement: our judging code and the libraries that count for it."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
JUDGING = (
    "checkers",
    "deriving",
    "exam.py",
    "expressions",
    "rubric.py",
    "sandbox",
    "score.py",
    "scoring.py",
)
"""What of the package judges, folders with all below them."""
LIBRARIES = ("mpmath", "numpy", "python-flint", "torch")
"""Libraries that compute what a judgement rests on."""
ABSENT = "absent"
HEX_DIGITS = 16


@cache
def engine_digest() -> str:
    """The same wherever the same answers get the same scores.

    Depends on the text of our judging modules, the versions of `LIBRARIES` and of Python (major and minor).
    """
    return code_digest(JUDGING, LIBRARIES)


def code_digest(
    code: Sequence[str], libraries: Sequence[str], endings: tuple[str, ...] = (".py",)
) -> str:
    """Names modules and folders of the package, the versions of libraries, and that of Python (major and minor)."""
    digest = hashlib.sha256()
    for part in _parts(code, libraries, endings):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()[:HEX_DIGITS]


def _parts(
    code: Sequence[str], libraries: Sequence[str], endings: tuple[str, ...]
) -> Iterator[bytes]:
    yield f"python {sys.version_info.major}.{sys.version_info.minor}".encode()
    for library in libraries:
        yield f"{library} {_version(library)}".encode()
    for name in _sources(code, endings):
        yield name.replace(os.sep, "/").encode()
        with open(os.path.join(PACKAGE, name), "rb") as file:
            yield file.read().replace(b"\r\n", b"\n")  # a checkout on Windows is the same engine


def _sources(code: Sequence[str], endings: tuple[str, ...]) -> list[str]:
    """The files, relative to the package. Plain strings: paths as objects would take most of the time."""
    found: list[str] = []
    for name in code:
        if name.endswith(".py"):
            found.append(name)
        for folder, _, files in os.walk(os.path.join(PACKAGE, name)):
            inside = os.path.relpath(folder, PACKAGE)
            found += [os.path.join(inside, file) for file in files if file.endswith(endings)]
    return sorted(found)


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ABSENT

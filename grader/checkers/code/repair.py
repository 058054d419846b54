"""Pasted text -> source: fences, prompts, notebooks and what word processors put in are taken off, and said so."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from grader.checkers.base import Misread
from grader.checkers.code import notebook
from grader.score import Raw

_FENCE = re.compile(
    r"^[ \t]*(?:```|~~~)[^\n]*\n(?P<code>.*?)(?:^[ \t]*(?:```|~~~)[ \t]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)
_PROMPT = re.compile(r"^(?:>>>|\.\.\.) ?", re.MULTILINE)
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u00ad"), None)
_SPACES = dict.fromkeys(
    map(
        ord, "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000"
    ),
    " ",
)
_SIGNS = {
    ord(k): v
    for k, v in {
        "“": '"',
        "”": '"',
        "„": '"',
        "‘": "'",
        "’": "'",
        "‚": "'",
        "–": "-",
        "−": "-",
        "×": "*",
        "…": "...",
    }.items()
}
_MAGIC = re.compile(r"^[ \t]*(?:[%!]|\?\w|\w[\w.]*\?[ \t]*$|Out ?\[[\d ]*\]:).*", re.MULTILINE)
"""Lines that only a notebook understands: `%matplotlib inline`, `!pip install …`, `np.exp?`, `Out[3]: 5`."""
_CELL_NUMBER = re.compile(r"^[ \t]*In ?\[[\d ]*\]:[ \t]*", re.MULTILINE)
_CONTINUED = re.compile(r"^[ \t]*\.\.\.:[ \t]?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text is no Python, and the line of the answer, from 1 (0 = unknown)."""

    message: str
    line: int = 0

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message


def as_source(raw: Raw) -> str:
    """The program as one text; the entries of a list are its lines.

    Raises:
        Misread: a mapping, or a list of lists.
    """
    if isinstance(raw, str):
        text = raw
    elif (
        isinstance(raw, Mapping)
        or raw is None
        or not all(isinstance(line, str | None) for line in raw)
    ):
        raise Misread("Write the program as one text.")
    else:
        text = "\n".join(line if isinstance(line, str) else "" for line in raw)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def repair(text: str, filled: Callable[[str], str]) -> tuple[str, tuple[str, ...]]:
    """The program without what word processors, Markdown and notebooks put around it, and notes on what was changed.

    `filled` puts the text into the given program. Characters are only replaced where the whole is no Python
    otherwise: in a text or comment they may be meant.
    """
    notes: list[str] = []
    text = _from_notebook(text, notes)
    if _parses(text):
        return text.strip("\n"), tuple(notes)
    blocks = [block["code"] for block in _FENCE.finditer(text)]
    if blocks:
        text = "\n".join(blocks)
        notes.append("Only the code between ``` marks was read.")
    if _PROMPT.match(text.lstrip("\n")):
        text = "\n".join(_PROMPT.sub("", line) for line in text.split("\n") if _PROMPT.match(line))
        notes.append("The >>> prompts were left out.")
    text = _aligned(text)
    if parse(filled(text), (0, 0))[1] is None:
        return text, tuple(notes)
    plain = _CELL_NUMBER.sub("", _CONTINUED.sub("", _MAGIC.sub("", text)))
    if plain != text:
        text = _aligned(plain)
        notes.append("Lines that only a notebook understands were left out.")
    plain = text.translate(_INVISIBLE).translate(_SPACES).translate(_SIGNS)
    if plain != text:
        text = _aligned(plain)
        notes.append(
            "Typographic quotes, dashes or blanks were replaced by the plain ones Python knows."
        )
    return text, tuple(notes)


def _aligned(text: str) -> str:
    """Without the margin that all lines share, also where only the first line lost it when it was copied."""
    text = textwrap.dedent(text.expandtabs(4) if _mixes_tabs(text) else text).strip("\n")
    first, newline, rest = text.partition("\n")
    shifted = first + newline + textwrap.dedent(rest)
    if _parses(text) or shifted == text or not _parses(shifted):
        return text
    return shifted


def _parses(text: str) -> bool:
    return parse(text, (0, 0))[1] is None


def _from_notebook(text: str, notes: list[str]) -> str:
    """The code cells of a notebook; other text as it is."""
    found = notebook.cells(text)
    if found is None:
        return text
    code = [cell.text for cell in found if cell.code]
    notes.append(f"A notebook: its {len(code)} code cells were read, in their order.")
    return "\n\n".join(cell if _parses(cell) else _MAGIC.sub("", cell) for cell in code)


def _mixes_tabs(text: str) -> bool:
    margins = [line[: len(line) - len(line.lstrip())] for line in text.split("\n")]
    return any("\t" in margin for margin in margins) and any(" " in margin for margin in margins)


def parse(source: str, offset: tuple[int, int]) -> tuple[ast.Module | None, Fault | None]:
    """The syntax tree, or the first error; `offset` is where the answer stands in `source` and how long it is."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # dubious escapes and the like are the candidate's own affair
            return ast.parse(source), None
    except SyntaxError as error:
        before, length = offset
        line = (error.lineno or 0) - before
        known = 0 < line <= length
        return None, Fault((error.msg or "syntax error").rstrip("."), line if known else 0)
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        # null bytes, lone surrogates, or nesting deeper than the parser goes
        reason = (
            "it holds characters no program may hold"
            if isinstance(error, ValueError)
            else "it is nested too deeply"
        )
        return None, Fault(reason)

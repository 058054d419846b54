"""A program. Running it is not built in yet: it is read, its syntax is checked, and a person decides."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Literal

from pydantic import Field, field_validator

from grader.checkers.base import (
    Checker,
    Conventions,
    Credit,
    Misread,
    Model,
    Place,
    Response,
    Tools,
)
from grader.score import NOTHING, Answer, Finding, Outcome, Raw, Reading, Score

MAX_CODE_CHARACTERS = 30_000
MAX_CODE_LINES = 2_000
PLACE = "{{answer}}"
"""Where a template takes the answer."""

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
_CODE_LINE = re.compile(
    r"^[ \t]*(?:def \w+\s*\(|class \w+\s*[(:]|import \w|from [\w.]+ import |@\w|for .+ in .+:|while .+:|if .+:|with .+:|return\b|```)"
    r"|^\s*\w+(?:\.\w+)*\s*=\s*\w+(?:\.\w+)+\(",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text is no Python, and the line of the answer, from 1 (0 = unknown)."""

    message: str
    line: int = 0

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message


@dataclass(frozen=True, slots=True)
class Program:
    """An answer's source text, ready to be put into a template, and its first syntax error."""

    source: str
    fault: Fault | None
    names: frozenset[str]
    """Functions and classes it defines at the top."""


class CodeResponse(Response):
    """A program in Python; never run while it is read."""

    kind: Literal["code"]
    language: Literal["python"] = "python"
    entry: str = ""
    template: str = ""
    allow: tuple[str, ...] = ()

    @field_validator("template")
    @classmethod
    def _has_a_place(cls, template: str) -> str:
        if template and template.count(PLACE) != 1:
            raise ValueError(f"write {PLACE} once, where the answer goes")
        return template

    def interpret(self, raw: Raw, conventions: Conventions) -> Answer:
        text = _as_source(raw)
        if len(text) > MAX_CODE_CHARACTERS or text.count("\n") >= MAX_CODE_LINES:
            limits = f"{MAX_CODE_CHARACTERS:,} characters or {MAX_CODE_LINES:,} lines"
            raise Misread(f"The program is longer than {limits}; hand in only what is asked for.")
        source, notes = repair(text, self)
        tree, fault = parse(self.filled(source), self.offset(source))
        program = Program(source, fault, _defined(tree))
        return Answer(raw, program, Reading(source), self, notes)

    def filled(self, source: str) -> str:
        """The template with the answer in its place, as deep as the place stands; the answer alone without one."""
        if not self.template:
            return source
        before, _, after = self.template.partition(PLACE)
        margin = before[before.rfind("\n") + 1 :]
        inner = (
            textwrap.indent(source, margin).removeprefix(margin) if not margin.strip() else source
        )
        return f"{before}{inner}{after}"

    def offset(self, source: str) -> tuple[int, int]:
        """How many lines of the template stand before the answer, and how many lines the answer has."""
        return self.template.partition(PLACE)[0].count("\n"), source.count("\n") + 1

    def describe(self) -> str:
        entry = f" that defines `{self.entry}`" if self.entry else ""
        allow = f" You may use {', '.join(self.allow)}." if self.allow else ""
        return f"Write Python code{entry}.{allow}"

    def warnings(self, answer: Answer) -> tuple[str, ...]:
        program: Program = answer.value
        found = list(answer.notes)
        if program.fault:
            found.append(f"This is not Python yet: {program.fault}.")
        elif self.entry and self.entry not in program.names:
            found.append(f"The code defines no `{self.entry}`.")
        return tuple(found)

    def value_of(self, answer: Answer, part: str) -> Any:
        return None if part else answer.value.source

    def same(self, first: Answer, second: Answer) -> bool:
        return bool(first.value.source.split() == second.value.source.split())


def looks_like_code(raw: Raw) -> bool:
    """Whether a bare answer is meant as a program rather than as words or a formula."""
    return isinstance(raw, str) and bool(_CODE_LINE.search(raw))


def _as_source(raw: Raw) -> str:
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


def repair(text: str, response: CodeResponse) -> tuple[str, tuple[str, ...]]:
    """The program without what word processors and Markdown put around it, and notes on what was changed.

    Characters are only replaced where the program is no Python otherwise: in a text or comment they may be meant.
    """
    notes: list[str] = []
    blocks = [block["code"] for block in _FENCE.finditer(text)]
    if blocks:
        text = "\n".join(blocks)
        notes.append("Only the code between ``` marks was read.")
    if _PROMPT.match(text.lstrip("\n")):
        text = "\n".join(_PROMPT.sub("", line) for line in text.split("\n") if _PROMPT.match(line))
        notes.append("The >>> prompts were left out.")
    text = textwrap.dedent(text.expandtabs(4) if _mixes_tabs(text) else text).strip("\n")
    if parse(response.filled(text), (0, 0))[1] is None:
        return text, tuple(notes)
    plain = text.translate(_INVISIBLE).translate(_SPACES).translate(_SIGNS)
    if plain != text:
        text = textwrap.dedent(plain)
        notes.append(
            "Typographic quotes, dashes or blanks were replaced by the plain ones Python knows."
        )
    return text, tuple(notes)


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


def _defined(tree: ast.Module | None) -> frozenset[str]:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    names = {node.name for node in tree.body if isinstance(node, kinds)} if tree else set()
    for node in tree.body if tree else ():
        if isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return frozenset(names)


class CodeCriterion(Model):
    """One thing a right program does, and its share of the item."""

    credit: Credit
    say: str


class Code(Checker):
    """Names the criteria; a person judges the program by them."""

    kind: Literal["code"]
    solution_file: str = Field(default="", alias="reference")
    """A program that is right, below the rubric's folder."""
    judged_by: dict[str, CodeCriterion] = Field(alias="criteria", min_length=1)

    def check(self, answer: Answer, tools: Tools) -> Score:
        program: Program = answer.value
        entry = answer.response.entry
        findings: list[Finding] = []
        if program.fault:
            message = f"This is not Python: {program.fault}."
            findings.append(Finding("syntax-error", NOTHING, message, message))
        elif entry and entry not in program.names:
            message = f"The code defines no {entry}."
            findings.append(Finding("no-entry", NOTHING, message, message))
        listed = "; ".join(f"{name} ({c.credit}): {c.say}" for name, c in self.judged_by.items())
        findings.append(Finding("criteria", NOTHING, "", f"to judge by: {listed}"))
        evidence = "not run; a person judges it"
        return Score(
            Outcome.REVIEW, None, answer.reading, tuple(findings), evidence, notes=answer.notes
        )

    def problems(self, response: Response, given: frozenset[str]) -> Iterator[tuple[Place, str]]:
        total = sum((criterion.credit for criterion in self.judged_by.values()), NOTHING)
        if total != 1:
            yield ("criteria",), f"the criteria's credits add up to {total}, not 1"
        path = PurePosixPath(self.solution_file)
        if path.is_absolute() or ".." in path.parts or "\\" in self.solution_file:
            yield ("reference",), "name a file below the folder of this rubric, such as `3a.py`"

    def criteria(self) -> frozenset[str]:
        return frozenset({"syntax-error", "no-entry", "criteria", *self.judged_by})

    def files(self) -> tuple[str, ...]:
        return (self.solution_file,) if self.solution_file else ()

    def undecidable(self) -> bool:
        return True

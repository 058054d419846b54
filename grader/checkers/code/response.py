"""The form in which a program is handed in."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, field_validator

from grader.checkers.base import Conventions, Misread, Response
from grader.checkers.code.repair import Fault, as_source, parse, repair
from grader.score import Answer, Raw, Reading

MAX_CODE_CHARACTERS = 30_000
MAX_CODE_LINES = 2_000
PLACE = "{{answer}}"
"""Where a given program takes the answer."""

_CODE_LINE = re.compile(
    r"^[ \t]*(?:def \w+\s*\(|class \w+\s*[(:]|import \w|from [\w.]+ import |@\w|for .+ in .+:|while .+:|if .+:|with .+:|return\b|```)"
    r"|^\s*\w+(?:\.\w+)*\s*=\s*\w+(?:\.\w+)+\(",
    re.MULTILINE,
)
_HEADER = re.compile(r"def (\w+)\(.*\).*:")


@dataclass(frozen=True, slots=True)
class Program:
    """An answer's source text, ready to be put into a given program, and its first syntax error."""

    source: str
    fault: Fault | None
    names: frozenset[str]
    """What the whole defines at its top level."""
    aside: str
    """Why a person must look instead of the machine: only a part was handed in, or the whole again. "" if neither."""


def _names(value: object) -> object:
    return (value,) if isinstance(value, str) and value else value or ()


class CodeResponse(Response):
    """A program in Python; never run while it is read."""

    kind: Literal["code"]
    language: Literal["python"] = "python"
    entry: Annotated[
        tuple[str, ...], BeforeValidator(_names, json_schema_input_type=str | list[str])
    ] = ()
    """Functions, classes or variables that the program defines."""
    header: str = ""
    """`def f(self, x):`, put over an answer that is only the body of that function."""
    template: str = ""
    """The given program, shown to the candidate, with `{{answer}}` where the answer goes."""
    allow: tuple[str, ...] = ()
    """Modules that may be imported beside the plain ones of Python; empty = any."""

    @field_validator("template")
    @classmethod
    def _has_a_place(cls, template: str) -> str:
        return one_place(template) if template else ""

    @field_validator("header")
    @classmethod
    def _is_a_header(cls, header: str) -> str:
        if header and not _HEADER.fullmatch(header):
            raise ValueError("write the first line of a function, such as `def f(self, x):`")
        return header

    def interpret(self, raw: Raw, conventions: Conventions) -> Answer:
        text = as_source(raw)
        if len(text) > MAX_CODE_CHARACTERS or text.count("\n") >= MAX_CODE_LINES:
            limits = f"{MAX_CODE_CHARACTERS:,} characters or {MAX_CODE_LINES:,} lines"
            raise Misread(f"The program is longer than {limits}; hand in only what is asked for.")
        source, notes = repair(text, self.filled)
        tree, fault = parse(self.filled(source), self.offset(source))
        program = Program(source, fault, _defined(tree), self._aside(source))
        return Answer(raw, program, Reading(source), self, notes)

    def _aside(self, source: str) -> str:
        if self._headed(source) and not re.search(r"^\s*(?:return|yield)\b", source, re.MULTILINE):
            return "These lines return nothing; they seem to be only what changes."
        again = defined_twice(source, self.template)
        return f"The answer defines {again[0]} again, which is given." if again else ""

    def filled(self, source: str) -> str:
        """The whole program as the candidate sees it."""
        return self.fill(self.template, source)

    def fill(self, given: str, source: str) -> str:
        """`given` with the answer in its place, as deep as the place stands; the answer alone where nothing is given."""
        if self._headed(source):
            source = f"{self.header}\n{textwrap.indent(source, '    ')}"
        return put(given, source)

    def offset(self, source: str, given: str | None = None) -> tuple[int, int]:
        """How many lines stand before the answer, and how many lines the answer has."""
        given = self.template if given is None else given
        before = given.partition(PLACE)[0].count("\n") if given else 0
        return before + self._headed(source), source.count("\n") + 1

    def _headed(self, source: str) -> bool:
        """Whether the answer is only a body that needs the header."""
        if not self.header:
            return False
        found = _HEADER.fullmatch(self.header)
        tree, _ = parse(source, (0, 0))
        if (
            tree is None
        ):  # a `return` outside a function is read without complaint, so this is a real fault
            return not re.search(r"^\s*(?:def|class)\b", source, re.MULTILINE)
        kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
        if all(isinstance(node, kinds | ast.Import | ast.ImportFrom) for node in tree.body):
            return False  # definitions alone are no body: the function asked for has another name
        # beside a `return` of its own, the function's name is a variable of the body
        returns = any(isinstance(node, ast.Return) for node in tree.body)
        own = made(source) if returns else _defined(tree)
        return found is not None and found[1] not in own and not set(self.entry) & own

    def describe(self) -> str:
        entry = (
            f" that defines {' and '.join(f'`{name}`' for name in self.entry)}"
            if self.entry
            else ""
        )
        allow = f" You may use {', '.join(self.allow)}." if self.allow else ""
        return f"Write Python code{entry}.{allow}"

    def missing(self, program: Program) -> tuple[str, ...]:
        """The names asked for that the program does not define."""
        return tuple(name for name in self.entry if name not in program.names)

    def warnings(self, answer: Answer) -> tuple[str, ...]:
        program: Program = answer.value
        found = list(answer.notes)
        if program.fault:
            found.append(f"This is not Python yet: {program.fault}.")
        else:
            found += (f"The code defines no `{name}`." for name in self.missing(program))
        return tuple(found)

    def value_of(self, answer: Answer, part: str) -> Any:
        return None if part else answer.value.source

    def same(self, first: Answer, second: Answer) -> bool:
        return bool(first.value.source.split() == second.value.source.split())


def looks_like_code(raw: Raw) -> bool:
    """Whether a bare answer is meant as a program rather than as words or a formula."""
    return isinstance(raw, str) and bool(_CODE_LINE.search(raw))


def one_place(given: str) -> str:
    """A given program that takes the answer once.

    Raises:
        ValueError: it does not.
    """
    if given.count(PLACE) != 1:
        raise ValueError(f"write {PLACE} once, where the answer goes")
    return given


def put(given: str, source: str) -> str:
    """`given` with `source` in its place, every line as deep as the place stands."""
    if not given:
        return source
    before, _, after = given.partition(PLACE)
    margin = before[before.rfind("\n") + 1 :]
    inner = textwrap.indent(source, margin).removeprefix(margin) if not margin.strip() else source
    return f"{before}{inner}{after}"


def _defined(tree: ast.Module | None) -> frozenset[str]:
    """What a program defines outside functions and classes, also below `with`, `if` and loops."""
    return frozenset(_names_of(tree.body)) if tree else frozenset()


def _names_of(body: Iterable[ast.AST]) -> Iterator[str]:
    waiting = list(body)  # no recursion: a chain of `elif` may be as long as the program
    while waiting:
        match node := waiting.pop():
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case (
                ast.stmt()
                | ast.Tuple()
                | ast.List()
                | ast.Starred()
                | ast.ExceptHandler()
                | ast.NamedExpr()
                | ast.withitem()
            ):
                waiting += ast.iter_child_nodes(node)


def defined_twice(source: str, given: str) -> list[str]:
    """Functions and classes that an answer and a given program both define; a given variable may well be set anew."""
    return sorted(made(source) & made(given.replace(PLACE, "pass")))


def made(source: str) -> frozenset[str]:
    """The functions and classes that a program defines at its top level."""
    tree, _ = parse(source, (0, 0))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    own = [node.name for node in tree.body if isinstance(node, kinds)] if tree else []
    return frozenset(own)

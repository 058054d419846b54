"""An author's lines of calls -> steps for the jail.

    layer = ELU(alpha)
    layer.forward(x)

A line that is no assignment is returned and compared with what the reference returns. The lines look like Python and
are parsed as such, but never run here: they may hold assignments, calls, attributes, items, and plain values.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from grader.sandbox import Ask, Call, Get, Let, Library, Ref, Set

Step = Let | Call | Get | Set | Ask

ROUTINES = frozenset(
    {
        *("gradients", "parameters", "parameter_gradients", "buffers", "modules", "load_state"),
        *("watch", "kind", "same_object", "shares_memory", "attributes", "items", "collect"),
    }
)
"""The harness's own routines, called like functions."""
LIBRARIES = {
    "np": "numpy:",
    "numpy": "numpy:",
    "torch": "torch:",
    "nn": "torch:nn.",
    "F": "torch:nn.functional.",
    "math": "math:",
}
"""Names that stand for libraries where no input has them."""
MAX_LINES = 60
TOO_DEEP = "nested too deeply"
REMEMBERED = 512


class ScriptError(ValueError):
    """A line that is no step; the message says which and what to write."""


@dataclass(frozen=True, slots=True)
class Script:
    """Parsed lines. `kept` are the texts of the lines whose results come back, `names` all names that stand first in a path."""

    steps: tuple[Step, ...]
    kept: tuple[str, ...]
    names: frozenset[str]
    saved: frozenset[str]
    """Names that the lines themselves define."""

    def silent(self) -> tuple[Step, ...]:
        """The same steps, none of whose results come back."""
        return tuple(
            replace(step, keep=False) if isinstance(step, Call | Ask) else step
            for step in self.steps
            if not isinstance(step, Get)
        )


@lru_cache(REMEMBERED)
def parse_script(text: str, inputs: frozenset[str]) -> Script:
    """The steps of a text; `inputs` are the names that stand for what is drawn.

    Raises:
        ScriptError: with the line and what to write instead.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as fault:
        line = f"line {fault.lineno}: " if isinstance(fault, SyntaxError) and fault.lineno else ""
        reason = str(fault.args[0]) if fault.args else TOO_DEEP
        raise ScriptError(f"{line}these are no lines of calls ({reason})") from None
    if not tree.body:
        raise ScriptError("write at least one line, such as `f(x)`")
    if len(tree.body) > MAX_LINES:
        raise ScriptError(
            f"write at most {MAX_LINES} lines; longer things belong in the harness file"
        )
    try:
        return _Reader(inputs).read(tree, text)
    except RecursionError:
        raise ScriptError(f"these are no lines of calls ({TOO_DEEP})") from None


class _Reader:
    def __init__(self, inputs: frozenset[str]) -> None:
        self.inputs = inputs
        self.steps: list[Step] = []
        self.kept: list[str] = []
        self.names: set[str] = set()
        self.saved: set[str] = set()
        self.hoisted = 0

    def read(self, tree: ast.Module, text: str) -> Script:
        for node in tree.body:
            try:
                self._line(node, text)
            except ScriptError as fault:
                raise ScriptError(f"line {node.lineno}: {fault}") from None
        return Script(
            tuple(self.steps), tuple(self.kept), frozenset(self.names), frozenset(self.saved)
        )

    def _line(self, node: ast.stmt, text: str) -> None:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                self._call(call, save=name, keep=False)
                self.saved.add(name)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self.steps.append(Let(name, self._value(value)))
                self.saved.add(name)
            case ast.Assign(targets=[ast.Attribute() | ast.Subscript() as place], value=value):
                self.steps.append(Set(self._path(place), self._value(value)))
            case ast.Expr(value=ast.Call() as call):
                self._call(call, save="", keep=True)
                self.kept.append(ast.get_source_segment(text, node) or "")
            case ast.Expr(value=ast.Name() | ast.Attribute() | ast.Subscript() as place):
                self.steps.append(Get(self._path(place)))
                self.kept.append(ast.get_source_segment(text, node) or "")
            case _:
                raise ScriptError("write `name = call(…)`, `call(…)` or a name")

    def _call(self, node: ast.Call, save: str, keep: bool) -> None:
        args = [self._value(argument) for argument in node.args]
        kwargs: dict[str, Any] = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                raise ScriptError("`**` cannot be used here")
            kwargs[keyword.arg] = self._value(keyword.value)
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in ROUTINES and name not in self.saved | self.inputs:
            self.steps.append(Ask(name, args, kwargs, save=save, keep=keep))
        else:
            target = self._library(node.func) or self._path(node.func)
            self.steps.append(Call(target, args, kwargs, save=save, keep=keep))

    def _value(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=None | bool() | int() | float() | str() as value):
                return value
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                return -value
            case ast.List(elts=parts):
                return [self._value(part) for part in parts]
            case ast.Tuple(elts=parts):
                return tuple(self._value(part) for part in parts)
            case ast.Dict(keys=keys, values=values) if all(keys):
                pairs = zip(keys, values, strict=True)
                return {self._key(k): self._value(v) for k, v in pairs if k is not None}
            case ast.Call() | ast.Name() | ast.Attribute() | ast.Subscript():
                library = self._library(node)
                return Library(library) if library else Ref(self._path(node))
        raise ScriptError(f"`{ast.unparse(node)}` is no value; calculate in the harness file")

    def _key(self, node: ast.expr) -> Any:
        if isinstance(node, ast.List | ast.Dict | ast.Tuple):
            raise ScriptError(f"`{ast.unparse(node)}` is no key; write a number or a text")
        return self._value(node)

    def _path(self, node: ast.expr) -> str:
        match node:
            case ast.Name(id=name):
                self.names.add(name)
                return name
            case ast.Attribute(value=owner, attr=name):
                return f"{self._path(owner)}.{name}"
            case ast.Subscript(value=owner, slice=ast.Constant(value=int() | str() as place)):
                part = str(place)
                if not part or {".", ":"} & {*part} or part.startswith("-"):
                    raise ScriptError("items are numbered from 0 or named without dots or colons")
                return f"{self._path(owner)}.{part}"
            case ast.Call():
                self.hoisted += 1
                name = f"_{self.hoisted}"
                self._call(node, save=name, keep=False)
                self.saved.add(name)
                return name
        raise ScriptError(f"`{ast.unparse(node)}` is no name; calculate in the harness file")

    def _library(self, node: ast.expr) -> str:
        """`torch:nn.functional.relu`, "" for a path that begins elsewhere."""
        parts = list(_attributes(node))
        if not parts or parts[0] not in LIBRARIES or parts[0] in self.inputs | self.saved:
            return ""
        return LIBRARIES[parts[0]] + ".".join(parts[1:]) if len(parts) > 1 else ""


def _attributes(node: ast.expr) -> Iterator[str]:
    """`a.b.c` as its names; nothing where it is no such chain."""
    names: Sequence[str] = ()
    while isinstance(node, ast.Attribute):
        names = (node.attr, *names)
        node = node.value
    if isinstance(node, ast.Name):
        yield from (node.id, *names)

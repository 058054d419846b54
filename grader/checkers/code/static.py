"""What a program's syntax tree shows without running it: forbidden and required names, imports, tampering.

It can be deceived in both directions, so what it finds is shown to a person and never changes a credit by itself.
"""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeGuard

from grader.checkers.code.repair import parse
from grader.checkers.code.response import PLACE

LOOPS = {"for": ast.For | ast.comprehension | ast.AsyncFor, "while": ast.While}
"""Statements that can be forbidden or required like names."""
PLAIN_IMPORTS = frozenset(
    {
        *("__future__", "abc", "cmath", "collections", "copy", "dataclasses", "decimal", "enum"),
        *("fractions", "functools", "heapq", "itertools", "math", "numbers", "operator", "random"),
        *("json", "logging", "matplotlib", "pprint", "re", "statistics", "string", "textwrap"),
        *("time", "timeit", "typing", "typing_extensions", "warnings"),
    }
)
"""Modules that calculate nothing for anybody: of the standard library, and for pictures."""
SUSPECT_MODULES = frozenset(
    {
        *(
            "atexit",
            "builtins",
            "code",
            "ctypes",
            "faulthandler",
            "gc",
            "importlib",
            "inspect",
            "marshal",
        ),
        *(
            "multiprocessing",
            "os",
            "pickle",
            "signal",
            "socket",
            "subprocess",
            "sys",
            "threading",
            "traceback",
        ),
        *("grader", "__main__"),
    }
)
HIDDEN = "getattr with a name that is put together"
SUSPECT_NAMES = frozenset(
    {
        HIDDEN,
        *("__builtins__", "__subclasses__", "__globals__", "__code__", "__closure__", "__mro__"),
        *(
            "__eq__",
            "__array_function__",
            "__array_ufunc__",
            "__torch_function__",
            "__getattribute__",
            "__setattr__",
            "__delattr__",
        ),
        *("_getframe", "f_back", "f_globals", "f_locals", "settrace", "setprofile", "_exit"),
    }
)
"""What programs use that reach for the grader instead of the answer, and answers hardly ever."""
SUSPECT_CALLS = frozenset(
    {"exec", "eval", "compile", "globals", "locals", "vars", "__import__", "setattr", "delattr"}
)
"""The same, of Python's own functions; methods of these names are harmless."""
REACHED_THROUGH = frozenset(
    {"os", "_os", "sys", "_sys", "builtins", "inspect", "ctypes", "gc", "__dict__"}
)
"""What libraries hold as attributes, so that no import is needed to reach or change it."""
SETTINGS = "torch.backends."
"""What stands below are switches that programs set for repeatable results."""
PRETENDERS = frozenset({"numpy.ndarray", "torch.Tensor", "bool", "float", "int", "str"})
"""Values that the tests calculate with; a class derived from one can give them its own sums and comparisons."""
KNOWN_NAMES = {
    "np": "numpy",
    "nn": "torch.nn",
    "F": "torch.nn.functional",
    "relu": "torch.nn.functional.relu",
}
"""What names mean that a given program imports around the answer."""
MODULES = frozenset({"numpy", "torch", "torch.nn", "torch.nn.functional"})
"""Modules that an assignment may give another name."""
LONGEST_PATH = 16
"""Names in a dotted path; what is longer is no library's."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """One thing for a person to look at: the line in the answer, from 1, and what stands there."""

    id: str
    line: int
    message: str


def look(
    source: str, *, allow: tuple[str, ...], forbid: tuple[str, ...], require: tuple[str, ...]
) -> Iterator[Noticed]:
    """Everything worth a look; nothing for a text that is no Python.

    Names are dotted (`torch.relu`), a leading dot means any object's method (`.relu`), `for` and `while` mean loops.
    """
    tree, _ = parse(source, (0, 0))
    if tree is None:
        return
    seen = _Seen(tree)
    yield from _imports(seen, allow)
    for name in forbid:
        if (line := seen.line_of(name)) is not None:
            yield Noticed(
                "forbidden-name", line, f"line {line} uses {name}, which is not allowed here"
            )
    for name in require:
        if seen.line_of(name) is None:
            yield Noticed("required-name", 1, f"{name} is asked for and does not appear")
    yield from _tampering(seen)


class _Seen:
    """Names and attributes of a tree by the library path they stand for."""

    def __init__(self, tree: ast.Module) -> None:
        self.nodes = sorted(
            (
                node
                for node in ast.walk(tree)
                if hasattr(node, "lineno") or isinstance(node, ast.comprehension)
            ),
            key=lambda node: getattr(node, "lineno", 1),
        )
        self.aliases = dict(KNOWN_NAMES)
        for name in {_defined(node) for node in self.nodes} & {*KNOWN_NAMES}:
            del self.aliases[name]
        self.imported: list[tuple[str, int]] = []
        self.stars: list[str] = []
        for node in self.nodes:
            self._import(node)

    def _import(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                self.imported.append((alias.name, node.lineno))
                top = alias.name.split(".")[0]
                self.aliases[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            self.imported.append((node.module or ".", node.lineno))
            for alias in node.names:
                self.aliases[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                self.stars += [node.module or ""] * (alias.name == "*")
        elif isinstance(node, ast.Assign) and (path := self.path(node.value)) in MODULES:
            self.aliases |= {name.id: path for name in node.targets if isinstance(name, ast.Name)}

    def line_of(self, name: str) -> int | None:
        """Where a name is first used, None if it is not."""
        if name in LOOPS:
            return next((_line(node) for node in self.nodes if isinstance(node, LOOPS[name])), None)
        method = name[1:] if name.startswith(".") else ""
        module, _, last = name.rpartition(".")
        bare = last if module in self.stars else ""
        found = (
            node
            for node in self.nodes
            if (isinstance(node, ast.Attribute) and node.attr == method)
            or (not method and self.path(node) == name)
            or (isinstance(node, ast.Name) and node.id == bare)
        )
        return next((_line(node) for node in found), None)

    def path(self, node: ast.AST) -> str:
        """The library path of a name or attribute, "" for anything else."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute) and len(parts) < LONGEST_PATH:
            parts.insert(0, node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        return ".".join((self.aliases.get(node.id, node.id), *parts))


def _line(node: ast.AST) -> int:
    if isinstance(node, ast.comprehension):
        return node.target.lineno
    return int(getattr(node, "lineno", 1))


def _imports(seen: _Seen, allow: tuple[str, ...]) -> Iterator[Noticed]:
    if not allow:
        return
    for name, line in seen.imported:
        top = name.split(".")[0]
        if top not in allow and top not in PLAIN_IMPORTS:
            listed = ", ".join(allow)
            yield Noticed(
                "import", line, f"line {line} imports {name}; only {listed} may be used here"
            )


def _tampering(seen: _Seen) -> Iterator[Noticed]:
    for name, line in seen.imported:
        if name.split(".")[0] in SUSPECT_MODULES:
            yield Noticed("tampering", line, f"line {line} imports {name}")
    libraries = {name.split(".")[0] for name, _ in seen.imported} - {""} | {"numpy", "torch"}
    for node in seen.nodes:
        name = _name(node)
        if name in SUSPECT_NAMES or (name in SUSPECT_CALLS and isinstance(node, ast.Name)):
            yield Noticed("tampering", _line(node), f"line {_line(node)} uses {name}")
        elif isinstance(node, ast.Attribute) and name in REACHED_THROUGH:
            path = seen.path(node)
            if path.split(".")[0] in libraries:
                yield Noticed("tampering", _line(node), f"line {_line(node)} uses {path}")
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            path = seen.path(node)
            if path.split(".")[0] in libraries and not path.startswith(SETTINGS):
                yield Noticed("tampering", _line(node), f"line {_line(node)} changes {path}")
        for base in node.bases if isinstance(node, ast.ClassDef) else ():
            if (path := seen.path(base)) in PRETENDERS:
                yield Noticed(
                    "tampering", _line(node), f"line {_line(node)} derives a class from {path}"
                )


def reaches(source: str, given: str) -> frozenset[str]:
    """What a whole program uses of what `given` defines below the answer, where only tests stand.

    A function may have a variable of the same name; that is its own.
    """
    tree, _ = parse(given.replace(PLACE, "pass"), (0, 0))
    try:
        table = symtable.symtable(source, "", "exec")
    except (SyntaxError, ValueError, RecursionError):
        return frozenset()
    line = given.partition(PLACE)[0].count("\n") + 1
    below = (
        {name for node in tree.body if node.lineno > line for name in _bound(node)}
        if tree
        else set()
    )
    return frozenset(_outer(table)) & below


def _bound(node: ast.stmt) -> Iterator[str]:
    """The functions, classes and variables that one statement of a program defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        yield from (part.id for part in ast.walk(node) if _is_stored(part))


def _is_stored(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _outer(table: symtable.SymbolTable) -> Iterator[str]:
    """Names that a program takes from outside itself, and those that it declares as global."""
    own = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned()}
    yield from (name.get_name() for name in table.get_symbols() if not name.is_assigned())
    waiting = list(table.get_children())
    while waiting:
        inner = waiting.pop()
        waiting += inner.get_children()
        for symbol in inner.get_symbols():
            name = symbol.get_name()
            if symbol.is_declared_global() or (symbol.is_global() and name not in own):
                yield name


def _defined(node: ast.AST) -> str:
    """The name of a function or class that is defined here."""
    return node.name if isinstance(node, ast.FunctionDef | ast.ClassDef) else ""


def _name(node: ast.AST) -> str:
    """What a node is called: a name, an attribute, a function or a class, also where a text only holds the name."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.Constant(value=str(name)):
            return name
        case ast.Call(func=ast.Name(id="getattr"), args=[_, name, *_]):
            return "" if isinstance(name, ast.Constant) else HIDDEN
    return ""

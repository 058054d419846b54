"""The only YAML reader. Every scalar keeps the text that was written; nothing becomes a number, a date or `True`.

PyYAML's composer gives a tree of nodes with places; values are taken from it and places looked up when a
message needs one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from grader.errors import Problem, SubmissionError
from grader.loading.text import read_text
from grader.score import Raw

MAX_NODES = 200_000
"""Nodes of one submission after aliases are followed; stops files that unfold without end."""
MAX_CHARACTERS = 8_000_000
"""Characters of all its texts after aliases are followed."""
STAFF_FACTOR = 100
"""So many times more may stand in a file that staff wrote, such as a review sheet of a large class."""
MAX_DEPTH = 50
SHALLOW = 200
"""A text with fewer brackets, dashes and question marks than this cannot be nested deep enough to do harm."""
_KNOWN_TAGS = frozenset(
    ["null", "bool", "int", "float", "timestamp", "str", "seq", "map", "merge", "value"]
)
"""What YAML itself takes plain values for; we keep the text of all of them."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Document:
    """A YAML file: its values with all scalars as text (None where nothing was written), and where they stand."""

    file: str
    value: Raw
    root: yaml.Node | None
    warnings: tuple[Problem, ...] = ()

    def locate(self, path: Sequence[str | int]) -> tuple[int, int]:
        """Line and column (from 1) of the deepest node on the path; steps that are not in the file are passed over."""
        node, mark = self.root, self.root.start_mark if self.root else None
        for step in path:
            if isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    if key.value == str(step):
                        node, mark = value, key.start_mark
                        break
            elif (
                isinstance(node, yaml.SequenceNode)
                and isinstance(step, int)
                and step < len(node.value)
            ):
                node = node.value[step]
                mark = node.start_mark
        return (mark.line + 1, mark.column + 1) if mark else (1, 1)

    def problem(self, path: Sequence[str | int], message: str) -> Problem:
        line, column = self.locate(path)
        return Problem(self.file, line, column, message)


def load_yaml(path: Path, shown: str, *, by_staff: bool = False) -> Document:
    """Read a YAML file; files written `by_staff` may be larger.

    Raises:
        SubmissionError: it cannot be read; every problem with line and column.
    """
    factor = STAFF_FACTOR if by_staff else 1
    text = read_text(path, shown, factor)
    document = parse_yaml(text.text, shown, factor)
    return Document(document.file, document.value, document.root, text.warnings)


def parse_yaml(text: str, shown: str, factor: int = 1) -> Document:
    """Read YAML text; `factor` stretches the limits on its size.

    Raises:
        SubmissionError: with every problem found.
    """
    try:
        _refuse_depth(text, shown)
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as failure:
        mark = failure.problem_mark or failure.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise SubmissionError(Problem(shown, line, column, _explain(failure, text, line))) from None
    except yaml.reader.ReaderError as failure:
        line = text[: failure.position].count("\n") + 1
        found = failure.character
        code = found if isinstance(found, int) else ord(str(found)[:1] or "?")
        message = f"the character U+{code:04X} may not stand in YAML; remove it"
        raise SubmissionError(Problem(shown, line, 1, message)) from None
    if root is None:
        raise SubmissionError(Problem(shown, 1, 1, "the file is empty"))
    reader = _Reader(shown, factor)
    value = reader.read(root, 0)
    if reader.problems:
        raise SubmissionError(reader.problems)
    return Document(shown, value, root)


def _refuse_depth(text: str, shown: str) -> None:
    """Follow the events of a text that could be nested deep: composing it would recurse without a guard.

    Raises:
        SubmissionError: it is nested too deep.
    """
    if sum(text.count(sign) for sign in "[{-?") < SHALLOW:
        return
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            line = event.start_mark.line + 1 if event.start_mark else 1
            message = f"lists or mappings are nested deeper than {MAX_DEPTH} levels"
            raise SubmissionError(Problem(shown, line, 1, message))


class _Reader:
    """Nodes -> values, gathering problems."""

    def __init__(self, file: str, factor: int) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.nodes_left = MAX_NODES * factor
        self.characters_left = MAX_CHARACTERS * factor

    def read(self, node: yaml.Node, depth: int) -> Raw:
        self.nodes_left -= 1
        self.characters_left -= len(node.value) if isinstance(node, yaml.ScalarNode) else 0
        if self.nodes_left < 0 or self.characters_left < 0 or depth > MAX_DEPTH:
            if not self.problems or "too large" not in self.problems[-1].message:
                self.note(
                    node, "the file is too large or nested too deep once aliases are followed"
                )
            return None
        if node.tag.removeprefix("tag:yaml.org,2002:") not in _KNOWN_TAGS:
            self.note(node, f"tags such as {node.tag!r} mean nothing here; put the text in quotes")
        if isinstance(node, yaml.ScalarNode):
            return None if node.value == "" and not node.style else str(node.value)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, depth + 1) for item in node.value]
        assert isinstance(node, yaml.MappingNode)  # noqa: S101 - the third and last sort of node
        return self._mapping(node, depth)

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, Raw]:
        found: dict[str, Raw] = {}
        first: dict[str, int] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.note(key, "a key must be plain text")
                continue
            name = str(key.value)
            if name in found:
                self.note(
                    key,
                    f"{name!r} stands here a second time (first in line {first[name]}); keep one",
                )
                continue
            first[name] = key.start_mark.line + 1
            found[name] = self.read(value, depth + 1)
        return found

    def note(self, node: yaml.Node, message: str) -> None:
        mark = node.start_mark
        self.problems.append(Problem(self.file, mark.line + 1, mark.column + 1, message))


def _explain(failure: yaml.MarkedYAMLError, text: str, line: int) -> str:
    """What the YAML library says, with the usual cure."""
    lines = text.splitlines()
    shown = lines[line - 1].strip()[:60] if 0 < line <= len(lines) else ""
    said = str(failure.problem or failure.context or "this is not YAML")
    if "\t" in (lines[line - 1] if 0 < line <= len(lines) else ""):
        cure = "use blanks instead of the tab"
    elif "mapping values are not allowed" in said:
        cure = "put text that contains `: ` in quotes"
    elif "expected <block end>" in said or "could not find expected ':'" in said:
        cure = "look at the indentation here and in the line above"
    elif "found character" in said or "anchor" in said or "alias" in said:
        cure = "put the text in quotes"
    else:
        cure = "look for an open quote or bracket above"
    return f"not YAML: {said} at {shown!r}; {cure}"

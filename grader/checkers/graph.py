"""A graph, given by its edges."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeGuard

from pydantic import BeforeValidator, Field, model_validator

from grader.checkers._edges import MAX_EDGES, Edge, read_edges, read_table, table_rows, unknown
from grader.checkers.base import (
    Checker,
    Conventions,
    Credit,
    Misconception,
    Misread,
    Place,
    Response,
    Tools,
    is_blank,
)
from grader.checkers.labels import Labels, unique
from grader.score import FULL, NOTHING, Answer, Finding, Raw, Reading, Score, graded

MAX_NAMED = 10
"""Edges that a message lists."""


def _as_texts(value: object) -> object:
    """A list of node names as a mapping from name to (empty) text."""
    return {str(name): "" for name in value} if isinstance(value, list | tuple) else value


class GraphResponse(Response):
    """Given nodes; the answer names the edges between them."""

    kind: Literal["graph"]
    nodes: Annotated[
        dict[str, str],
        BeforeValidator(_as_texts, json_schema_input_type=dict[str, str] | list[str]),
        Field(min_length=1),
    ]
    directed: bool = True
    aliases: dict[str, str] = {}

    @cached_property
    def labels(self) -> Labels:
        return Labels.of("node", self.nodes, self.aliases)

    @model_validator(mode="after")
    def _nodes_differ(self) -> GraphResponse:
        for alias, node in self.aliases.items():
            if node not in self.nodes:
                raise ValueError(f"alias {alias!r} stands for {node!r}, which is no node")
        for clash in self.labels.clashes():
            raise ValueError(clash)
        return self

    def interpret(self, raw: Raw, conventions: Conventions) -> Answer:
        edges = unique(self.oriented(self._read(raw)))
        arrow = "→" if self.directed else "–"
        reading = ", ".join(f"{source}{arrow}{target}" for source, target in edges) or "no edges"
        return Answer(raw, frozenset(edges), Reading(reading), self)

    def oriented(self, edges: Iterable[Edge]) -> list[Edge]:
        """The edges; where direction does not count, each with its nodes in the order of the exam."""
        if self.directed:
            return list(edges)
        rank = {node: number for number, node in enumerate(self.nodes)}
        return [(a, b) if rank.get(a, 0) <= rank.get(b, 0) else (b, a) for a, b in edges]

    def _read(self, raw: Raw) -> list[Edge]:
        if isinstance(raw, str):
            table = read_table(table_rows(raw), self.labels.find) if "\n" in raw else None
            return table if table is not None else read_edges(raw, self.labels)
        if isinstance(raw, Mapping):
            return [edge for name, entry in raw.items() for edge in self._neighbours(name, entry)]
        entries = list(raw or ())
        rows = [[_text(cell) for cell in entry] for entry in entries if _is_row(entry)]
        if len(rows) == len(entries) and (table := read_table(rows, self.labels.find)) is not None:
            return table
        return [edge for entry in entries if not is_blank(entry) for edge in self._entry(entry)]

    def _entry(self, entry: Raw) -> list[Edge]:
        if isinstance(entry, str):
            return read_edges(entry, self.labels)
        if isinstance(entry, Mapping):
            return self._read(entry)
        cells = list(entry or ())
        if len(cells) == 2 and all(isinstance(cell, str) for cell in cells):
            return [(self._node(_text(cells[0])), self._node(_text(cells[1])))]
        raise Misread("Write each edge as a pair of nodes, such as [S, A].")

    def _neighbours(self, name: str, entry: Raw) -> list[Edge]:
        """Edges of one line of an adjacency list, or of one row of a table of 0 and 1."""
        source = self._node(name)
        if entry is None or is_blank(entry):
            return []
        if isinstance(entry, str):
            return [
                (source, self._node(piece))
                for piece in re.split(r"[\s,;]+", entry.strip("[](){} "))
            ]
        if isinstance(entry, Mapping):
            table = read_table(
                [["", *entry], [name, *map(_text, entry.values())]], self.labels.find
            )
            if table is None:
                raise Misread(f"Mark each edge from {source} with 1 and leave the others 0.")
            return table
        return [(source, self._node(_text(target))) for target in entry if not is_blank(target)]

    def _node(self, name: str) -> str:
        found = self.labels.find(name)
        if found is None:
            raise unknown(name, self.labels)
        return found

    def describe(self) -> str:
        nodes = list(self.nodes)
        first, second = nodes[0], nodes[-1]
        sign, kind = ("->", "edges") if self.directed else ("-", "edges (in either direction)")
        return f"Write all {kind} between {', '.join(nodes)}, such as `{first} {sign} {second}`, one per line."

    def warnings(self, answer: Answer) -> tuple[str, ...]:
        touched = {node for edge in answer.value for node in edge}
        lonely = [node for node in self.nodes if node not in touched]
        return (f"No edge touches {', '.join(lonely)}.",) if lonely else ()


def _is_row(entry: Raw) -> TypeGuard[Sequence[Raw]]:
    return isinstance(entry, Sequence) and not isinstance(entry, str)


def _text(cell: Raw) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    raise Misread("Write names of nodes here, not a list.")


def expand(value: object) -> object:
    """An author's edges as pairs: `[S, A]`, or `"x1, x2 -> h1, h2"` for all that it stands for.

    Raises:
        ValueError: with what to write instead.
    """
    entries = [value] if isinstance(value, str) else value
    if not isinstance(entries, list | tuple):
        raise ValueError('write a list of edges such as [S, A] or "x1, x2 -> h1, h2"')
    edges: list[object] = []
    for entry in entries:
        edges += _expand_text(entry) if isinstance(entry, str) else [entry]
        if len(edges) > MAX_EDGES:
            raise ValueError(f"at most {MAX_EDGES:,} edges can be judged")
    return edges


def _expand_text(text: str) -> list[Edge]:
    layers = [[name.strip() for name in layer.split(",")] for layer in re.split(r"->|→", text)]
    if len(layers) < 2 or not all(name for layer in layers for name in layer):
        raise ValueError(f'write an edge as [S, A] or "x1, x2 -> h1, h2", not {text!r}')
    sides = pairwise(layers)
    return [(source, target) for left, right in sides for source in left for target in right]


Edges = Annotated[
    tuple[tuple[str, str], ...],
    BeforeValidator(expand, json_schema_input_type=str | list[str | list[str]]),
]


class GraphMisconception(Misconception):
    """A wrong graph, or the right one with every edge `reversed`."""

    when: Literal["reversed"] | Edges


class Graph(Checker):
    """Credit for each edge of the key; edges that are not in it cost."""

    kind: Literal["graph"]
    edges: Annotated[Edges, Field(min_length=1)]
    optional: Edges = ()
    extra: Credit | None = None
    misconceptions: dict[str, GraphMisconception] = {}

    def check(self, answer: Answer, tools: Tools) -> Score:
        response: GraphResponse = answer.response
        key = frozenset(response.oriented(self.edges))
        drawn = frozenset(answer.value) - (frozenset(response.oriented(self.optional)) - key)
        right, extra = drawn & key, drawn - key
        evidence = f"{len(right)} of {len(key)} edges, {len(extra)} that are not in the key"
        if drawn == key:
            finding = Finding("key", FULL, f"All {len(key)} edges are right.")
            return graded(FULL, answer, [finding], evidence)
        for name, misconception in self.misconceptions.items():
            if drawn == self._wrong(misconception, response):
                finding = Finding(name, misconception.credit, misconception.say)
                return graded(misconception.credit, answer, [finding], evidence)
        findings = self._findings(response, key, right, extra)
        credit = sum((finding.credit for finding in findings), NOTHING)
        return graded(max(NOTHING, credit), answer, findings, evidence)

    def _wrong(self, misconception: GraphMisconception, response: GraphResponse) -> frozenset[Edge]:
        if misconception.when == "reversed":
            return frozenset((target, source) for source, target in self.edges)
        return frozenset(response.oriented(misconception.when))

    def _findings(
        self,
        response: GraphResponse,
        key: frozenset[Edge],
        right: frozenset[Edge],
        extra: frozenset[Edge],
    ) -> list[Finding]:
        share = Fraction(1, len(key))
        cost = share if self.extra is None else self.extra
        found = [Finding("right-edges", len(right) * share, f"{len(right)} edges are right.")]
        if missing := key - right:
            message = f"{len(missing)} edges of the graph are missing."
            found.append(
                Finding("missing-edges", NOTHING, message, f"missing: {_list(missing, response)}")
            )
        if extra:
            message = f"Not in the graph: {_list(extra, response)}."
            found.append(Finding("extra-edges", -len(extra) * cost, message, f"{len(extra)} extra"))
        return found

    def problems(self, response: Response, given: frozenset[str]) -> Iterator[tuple[Place, str]]:
        assert isinstance(response, GraphResponse)  # noqa: S101 - the loader has matched the kinds
        places: list[tuple[Place, Sequence[Edge]]] = [
            (("edges",), self.edges),
            (("optional",), self.optional),
        ]
        for name, misconception in self.misconceptions.items():
            place: Place = ("misconceptions", name, "when")
            if misconception.when != "reversed":
                places.append((place, misconception.when))
            elif not response.directed:
                yield place, "the direction of edges does not count here, so `reversed` is the key"
        for place, edges in places:
            for node in unique(node for edge in edges for node in edge):
                if node not in response.nodes:
                    yield (
                        place,
                        f"the exam has no node {node!r}; it has {', '.join(response.nodes)}",
                    )
        if len(set(response.oriented(self.edges))) < len(self.edges):
            yield ("edges",), "an edge stands twice in the key"
        if set(response.oriented(self.optional)) & set(response.oriented(self.edges)):
            yield ("optional",), "an optional edge is also in the key"

    def reference(self, response: Response, given: Mapping[str, Any]) -> Any:
        return (
            frozenset(response.oriented(self.edges))
            if isinstance(response, GraphResponse)
            else None
        )

    def model_answer(self, response: Response, given: Mapping[str, Any]) -> Raw:
        return ", ".join(f"{source} -> {target}" for source, target in self.edges)

    def criteria(self) -> frozenset[str]:
        return frozenset(
            {"key", "right-edges", "missing-edges", "extra-edges", *self.misconceptions}
        )


def _list(edges: Iterable[Edge], response: GraphResponse) -> str:
    """The edges in the order of the exam's nodes, so that equal answers give equal messages."""
    rank = {node: number for number, node in enumerate(response.nodes)}
    ordered = sorted(edges, key=lambda edge: (rank.get(edge[0], 0), rank.get(edge[1], 0)))
    arrow = "→" if response.directed else "–"
    names = [f"{source}{arrow}{target}" for source, target in ordered[:MAX_NAMED]]
    return ", ".join(names) + (
        f" and {len(ordered) - MAX_NAMED} more" if len(ordered) > MAX_NAMED else ""
    )

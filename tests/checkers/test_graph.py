"""Reading edges."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.checkers.graph import Graph, GraphResponse
from grader.score import Answer, Raw, Unread
from tests.checkers.strategies import CONVENTIONS, RAWS, STEADY

NODES = ["S", "A", "B", "h1", "h2", "y-hat"]
RESPONSE = GraphResponse(kind="graph", nodes=NODES)
EDGES = st.lists(
    st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), min_size=1, max_size=8, unique=True
)


def edges_of(raw: Raw, response: GraphResponse = RESPONSE) -> frozenset[tuple[str, str]]:
    read = response.read(raw, CONVENTIONS)
    assert isinstance(read, Answer), read
    assert isinstance(read.value, frozenset)
    return read.value


@STEADY
@given(
    EDGES, st.sampled_from(["-", "->", " → ", " => ", " to "]), st.sampled_from([", ", "\n", "; "])
)
def test_printed_edges_are_read_back(
    edges: list[tuple[str, str]], arrow: str, separator: str
) -> None:
    text = separator.join(f"{source}{arrow}{target}" for source, target in edges)
    assert edges_of(text) == frozenset(edges)


@STEADY
@given(EDGES)
def test_neighbours_pairs_and_tables_say_the_same(edges: list[tuple[str, str]]) -> None:
    neighbours: dict[str, list[str]] = {}
    for source, target in edges:
        neighbours.setdefault(source, []).append(target)
    lines = "\n".join(f"{source}: {', '.join(targets)}" for source, targets in neighbours.items())
    pairs = ", ".join(f"({source}, {target})" for source, target in edges)
    table: list[list[str]] = [["", *NODES]]
    table += [[row, *(str(int((row, column) in edges)) for column in NODES)] for row in NODES]
    written = "\n".join("\t".join(row) for row in table)
    forms: list[Raw] = [neighbours, lines, pairs, table, written, [list(edge) for edge in edges]]
    for form in forms:
        assert edges_of(form) == frozenset(edges)


@STEADY
@given(EDGES)
def test_without_direction_both_ways_are_one(edges: list[tuple[str, str]]) -> None:
    undirected = GraphResponse(kind="graph", nodes=NODES, directed=False)
    there = edges_of([list(edge) for edge in edges], undirected)
    back = edges_of([[target, source] for source, target in edges], undirected)
    assert there == back


@STEADY
@given(RAWS)
def test_anything_can_be_handed_in(raw: Raw) -> None:
    assert isinstance(RESPONSE.read(raw, CONVENTIONS), Answer | Unread)


def test_a_name_inside_a_longer_word_is_no_node() -> None:
    read = RESPONSE.read("S -> A, Bob", CONVENTIONS)
    assert isinstance(read, Unread)
    assert read.excerpt == "S -> A, Bob\n        ^"


def test_an_edge_in_both_directions() -> None:
    assert edges_of("S <-> A") == {("S", "A"), ("A", "S")}


def test_layers_join_all_with_all() -> None:
    assert len(edges_of("S, A -> h1, h2 -> B")) == 6


def test_too_many_edges_are_refused() -> None:
    read = RESPONSE.read("S-A\n" * 15_000, CONVENTIONS)
    assert isinstance(read, Unread)


def test_an_author_is_told_how_to_write_edges() -> None:
    for edges in (["S to A"], "S", [["S"]], []):
        with pytest.raises(ValidationError):
            Graph.model_validate({"kind": "graph", "edges": edges})


def test_problems_name_the_place() -> None:
    check = Graph.model_validate(
        {
            "kind": "graph",
            "edges": ["S -> A", ["S", "A"], ["S", "Z"]],
            "optional": [["S", "A"]],
            "misconceptions": {"back": {"when": "reversed", "credit": 0, "say": "No."}},
        }
    )
    undirected = GraphResponse(kind="graph", nodes=NODES, directed=False)
    places = [place for place, _ in check.problems(undirected, frozenset())]
    assert places == [("misconceptions", "back", "when"), ("edges",), ("edges",), ("optional",)]

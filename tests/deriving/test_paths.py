"""Sums over paths, against walking every path by hand."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import grader.checkers  # registers the answer kinds  # noqa: F401
from grader.deriving import Paths
from grader.expressions import Scope, equivalent, read

Edges = list[tuple[str, str]]
DIAMOND: Edges = [("x", "a"), ("x", "b"), ("a", "y"), ("b", "y"), ("a", "b"), ("x", "y")]


def paths(edges: Edges, start: str = "x", end: str = "y", **more: str) -> Paths:
    return Paths.model_validate({"kind": "paths", "edges": edges, "from": start, "to": end, **more})


def said(derivation: Paths, name: str = "dy_dx") -> str:
    return "; ".join(
        f"{place} {message}" for place, message in derivation.problems(name, frozenset())
    )


def test_sum_count_and_each_path() -> None:
    values = paths(DIAMOND).values("total", {})
    shown = {name: value.plain() for name, value in values.items()}
    assert shown == {
        "total": "dy_da*da_dx + dy_db*db_dx + dy_db*db_da*da_dx + dy_dx",
        "total_count": "4",
        "total_via_a": "dy_da*da_dx",
        "total_via_b": "dy_db*db_dx",
        "total_via_a_b": "dy_db*db_da*da_dx",
        "total_direct": "dy_dx",
    }
    assert set(values) == set(paths(DIAMOND).names("total", frozenset()))


def test_the_pattern_names_the_derivatives() -> None:
    chain = paths([("x", "a"), ("a", "y")], partial="g_{from}_{to}")
    assert chain.values("g", {})["g"].plain() == "g_a_y*g_x_a"


def by_hand(edges: Edges, start: str, end: str) -> list[list[str]]:
    """Every path, found by trying all edges from every path so far."""
    done: list[list[str]] = []
    growing = [[start]]
    while growing:
        grown = [[*path, b] for path in growing for a, b in edges if a == path[-1]]
        done += [path for path in grown if path[-1] == end]
        growing = [path for path in grown if path[-1] != end]
    return done


@st.composite
def dags(draw: st.DrawFn) -> Edges:
    nodes = [f"n{k}" for k in range(draw(st.integers(2, 7)))]
    forward = [(a, b) for i, a in enumerate(nodes) for b in nodes[i + 1 :]]
    chosen = draw(st.lists(st.sampled_from(forward), min_size=1, unique=True))
    renamed = dict(zip(nodes, draw(st.permutations(nodes)), strict=True))
    return [(renamed[a], renamed[b]) for a, b in draw(st.permutations(chosen))]


@given(dags(), st.data())
def test_agrees_with_walking_every_path(edges: Edges, data: st.DataObject) -> None:
    nodes = sorted({node for edge in edges for node in edge})
    start, end = data.draw(st.permutations(nodes).map(lambda order: order[:2]))
    walked = by_hand(edges, start, end)
    derivation = paths(edges, start, end)
    if not walked:
        assert "no path leads" in said(derivation, "total")
        return
    assert not said(derivation, "total")
    values = derivation.values("total", {})
    assert values["total_count"].exact() == len(walked)
    products = ["*".join(f"d{b}_d{a}" for a, b in pairwise(path)) for path in walked]
    scope = Scope.of(sorted(derivation.free_symbols()))
    assert equivalent(values["total"], read(" + ".join(products), scope)).status == "equal"
    for path, product in zip(walked, products, strict=True):
        between = "_".join(path[1:-1])
        named = values[f"total_via_{between}" if between else "total_direct"]
        assert equivalent(named, read(product, scope)).status == "equal"


@pytest.mark.parametrize(
    ("edges", "start", "end", "hint"),
    [
        ([*DIAMOND, ("b", "a")], "x", "y", "round in a circle: "),
        (DIAMOND, "z", "y", "('from',) no edge touches 'z'; nodes are a, b, x, y"),
        (DIAMOND, "x", "z", "('to',) no edge touches 'z'"),
        (DIAMOND, "b", "a", "no path leads from b to a"),
        (DIAMOND, "x", "x", "name two nodes"),
        ([*DIAMOND, ("x", "a")], "x", "y", "('edges', 6) this edge from x to a stands here twice"),
        ([("x", "a b"), ("a b", "y")], "x", "y", "('edges', 0) 'da b_dx' cannot be a name"),
        ([("x", "y")], "x", "y", "both called dy_dx"),
        ([("x", "a"), ("a", "b_c"), ("b_c", "y"), ("x", "a_b"), ("a_b", "c"), ("c", "y")], "x", "y", "rename a node"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(edges: Edges, start: str, end: str, hint: str) -> None:
    assert hint in said(paths(edges, start, end), "dy_dx" if hint.startswith("both") else "total")


def test_a_circle_is_named_in_its_direction_at_one_of_its_edges() -> None:
    found = said(paths([("x", "a"), ("a", "b"), ("b", "c"), ("c", "a"), ("c", "y")]))
    assert found == "('edges', 3) the edges go round in a circle: a -> b -> c -> a"


def test_the_pattern_needs_both_ends() -> None:
    assert "('partial',) write {from} and {to}" in said(paths(DIAMOND, partial="d{to}"))


def test_too_many_paths_are_refused_without_walking_them() -> None:
    layers = 60
    edges = [(f"n{k}{a}", f"n{k + 1}{b}") for k in range(layers) for a in "pqr" for b in "pqr"]
    message = said(paths(edges, "n0p", f"n{layers}p"))
    assert str(3 ** (layers - 1)) in message
    assert "holds 1000 parts" in message


def test_dead_ends_cost_nothing() -> None:
    """Nodes that reach the end but not from the start are not walked."""
    web = [(f"n{k}{a}", f"n{k + 1}{b}") for k in range(40) for a in "pq" for b in "pq"]
    derivation = paths([*web, ("n40p", "y"), ("x", "y")])
    assert derivation.values("total", {})["total"].plain() == "dy_dx"

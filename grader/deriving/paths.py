"""A sum over all paths of a directed graph without cycles: the chain rule on a computation graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Field

from grader.checkers.base import Place
from grader.deriving.base import NOT_A_NAME, Derivation, Problems, is_name, whole
from grader.expressions import Expression, Scope
from grader.expressions.limits import MAX_NODES
from grader.expressions.tree import Add, Mul, Node, Symbol

Edge = Annotated[tuple[str, str], Field(description="[where it starts, where it leads]")]
Path = tuple[str, ...]
"""Nodes from the first to the last."""


class Paths(Derivation):
    """The sum over all paths of the products of the partial derivatives along them.

    Offers the sum under the name of the derivation, `NAME_count`, and each path as `NAME_via_a_b` with the nodes
    between the ends, `NAME_direct` for a single edge.
    """

    kind: Literal["paths"]
    edges: tuple[Edge, ...] = Field(min_length=1)
    start: str = Field(alias="from")
    end: str = Field(alias="to")
    partial: str = "d{to}_d{from}"
    """How the derivative along an edge is named: `{from}` is where the edge starts, `{to}` where it leads."""

    def problems(self, name: str, given: frozenset[str]) -> Problems:
        found = [*self._misfits(name)]
        yield from found
        if not found:
            yield from self._unfit_sizes(name)

    def _misfits(self, name: str) -> Problems:
        """Names that cannot stand in a key, missing nodes and cycles."""
        nodes = {node for edge in self.edges for node in edge}
        for place, node in (("from", self.start), ("to", self.end)):
            if node not in nodes:
                yield (place,), f"no edge touches {node!r}; nodes are {', '.join(sorted(nodes))}"
        if self.start == self.end:
            yield ("to",), f"from {self.start} to itself there is no path; name two nodes"
        if "{from}" not in self.partial or "{to}" not in self.partial:
            yield ("partial",), "write {from} and {to} where the nodes stand, such as d{to}_d{from}"
            return
        for number, edge in enumerate(self.edges):
            partial = self._partial(*edge)
            place_of_edge: Place = ("edges", number)
            if edge in self.edges[:number]:
                yield place_of_edge, f"this edge from {edge[0]} to {edge[1]} stands here twice"
            if not is_name(partial):
                yield place_of_edge, f"{partial!r} {NOT_A_NAME}"
            if partial == name:
                yield place_of_edge, f"the derivation and this derivative are both called {name}"
        try:
            TopologicalSorter(self._before).prepare()
        except CycleError as cycle:
            circle = cycle.args[1]
            place_in_it = self.edges.index((circle[-2], circle[-1]))
            yield ("edges", place_in_it), "the edges go round in a circle: " + " -> ".join(circle)

    def _unfit_sizes(self, name: str) -> Problems:
        """No path, or more than a formula can hold."""
        paths, steps = (counted[self.end] for counted in self._reached)
        if not paths:
            yield ("to",), f"no path leads from {self.start} to {self.end}"
        elif paths + steps >= MAX_NODES:
            yield (
                ("edges",),
                f"there are {paths} paths with {steps} derivatives; a formula holds {MAX_NODES} parts",
            )
        else:
            for doubled, times in Counter(self.names(name, frozenset())).items():
                if times > 1:
                    yield ("edges",), f"{times} paths would be called {doubled}; rename a node"

    def names(self, name: str, given: frozenset[str]) -> tuple[str, ...]:
        return (name, f"{name}_count", *(path_name(name, path) for path in self._paths))

    def free_symbols(self) -> frozenset[str]:
        return frozenset(self._partial(*edge) for edge in self.edges)

    def values(self, name: str, given: Mapping[str, Any]) -> dict[str, Expression]:
        products = {path_name(name, path): self._product(path) for path in self._paths}
        terms = tuple(products.values())
        total: Node = Add(terms) if len(terms) > 1 else terms[0]
        return {
            name: self._expression(name, total),
            f"{name}_count": whole(len(terms)),
            **{one: self._expression(one, product) for one, product in products.items()},
        }

    def _expression(self, name: str, tree: Node) -> Expression:
        return Expression.of(name, tree, Scope.of(sorted(self.free_symbols())))

    def _product(self, path: Path) -> Node:
        """From the end backwards, as the chain rule is written."""
        factors = tuple(reversed([Symbol(self._partial(*edge)) for edge in pairwise(path)]))
        return Mul(factors) if len(factors) > 1 else factors[0]

    def _partial(self, start: str, end: str) -> str:
        return self.partial.replace("{from}", start).replace("{to}", end)

    @cached_property
    def _before(self) -> dict[str, list[str]]:
        """Node to the nodes with an edge to it."""
        found: dict[str, list[str]] = {node: [] for edge in self.edges for node in edge}
        for start, end in self.edges:
            found[end].append(start)
        return found

    @cached_property
    def _reached(self) -> tuple[Counter[str], Counter[str]]:
        """By node how many paths lead there from the start, and how many edges these have together."""
        count, steps = Counter({self.start: 1}), Counter[str]()
        for node in TopologicalSorter(self._before).static_order():
            for earlier in self._before[node] if node != self.start else ():
                count[node] += count[earlier]
                steps[node] += steps[earlier] + count[earlier]
        return count, steps

    @cached_property
    def _paths(self) -> tuple[Path, ...]:
        """All paths, those first that enter the end by an edge written earlier."""
        found: list[Path] = []
        waiting: list[Path] = [(self.end,)]
        while waiting:
            tail = waiting.pop()
            if tail[0] == self.start:
                found.append(tail)
                continue
            earlier = [node for node in self._before[tail[0]] if self._reached[0][node]]
            waiting.extend((node, *tail) for node in reversed(earlier))
        return tuple(found)


def path_name(name: str, path: Path) -> str:
    """`dy_dx_via_a_b`, `dy_dx_direct`."""
    between = path[1:-1]
    return f"{name}_via_{'_'.join(between)}" if between else f"{name}_direct"

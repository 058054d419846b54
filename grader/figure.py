"""Figures given as data, so that a report can draw them: networks of nodes and arrows, and plots."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from grader.checkers.base import Model

Coordinate = tuple[float, float]


class Node(Model):
    """A node of a network; `at` is (column, row), left to right and top to bottom, in steps of one."""

    at: Coordinate
    label: str = ""


class Network(Model):
    """Boxes and arrows: a neural network or a computational graph."""

    kind: Literal["network"]
    caption: str
    nodes: dict[str, Node]
    edges: list[tuple[str, str] | tuple[str, str, str]]
    """(from, to) or (from, to, label)."""
    shape: Literal["circle", "box"] = "circle"

    @model_validator(mode="after")
    def _edges_join_nodes(self) -> Network:
        for edge in self.edges:
            for end in edge[:2]:
                if end not in self.nodes:
                    raise ValueError(f"edge {edge[0]} -> {edge[1]}: there is no node {end!r}")
        return self


class Curve(Model):
    """A polyline through (x, y) points."""

    label: str
    points: list[Coordinate]
    dashed: bool = False


class Mark(Model):
    """A piece of text at a place of the plot; with `to`, a double arrow from `at` to there."""

    at: Coordinate
    text: str
    to: Coordinate | None = None


class Plot(Model):
    """Curves over two axes without scales."""

    kind: Literal["plot"]
    caption: str
    x: str
    y: str
    curves: list[Curve]
    marks: list[Mark] = []


Figure = Annotated[Network | Plot, Field(discriminator="kind")]

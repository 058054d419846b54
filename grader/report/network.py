"""A network of nodes and arrows -> SVG."""

from __future__ import annotations

import math

from markupsafe import Markup

from grader.figure import Network
from grader.report.svg import (
    Point,
    arrow_head,
    boxed_label,
    canvas,
    label,
    number,
    path,
    text_width,
)

COLUMN, ROW = 130.0, 82.0
"""Least distance of neighbouring columns and rows, in pixels."""
COLUMN_GAP, ROW_GAP = 56.0, 34.0
"""Least distance between the rims of neighbouring nodes."""
RADIUS = 21.0
BOX_HEIGHT = 36.0
PADDING = 12.0
FONT, EDGE_FONT = 15.0, 13.0
GAP = 3.0
"""Between the head of an arrow and the node it points at."""
BOW = 0.34
"""How far an arrow that must go round something is pulled aside, in shares of its length."""
MAX_BOW = 190.0
LOOP = 44.0
"""Height of an arrow from a node to itself."""
WIDEST_EDGE_LABEL = 90.0
"""Wider labels of arrows do not push the columns further apart."""
LABEL_PLACES = (0.5, 0.34, 0.66, 0.24, 0.76)
"""Where on its arrow a label may stand, best first, in shares of the way."""
ROOM = 26.0
"""A label with so much room around it needs no better place."""

Edge = tuple[str, str, str]


def draw_network(network: Network, name: str) -> Markup:
    """The figure; ids in it begin with `name`."""
    return _Drawing(network, name).draw()


class _Drawing:
    """One network; collects what it draws over, so that the canvas holds all of it."""

    def __init__(self, network: Network, name: str) -> None:
        self.network = network
        self.name = name
        self.head = f"{name}-head"
        self.box = network.shape == "box"
        self.labels = {key: node.label or key for key, node in network.nodes.items()}
        self.edges: list[Edge] = [
            (edge[0], edge[1], edge[2] if len(edge) > 2 else "") for edge in network.edges
        ]
        widest = max(text_width(text, FONT) for text in self.labels.values())
        self.half_width = max(RADIUS, widest / 2 + (10 if self.box else 4))
        self.half_height = BOX_HEIGHT / 2 if self.box else self.half_width
        on_edges = max((text_width(text, EDGE_FONT) for *_, text in self.edges), default=0.0)
        column = max(COLUMN, 2 * self.half_width + COLUMN_GAP + min(on_edges, WIDEST_EDGE_LABEL))
        row = max(ROW, 2 * self.half_height + ROW_GAP)
        self.places = {
            key: Point(node.at[0] * column, node.at[1] * row) for key, node in network.nodes.items()
        }
        self.extent: list[Point] = []
        self.label_places: list[Point] = []

    def draw(self) -> Markup:
        drawn = [self._edge(edge) for edge in self.edges]
        lines, texts = [line for line, _ in drawn], [text for _, text in drawn]
        nodes = [self._node(key) for key in self.network.nodes]
        content = Markup("").join([arrow_head(self.head), *lines, *nodes, *texts])
        low = Point(
            min(p.x for p in self.extent) - PADDING, min(p.y for p in self.extent) - PADDING
        )
        high = Point(
            max(p.x for p in self.extent) + PADDING, max(p.y for p in self.extent) + PADDING
        )
        return canvas(self.name, low, high, self.network.caption, self._describe(), content)

    def _edge(self, edge: Edge) -> tuple[Markup, Markup]:
        """The arrow and its label."""
        start, end, text = edge
        a, b = self.places[start], self.places[end]
        if start == end:
            return self._loop(a, text)
        both_ways = any(other[:2] == (end, start) for other in self.edges)
        if both_ways or self._runs_through_a_node(start, end):
            bend = _pulled_aside(a, b)
            first, last = self._rim(a, bend, 1), self._rim(b, bend)
            middle = first.between(bend).between(bend.between(last))
            self.extent.append(middle)
            return path(f"M{first}Q{bend} {last}", "edge", end=self.head), self._text(middle, text)
        first, last = self._rim(a, b, 1), self._rim(b, a)
        line = path(f"M{first}L{last}", "edge", end=self.head)
        return line, self._text(self._roomiest(edge, first, last), text)

    def _runs_through_a_node(self, start: str, end: str) -> bool:
        """Whether a straight arrow would cross a third node."""
        a, b = (
            _shrunk(self.places[key], self.half_width, self.half_height) for key in (start, end)
        )
        others = (place for key, place in self.places.items() if key not in (start, end))
        return any(
            _distance(_shrunk(other, self.half_width, self.half_height), a, b) < 1
            for other in others
        )

    def _loop(self, at: Point, text: str) -> tuple[Markup, Markup]:
        top, side = at.y - self.half_height, min(self.half_width * 0.5, RADIUS)
        left, right = Point(at.x - side, top + 3), Point(at.x + side, top + 1)
        commands = f"M{left}C{Point(at.x - 2 * side, top - LOOP)} {Point(at.x + 2 * side, top - LOOP)} {right}"
        peak = Point(at.x, top - LOOP * 0.75)
        self.extent.append(peak)
        return path(commands, "edge", end=self.head), self._text(peak, text)

    def _rim(self, centre: Point, towards: Point, gap: float = GAP) -> Point:
        """Where a line from the centre leaves the node."""
        if not self.box:
            return centre.towards(towards, self.half_width + gap)
        dx, dy = abs(towards.x - centre.x), abs(towards.y - centre.y)
        shares = [
            (self.half_width + gap) / dx if dx else 1.0,
            (self.half_height + gap) / dy if dy else 1.0,
        ]
        return centre.between(towards, min(shares))

    def _roomiest(self, edge: Edge, first: Point, last: Point) -> Point:
        """The place on an arrow that keeps clear of other labels and of where arrows cross."""
        places = [first.between(last, share) for share in LABEL_PLACES]
        return max(places, key=lambda place: min(self._room(place, edge), ROOM))

    def _room(self, place: Point, edge: Edge) -> float:
        """Pixels from a place to the nearest label or other arrow; arrows may come closer than labels."""
        labels = [
            math.hypot(place.x - other.x, (place.y - other.y) * 1.6) for other in self.label_places
        ]
        arrows = [
            1.7 * _distance(place, self.places[a], self.places[b])
            for a, b, text in self.edges
            if (a, b, text) != edge
        ]
        return min([*labels, *arrows], default=math.inf)

    def _text(self, at: Point, text: str) -> Markup:
        if not text:
            return Markup("")
        self.label_places.append(at)
        half = text_width(text, EDGE_FONT) / 2
        self.extent += [Point(at.x - half, at.y - EDGE_FONT), Point(at.x + half, at.y + EDGE_FONT)]
        return boxed_label(at, text, "edge-label", EDGE_FONT)

    def _node(self, key: str) -> Markup:
        at = self.places[key]
        left, top = at.x - self.half_width, at.y - self.half_height
        self.extent += [Point(left, top), Point(at.x + self.half_width, at.y + self.half_height)]
        if self.box:
            shape = Markup(
                '<rect x="{}" y="{}" width="{}" height="{}" rx="6" class="node"/>'
            ).format(*map(number, (left, top, 2 * self.half_width, 2 * self.half_height)))
        else:
            shape = Markup('<circle cx="{}" cy="{}" r="{}" class="node"/>').format(
                *map(number, (at.x, at.y, self.half_width))
            )
        return shape + label(at, self.labels[key], "node-label")

    def _describe(self) -> str:
        nodes = "Nodes: " + ", ".join(self.labels.values()) + "."
        arrows = [
            f"{self.labels[a]} to {self.labels[b]}" + (f" ({text})" if text else "")
            for a, b, text in self.edges
        ]
        return f"{nodes} Arrows: {'; '.join(arrows)}." if arrows else nodes


def _pulled_aside(a: Point, b: Point) -> Point:
    """The control point of a bowed arrow: off to the left of its way, so that arrows both ways do not meet."""
    middle = a.between(b)
    length = math.hypot(b.x - a.x, b.y - a.y) or 1.0
    pull = min(BOW, MAX_BOW / length)
    return Point(middle.x + (b.y - a.y) * pull, middle.y - (b.x - a.x) * pull)


def _shrunk(point: Point, width: float, height: float) -> Point:
    """Scaled so that a node becomes the unit circle."""
    return Point(point.x / width, point.y / height)


def _distance(point: Point, a: Point, b: Point) -> float:
    """From a point to the stretch a-b."""
    dx, dy = b.x - a.x, b.y - a.y
    length = dx * dx + dy * dy
    share = ((point.x - a.x) * dx + (point.y - a.y) * dy) / length if length else 0.0
    share = max(0.0, min(1.0, share))
    return math.hypot(point.x - a.x - share * dx, point.y - a.y - share * dy)

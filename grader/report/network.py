"""A network of nodes and arrows -> SVG."""

from __future__ import annotations

import math

from markupsafe import Markup

from grader.figure import Network
from grader.report.svg import Point, arrow_head, canvas, label, number, path, text_width

COLUMN, ROW = 130.0, 82.0
"""Pixels between neighbouring columns and rows."""
RADIUS = 21.0
BOX_HEIGHT = 36.0
PADDING = 14.0
FONT = 15.0
EDGE_FONT = 13.0
GAP = 3.0
"""Pixels between an arrow and the node it points at."""
BOW = 0.22
"""How far an arrow that must go round something bends, in shares of its length."""
LABEL_PLACES = (0.5, 0.34, 0.66, 0.24, 0.76)
"""Where on its arrow a label may stand, best first, in shares of the way."""

Edge = tuple[str, str, str]


def draw_network(network: Network, name: str) -> Markup:
    """The figure; ids in it begin with `name`."""
    return _Drawing(network, name).draw()


class _Drawing:
    """One network on its canvas."""

    def __init__(self, network: Network, name: str) -> None:
        self.network = network
        self.name = name
        self.box = network.shape == "box"
        self.labels = {key: node.label or key for key, node in network.nodes.items()}
        widest = max(text_width(text, FONT) for text in self.labels.values())
        self.half_width = max(RADIUS, widest / 2 + (10 if self.box else 4))
        self.half_height = BOX_HEIGHT / 2 if self.box else self.half_width
        columns = [node.at[0] for node in network.nodes.values()]
        rows = [node.at[1] for node in network.nodes.values()]
        self.edges: list[Edge] = [(edge[0], edge[1], edge[2] if len(edge) > 2 else "") for edge in network.edges]
        self.step_x = max(COLUMN, 2 * self.half_width + 56 + self._widest_edge_label())
        self.step_y = max(ROW, 2 * self.half_height + 34)
        self.margin = self._margin()
        left, top = min(columns), min(rows)
        self.places = {
            key: Point(
                self.margin + self.half_width + (node.at[0] - left) * self.step_x,
                self.margin + self.half_height + (node.at[1] - top) * self.step_y,
            )
            for key, node in network.nodes.items()
        }
        self.width = 2 * (self.margin + self.half_width) + (max(columns) - left) * self.step_x
        self.height = 2 * (self.margin + self.half_height) + (max(rows) - top) * self.step_y
        self.taken: list[Point] = []

    def draw(self) -> Markup:
        head = f"{self.name}-head"
        lines, texts = [], []
        for edge in self.edges:
            line, text = self._edge(edge, head)
            lines.append(line)
            texts.append(text)
        nodes = [self._node(key) for key in self.network.nodes]
        content = Markup("").join([arrow_head(head), *lines, *nodes, *texts])
        return canvas(self.name, self.width, self.height, self.network.caption, self._describe(), content)

    def _margin(self) -> float:
        """Arrows that bow and loops need room at the rim."""
        bows = any(edge[0] == edge[1] for edge in self.edges) or self._any_obstacle()
        return PADDING + (38 if bows else 0)

    def _widest_edge_label(self) -> float:
        return max((min(text_width(text, EDGE_FONT), 90) - 20 for *_, text in self.edges if text), default=0)

    def _any_obstacle(self) -> bool:
        at = {key: Point(*node.at) for key, node in self.network.nodes.items()}
        return any(self._obstacle(a, b, at, 0.2, 0.2) for a, b, _ in self.edges)

    def _obstacle(self, start: str, end: str, at: dict[str, Point], width: float, height: float) -> bool:
        """Whether a straight arrow would run through a third node."""
        a, b = at[start], at[end]
        others = (point for key, point in at.items() if key not in (start, end))
        return any(_meets(a, b, point, width, height) for point in others)

    def _edge(self, edge: Edge, head: str) -> tuple[Markup, Markup]:
        start, end, text = edge
        a, b = self.places[start], self.places[end]
        if start == end:
            return self._loop(a, text, head)
        back = any(other[:2] == (end, start) for other in self.edges)
        if back or self._obstacle(start, end, self.places, self.half_width, self.half_height):
            bend = self._bend(a, b)
            first, last = self._rim(a, bend), self._rim(b, bend)
            middle = first.between(bend).between(bend.between(last))
            return path(f"M{first}Q{bend} {last}", "edge", end=head), self._text(middle, text)
        first, last = self._rim(a, b, GAP - 2), self._rim(b, a)
        return path(f"M{first}L{last}", "edge", end=head), self._text(self._free_place(first, last, text), text)

    def _bend(self, a: Point, b: Point) -> Point:
        """The control point of a bowed arrow, off to the left of its way."""
        middle = a.between(b)
        return Point(middle.x + (b.y - a.y) * BOW * 1.6, middle.y - (b.x - a.x) * BOW * 1.6)

    def _loop(self, at: Point, text: str, head: str) -> tuple[Markup, Markup]:
        top = at.y - self.half_height
        reach = Point(self.half_width * 0.5, 44)
        commands = (
            f"M{Point(at.x - reach.x, top + 3)}C{Point(at.x - 2 * reach.x, top - reach.y)} "
            f"{Point(at.x + 2 * reach.x, top - reach.y)} {Point(at.x + reach.x, top + 1)}"
        )
        return path(commands, "edge", end=head), self._text(Point(at.x, top - 32), text)

    def _rim(self, centre: Point, towards: Point, gap: float = GAP) -> Point:
        """Where a line from the centre leaves the node."""
        if not self.box:
            return centre.towards(towards, self.half_width + gap)
        dx, dy = abs(towards.x - centre.x), abs(towards.y - centre.y)
        scale = min(
            (self.half_width + gap) / dx if dx else math.inf,
            (self.half_height + gap) / dy if dy else math.inf,
        )
        return centre.between(towards, scale if math.isfinite(scale) else 0)

    def _free_place(self, first: Point, last: Point, text: str) -> Point:
        """A place for the label away from other labels and from where arrows cross."""
        if not text:
            return first
        places = [first.between(last, share) for share in LABEL_PLACES]
        return max(places, key=lambda place: (min(self._room(place, first, last), 26.0)))

    def _room(self, place: Point, first: Point, last: Point) -> float:
        """Pixels to the nearest label, or to the nearest other arrow."""
        labels = [math.hypot(place.x - other.x, (place.y - other.y) * 1.6) for other in self.taken]
        lines = [
            1.7 * _distance(place, self.places[a], self.places[b])
            for a, b, _ in self.edges
            if {self._rim(self.places[a], self.places[b], GAP - 2), self._rim(self.places[b], self.places[a])}
            != {first, last}
        ]
        return min([*labels, *lines], default=math.inf)

    def _text(self, at: Point, text: str) -> Markup:
        if not text:
            return Markup("")
        self.taken.append(at)
        return label(at, text, "edge-label")

    def _node(self, key: str) -> Markup:
        at = self.places[key]
        if self.box:
            shape = Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="6" class="node"/>').format(
                number(at.x - self.half_width),
                number(at.y - self.half_height),
                number(2 * self.half_width),
                number(2 * self.half_height),
            )
        else:
            shape = Markup('<circle cx="{}" cy="{}" r="{}" class="node"/>').format(
                number(at.x), number(at.y), number(self.half_width)
            )
        return shape + label(at, self.labels[key], "node-label")

    def _describe(self) -> str:
        arrows = [
            f"{self.labels[a]} to {self.labels[b]}" + (f" ({text})" if text else "") for a, b, text in self.edges
        ]
        nodes = "Nodes: " + ", ".join(self.labels.values()) + "."
        return f"{nodes} Arrows: {'; '.join(arrows)}." if arrows else nodes


def _meets(a: Point, b: Point, point: Point, width: float, height: float) -> bool:
    """Whether the line a-b passes through the box of half-size (width, height) around a point that is not at its ends."""
    scaled = [Point(p.x / width, p.y / height) for p in (point, a, b)]
    return _distance(*scaled) < 1


def _distance(point: Point, a: Point, b: Point) -> float:
    """From a point to the stretch a-b."""
    dx, dy = b.x - a.x, b.y - a.y
    length = dx * dx + dy * dy
    share = 0.0 if not length else max(0.0, min(1.0, ((point.x - a.x) * dx + (point.y - a.y) * dy) / length))
    return math.hypot(point.x - a.x - share * dx, point.y - a.y - share * dy)

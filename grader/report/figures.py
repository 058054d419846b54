"""Figures of an exam, drawn from their data."""

from __future__ import annotations

import re

from markupsafe import Markup

from grader.figure import Network, Plot
from grader.report.network import draw_network
from grader.report.plot import draw_plot


def draw(figure: Network | Plot, key: str) -> Markup:
    """One figure as SVG with a name and a description. `key` is its name in the exam file."""
    name = figure_id(key)
    return draw_network(figure, name) if isinstance(figure, Network) else draw_plot(figure, name)


def figure_id(key: str) -> str:
    """The HTML id of a figure; letters, digits and hyphens, and different for different keys."""
    return "figure-" + re.sub(r"[^A-Za-z0-9]", lambda match: f"-{ord(match.group()):x}-", key)

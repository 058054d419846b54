"""Formulas, Markdown and figures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.figure import Network, Plot
from grader.report.figures import draw, figure_id
from grader.report.mathml import AS_CODE, to_mathml
from grader.report.prose import inline_markdown, markdown, with_formulas
from tests.report.sample import FIGURES


@pytest.mark.parametrize(
    "latex",
    [
        "\\hat{y} = \\sum_{i=1}^{n} w_i x_i + b",
        "\\frac{\\partial e}{\\partial g} = -2(y - g)",
        "\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}",
        "\\sqrt{0.34} \\cdot e^{-2}",
        "\\left\\lfloor \\frac{69 + 8 - 7}{3} \\right\\rfloor + 1",
        "\\begin{aligned} a &= 1 \\\\ b &= 2 \\end{aligned}",
        "\\mathrm{ReLU}(x) = \\max(0, x)",
        "\\log p(x) \\ge \\mathbb{E}_q[\\log p(x \\mid z)] - D_{KL}",
    ],
)
def test_formulas_become_mathematics(latex: str) -> None:
    assert to_mathml(latex).startswith("<math")
    assert "&#x" not in to_mathml(latex)
    assert not re.search(r"\\|&(?!amp;|lt;|gt;)|<mi>&amp;", to_mathml(latex))


def test_what_is_no_formula_stays_text() -> None:
    assert to_mathml("\\frac{<b>") == '<code class="latex">\\frac{&lt;b&gt;</code>'
    assert to_mathml("x" * 6000).startswith(AS_CODE)


def test_a_sign_stands_close_to_its_number() -> None:
    assert '<mo form="prefix">−</mo><mn>1</mn>' in to_mathml("x = -1")
    assert 'form="prefix">−' not in to_mathml("3 - 1")


def test_markdown_with_formulas_and_tables() -> None:
    html = markdown("# Part\n\nA *word*, $x^2$ and\n\n$$\\frac{1}{2}$$\n\n| a |\n|---|\n| $b$ |\n")
    assert "<h1" not in html
    assert '<math display="inline">' in html
    assert '<math display="block">' in html
    assert '<div class="scroll">\n<table>' in html


def test_a_full_stop_stays_with_its_formula() -> None:
    html = markdown("From $x$ to $y$.")
    assert html.count('<span class="keep">') == 1
    assert html.index('class="keep"') > html.index(" to ")


def test_markdown_takes_no_html_pictures_or_scripts() -> None:
    html = markdown('<b onclick="x">b</b> ![p](http://x/p.png) [l](javascript:alert(1))')
    assert "<b" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_inline_markdown_has_no_paragraph() -> None:
    assert inline_markdown("A *title*") == "A <em>title</em>"


def test_messages_know_formulas_and_nothing_else() -> None:
    html = with_formulas("<b> [x](http://y) *z* $a<b$ and $5")
    assert html.startswith("&lt;b&gt; [x](http://y) *z* <math")
    assert html.endswith("</math> and $5")


def test_code_in_messages_is_set_apart_and_escaped() -> None:
    html = with_formulas("`f(<b>)` gives $x^2$, line 3: `a = '$5$'` and ` alone")
    assert html.startswith("<code>f(&lt;b&gt;)</code> gives <math")
    assert "<code>a = &#39;$5$&#39;</code> and ` alone" in html


def drawing(key: str) -> str:
    shape = FIGURES[key]
    figure = (
        Plot.model_validate(shape) if shape["kind"] == "plot" else Network.model_validate(shape)
    )
    return draw(figure, key)


@pytest.mark.parametrize("key", sorted(FIGURES))
def test_figures_lie_on_their_canvas(key: str) -> None:
    svg = drawing(key)
    left, top, width, height = map(float, re.findall(r'viewBox="([^"]*)"', svg)[0].split())
    for x, y in re.findall(r'<text x="([-0-9.]+)" y="([-0-9.]+)"', svg):
        assert left <= float(x) <= left + width
        assert top <= float(y) <= top + height


def test_every_arrow_of_a_network_is_drawn() -> None:
    svg = drawing("graph")
    assert svg.count('class="edge"') == len(FIGURES["graph"]["edges"])
    assert svg.count("<rect") - svg.count("label-ground") == len(FIGURES["graph"]["nodes"])
    assert "M" in svg
    assert "Q" in svg  # the skip connection bows around the nodes between
    assert "C" in svg  # the loop


def test_labels_of_crossing_arrows_keep_apart() -> None:
    places = re.findall(
        r'<text x="([-0-9.]+)" y="([-0-9.]+)"[^>]*class="edge-label"', drawing("net")
    )
    points = [(float(x), float(y)) for x, y in places]
    assert len(set(points)) == len(points)
    for number, (x, y) in enumerate(points):
        assert all(abs(x - u) > 12 or abs(y - v) > 12 for u, v in points[:number])


def test_figure_text_is_escaped() -> None:
    shape = {
        **FIGURES["graph"],
        "caption": "<script>",
        "nodes": {"a": {"at": [0, 0], "label": "<i>"}},
        "edges": [],
    }
    svg = draw(Network.model_validate(shape), "a<b")
    assert "<script" not in svg
    assert "<i>" not in svg


def test_figure_ids_differ_and_are_plain() -> None:
    ids = {figure_id(key) for key in ("a b", "a_b", "a-b", "a.b", "æ")}
    assert len(ids) == 5
    assert all(re.fullmatch(r"[A-Za-z0-9-]+", name) for name in ids)


def test_report_does_not_know_the_checkers() -> None:
    root = Path(__file__).parents[2] / "grader"
    for module in [*root.glob("report/*.py"), *root.glob("gradebook/*.py")]:
        assert "grader.checkers" not in module.read_text(encoding="utf-8")

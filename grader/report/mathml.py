"""LaTeX -> MathML that is safe to put into a page.

The converter that does the work leaves `<` of its input alone, and knows commands for links and styles. So its
element tree, not its text, is taken; only presentation elements and harmless attributes of it are kept.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from xml.etree.ElementTree import Element, tostring

from markupsafe import Markup, escape

MAX_LATEX_CHARACTERS = 5_000
"""Longer formulas are shown as text: nobody reads them, and converting takes time."""
MAX_CACHED_FORMULAS = 20_000

# fmt: off
_ELEMENTS = frozenset({
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mstyle", "mfrac",
    "msqrt", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable",
    "mtr", "mtd", "mpadded", "mphantom", "menclose", "mmultiscripts", "mprescripts", "none",
})
_ATTRIBUTES = frozenset({
    "accent", "accentunder", "columnalign", "columnlines", "columnspacing", "depth",
    "display", "displaystyle", "fence", "form", "height", "largeop",
    "linethickness", "lspace", "mathsize", "mathvariant", "maxsize", "minsize",
    "movablelimits", "notation", "rowlines", "rowspacing", "rspace", "scriptlevel",
    "separator", "stretchy", "symmetric", "voffset", "width",
})
# fmt: on
_ARITY = {
    "mfrac": 2,
    "msub": 2,
    "msup": 2,
    "mover": 2,
    "munder": 2,
    "mroot": 2,
    "msubsup": 3,
    "munderover": 3,
}
"""Elements with a fixed number of children; the converter lets a `\\frac` without its second half pass."""
_ENTITY = re.compile(r"&#x([0-9A-Fa-f]{1,6});")
_SIGNS = frozenset("−-+±")
_OPENERS = frozenset("([{|=<>≤≥≈∼→,;:⋅×")
_ALIGNED = re.compile(r"\\(begin|end)\{(?:aligned|align\*?|split)\}")
"""Environments the converter does not know; as an array they come out the same."""
_RISKY_VALUE = re.compile(r"[^\w .%+#-]")
AS_CODE = Markup('<code class="latex">')
"""Begins what stands where a formula cannot be shown as mathematics."""


@lru_cache(maxsize=MAX_CACHED_FORMULAS)
def to_mathml(latex: str, *, block: bool = False) -> Markup:
    """One `<math>` element; the LaTeX itself in `<code>` where it cannot be converted."""
    from latex2mathml.converter import convert_to_element  # only where a page is made

    try:
        if len(latex) > MAX_LATEX_CHARACTERS:
            raise ValueError("too long")
        plain = _ALIGNED.sub(
            lambda m: "\\begin{array}{rlrl}" if m[1] == "begin" else "\\end{array}", latex
        )
        element = convert_to_element(plain, display="block" if block else "inline")
        element.attrib.pop("xmlns", None)
        _clean(element)
        text = tostring(element, encoding="unicode", short_empty_elements=False)
    except Exception:  # noqa: BLE001 - the converter raises whatever it trips over; the text still says it all
        return AS_CODE + escape(latex) + Markup("</code>")
    return Markup(text)  # noqa: S704 - cleaned above


def _clean(element: Element) -> None:
    """Keep known elements, attributes and plain values; turn the converter's entities into characters.

    Raises:
        ValueError: an element lacks a part.
    """
    if len(element) != _ARITY.get(element.tag, len(element)):
        raise ValueError(f"{element.tag} with {len(element)} parts")
    if element.tag not in _ELEMENTS:
        element.tag = "mrow"
    if element.text:
        element.text = _ENTITY.sub(lambda match: html.unescape(match.group()), element.text)
    element.tail = None
    for name, value in list(element.attrib.items()):
        if name not in _ATTRIBUTES or _RISKY_VALUE.search(value):
            del element.attrib[name]
    before: Element | None = None
    for child in element:
        _clean(child)
        if child.text in _SIGNS and child.tag == "mo" and _opens(before):
            child.set("form", "prefix")
        before = child


def _opens(before: Element | None) -> bool:
    """Whether a sign after this element belongs to the number that follows, and so stands close to it."""
    return before is None or (before.tag == "mo" and before.text in _OPENERS)


def formula_or_text(latex: str, text: str) -> Markup:
    """Mathematics where there is LaTeX for it, else the text, escaped."""
    return to_mathml(latex) if latex else escape(text)

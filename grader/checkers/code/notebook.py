"""Jupyter notebooks of every version since 2: their cells, without outputs.

Source: the notebook format's own description (nbformat 4; in 2 and 3 cells stand in `worksheets`, and code in `input`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell's text, and whether it is code."""

    text: str
    code: bool


def cells(text: str) -> list[Cell] | None:
    """The cells in their order; None for a text that is no notebook."""
    if not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return None
    try:
        notebook = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(notebook, dict):
        return None
    if not any(isinstance(notebook.get(name), list) for name in ("cells", "worksheets")):
        return None
    sheets = notebook.get("worksheets") or [notebook]
    found = [cell for sheet in _mappings(sheets) for cell in _mappings(sheet.get("cells"))]
    return [Cell(_text(cell), cell.get("cell_type") == "code") for cell in found]


def as_markdown(found: list[Cell]) -> str:
    """Cells as one text: code between ``` marks, everything else as it is."""
    filled = [cell for cell in found if cell.text.strip()]
    parts = [f"```python\n{cell.text.rstrip()}\n```" if cell.code else cell.text for cell in filled]
    return "\n\n".join(part.strip("\n") for part in parts)


def _mappings(value: Any) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _text(cell: Mapping[str, Any]) -> str:
    lines = cell.get("source", cell.get("input")) or ""
    return "".join(str(line) for line in lines) if isinstance(lines, list) else str(lines)

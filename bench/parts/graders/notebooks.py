"""Notebooks as plain JSON: the teacher's and the candidates'."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

Notebook = dict[str, Any]
Cell = dict[str, Any]

ASSIGNMENT = "elu"
"""Name of the assignment and of its notebook."""
QUESTION = "**An ELU layer** (6 points): write the class `ELU` with numpy."
ANSWER = "class ELU:"
"""By these words the cell for the answer is found."""


def tests() -> list[dict[str, Any]]:
    """The teacher's tests: `criterion`, `points`, `hidden` and `code` of each."""
    text = Path(__file__).with_name("tests.yaml").read_text(encoding="utf-8")
    read: list[dict[str, Any]] = yaml.safe_load(text)
    return read


def cell(kind: str, source: str, metadata: Mapping[str, Any] | None = None) -> Cell:
    made: Cell = {"cell_type": kind, "source": source, "metadata": dict(metadata or {})}
    return {**made, "outputs": [], "execution_count": None} if kind == "code" else made


def write(file: Path, cells: Sequence[Cell], like: Notebook | None = None) -> None:
    """Write a notebook; what is not cells is taken from `like`."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    base = like or {"nbformat": 4, "nbformat_minor": 4, "metadata": {"kernelspec": kernel}}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({**base, "cells": list(cells)}), encoding="utf-8")


def hand_in(handed_out: Path, program: str, file: Path) -> None:
    """Write the notebook as handed out, with a candidate's program in the cell for the answer."""
    notebook: Notebook = json.loads(handed_out.read_text(encoding="utf-8"))
    (place,) = [number for number, it in enumerate(notebook["cells"]) if _is_answer(it)]
    notebook["cells"][place]["source"] = program
    write(file, notebook["cells"], notebook)


def _is_answer(it: Cell) -> bool:
    return it["cell_type"] == "code" and ANSWER in "".join(it["source"])

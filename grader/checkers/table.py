"""Cells in rows and columns, each of any kind."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from grader.checkers.base import AnyResponse, Misread, Place
from grader.checkers.fields import Entries, Fields, Part, fold, match_names
from grader.checkers.fieldwise import FieldsChecker, PartCheck
from grader.score import Raw


class TableResponse(Fields):
    """Rows by columns; cell `r.c` stands in row `r` and column `c`."""

    kind: Literal["table"]
    rows: dict[str, str] = Field(min_length=1)
    columns: dict[str, str] = Field(min_length=1)
    cell: AnyResponse | None = None
    cells: dict[str, AnyResponse] = {}

    @model_validator(mode="after")
    def _cells_are_in_the_table(self) -> TableResponse:
        names = [f"{row}.{column}" for row in self.rows for column in self.columns]
        for name in self.cells:
            if name not in names:
                raise ValueError(f"cell {name!r} is none of {', '.join(names)}")
        if self.cell is None and not self.cells:
            raise ValueError("write `cell:` for all cells or `cells:` for single ones")
        return self

    @cached_property
    def _parts(self) -> dict[str, Part]:
        parts: dict[str, Part] = {}
        for row, row_title in self.rows.items():
            for column, column_title in self.columns.items():
                response = self.cells.get(f"{row}.{column}", self.cell)
                if response is not None:
                    title = f"{row_title}, {column_title}"
                    parts[f"{row}.{column}"] = Part(response=response, title=title)
        return parts

    def fields(self) -> Mapping[str, Part]:
        return self._parts

    def collect(self, raw: Raw) -> Entries:
        sample = f"{next(iter(self.rows))}: {{{next(iter(self.columns))}: …}}"
        if not isinstance(raw, Mapping):
            raise Misread(f"Fill in the table row by row, such as `{sample}`.")
        flat: dict[str, Raw] = {}
        for row, cells in raw.items():
            if isinstance(cells, Mapping):
                flat.update({f"{row}.{column}": value for column, value in cells.items()})
            else:
                flat[row] = cells
        return match_names(flat, {fold(name): name for name in self._parts}, self._parts)


class Table(FieldsChecker):
    """Judges a table cell by cell."""

    kind: Literal["table"]
    cells: dict[str, PartCheck]

    def checks(self) -> Mapping[str, PartCheck]:
        return self.cells

    def place(self, name: str) -> Place:
        return ("cells", name)

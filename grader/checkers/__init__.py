"""The answer kinds. A new kind is one module here and one line below.

Packages outside add kinds through the entry point group `examgrader.kinds`, each naming a `Kind`.
"""

from __future__ import annotations

from importlib.metadata import entry_points

from grader.checkers import (
    choice,
    code,
    forms,
    graph,
    matching,
    numeric,
    ordering,
    parts,
    sequence,
    symbolic,
    table,
    text,
)
from grader.checkers.base import KINDS, Kind

_OWN = (
    Kind("numeric", numeric.NumericResponse, numeric.Numeric),
    Kind("symbolic", symbolic.SymbolicResponse, symbolic.Symbolic),
    Kind("tuple", sequence.TupleResponse, sequence.Tuple),
    Kind("shape", sequence.ShapeResponse, sequence.Shape),
    Kind("vector", sequence.VectorResponse, sequence.Vector),
    Kind("matrix", sequence.MatrixResponse, sequence.Matrix),
    Kind("parts", parts.PartsResponse, parts.Parts),
    Kind("table", table.TableResponse, table.Table),
    Kind("forms", forms.FormsResponse, forms.Forms),
    Kind("choice", choice.ChoiceResponse, choice.Choice),
    Kind("matching", matching.MatchingResponse, matching.Matching),
    Kind("ordering", ordering.OrderingResponse, ordering.Ordering),
    Kind("graph", graph.GraphResponse, graph.Graph),
    Kind("text", text.TextResponse, text.Text),
    Kind("code", code.CodeResponse, code.Code),
)

for _kind in _OWN:
    KINDS[_kind.name] = _kind
for _entry in entry_points(group="examgrader.kinds"):
    KINDS[_entry.name] = _entry.load()

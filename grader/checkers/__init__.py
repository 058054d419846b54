"""The answer kinds. A new kind is one module here and one line below.

Packages outside add kinds through the entry point group `examgrader.kinds`, each naming a `Kind`.
"""

from __future__ import annotations

from importlib.metadata import entry_points

from grader.checkers.base import KINDS, Kind
from grader.checkers.choice import Choice, ChoiceResponse
from grader.checkers.code import Code, CodeResponse
from grader.checkers.forms import Forms, FormsResponse
from grader.checkers.graph import Graph, GraphResponse
from grader.checkers.matching import Matching, MatchingResponse
from grader.checkers.numeric import Numeric, NumericResponse
from grader.checkers.ordering import Ordering, OrderingResponse
from grader.checkers.parts import Parts, PartsResponse
from grader.checkers.sequence import (
    Matrix,
    MatrixResponse,
    Shape,
    ShapeResponse,
    Tuple,
    TupleResponse,
    Vector,
    VectorResponse,
)
from grader.checkers.symbolic import Symbolic, SymbolicResponse
from grader.checkers.table import Table, TableResponse
from grader.checkers.text import Text, TextResponse

_OWN = (
    Kind("numeric", NumericResponse, Numeric),
    Kind("symbolic", SymbolicResponse, Symbolic),
    Kind("tuple", TupleResponse, Tuple),
    Kind("shape", ShapeResponse, Shape),
    Kind("vector", VectorResponse, Vector),
    Kind("matrix", MatrixResponse, Matrix),
    Kind("parts", PartsResponse, Parts),
    Kind("table", TableResponse, Table),
    Kind("forms", FormsResponse, Forms),
    Kind("choice", ChoiceResponse, Choice),
    Kind("matching", MatchingResponse, Matching),
    Kind("ordering", OrderingResponse, Ordering),
    Kind("graph", GraphResponse, Graph),
    Kind("text", TextResponse, Text),
    Kind("code", CodeResponse, Code),
)

for _kind in _OWN:
    KINDS[_kind.name] = _kind
for _entry in entry_points(group="examgrader.kinds"):
    KINDS[_entry.name] = _entry.load()

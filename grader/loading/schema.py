"""JSON Schemas of the three kinds of YAML file, for editors that complete and check.

Fields that a model lifts (`check`, `response`) are merged back into the form authors write.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from grader.checkers.fields import Part
from grader.checkers.fieldwise import PartCheck
from grader.checkers.forms import FormCheck
from grader.exam import Exam
from grader.rubric import Item, Rubric
from grader.submission import Submission

SCHEMAS: dict[str, type[BaseModel]] = {"exam": Exam, "rubric": Rubric, "submission": Submission}
LIFTED = {
    Item.__name__: "check",
    Part.__name__: "response",
    PartCheck.__name__: "check",
    FormCheck.__name__: "check",
}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_text(name: str) -> str:
    """One schema as JSON text; equal models give equal text."""
    schema = SCHEMAS[name].model_json_schema()
    definitions = schema.get("$defs", {})
    for model, field in LIFTED.items():
        if model in definitions:
            definitions[model] = _merge(definitions, definitions[model], field)
    _let_scalars_be_text(schema)
    content = {"$schema": DIALECT, **schema, "title": f"grader {name}"}
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _merge(definitions: dict[str, Any], outer: dict[str, Any], field: str) -> dict[str, Any]:
    """`{own fields, field: A or B}` as `{own fields and A's} or {own fields and B's}`."""
    own = {name: value for name, value in outer["properties"].items() if name != field}
    required = [name for name in outer.get("required", []) if name != field]
    choices = []
    for choice in outer["properties"][field]["oneOf"]:
        inner = definitions[choice["$ref"].rpartition("/")[2]]
        choices.append(
            {
                "type": "object",
                "additionalProperties": False,
                "properties": {**inner["properties"], **own},
                "required": [*inner.get("required", []), *required],
            }
        )
    return {"description": outer.get("description", ""), "oneOf": choices}


def _let_scalars_be_text(node: Any) -> None:
    """YAML editors see `36` as a number where we read text; a field of text takes any scalar."""
    if isinstance(node, dict):
        if node.get("type") == "string" and "enum" not in node and "const" not in node:
            node["type"] = ["string", "number", "boolean"]
        for value in node.values():
            _let_scalars_be_text(value)
    elif isinstance(node, list):
        for value in node:
            _let_scalars_be_text(value)

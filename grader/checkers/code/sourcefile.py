"""A program file of the rubric's folder. Its text is read with the rubric, so that it counts in the item's digest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, PlainSerializer, ValidationInfo, WithJsonSchema

READER = "read_source"
"""Key of the validation context under which the loader gives its `Reader`."""

Reader: TypeAlias = Callable[[str], str]
"""A name below the rubric's folder -> the file's text. Raises `ValueError` with what is wrong."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file's name below the rubric's folder, and its text."""

    name: str
    text: str


def _read(value: object, info: ValidationInfo) -> Source:
    if isinstance(value, Source):
        return value
    name = str(value)
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts or "\\" in name:
        raise ValueError("name a file below the folder of this rubric, such as `3a.py`")
    context: Any = info.context
    if not isinstance(context, Mapping) or READER not in context:
        raise ValueError("files can only be named in a rubric that is read from a folder")
    reader: Reader = context[READER]
    return Source(name, reader(name))


def _dump(source: Source) -> dict[str, str]:
    return {"file": source.name, "text": source.text}


SourceFile = Annotated[
    Source,
    BeforeValidator(_read),
    PlainSerializer(_dump, return_type=dict[str, str]),
    WithJsonSchema({"type": "string", "description": "A file below rubrics/<exam>/."}),
]

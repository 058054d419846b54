"""What a program is tried with, as an author writes it; `drawing.py` makes the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator, model_validator

from grader.checkers.base import Model

MOST_ENTRIES = 1_000_000
"""Numbers in one input."""
MOST_EDGES = 16

_WORDS: dict[str, Any] = {
    "true": True,
    "false": False,
    "null": None,
    "inf": float("inf"),
    "-inf": float("-inf"),
    "nan": float("nan"),
}


def plain(value: object) -> Any:
    """YAML's texts as Python values: numbers, true, false, null, inf, nan; lists and mappings of such; other text stays."""
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if not isinstance(value, str):
        return value
    if value in _WORDS:
        return _WORDS[value]
    for number in (int, float):
        try:
            return number(value)
        except ValueError:
            continue
    return value


_ANY_SCHEMA = {"type": ["number", "string", "boolean", "null", "array", "object"]}
Plain = Annotated[Any, BeforeValidator(plain), WithJsonSchema(_ANY_SCHEMA)]
Pair = tuple[float, float]
DType = Literal["float64", "float32", "float16", "int64", "int32", "uint8", "bool", "complex128"]
WAYS = ("normal", "uniform", "integers", "one_of", "value")


class Input(Model):
    """One value a program is tried with; exactly one of the first five says how it comes about.

    With `shape`, or where `as` is `numpy` or `torch`, it is an array or a tensor; otherwise a plain number, list or
    mapping. Entries of `shape` may name integer inputs that stand before.
    """

    normal: Pair | None = None
    """Mean and standard deviation."""
    uniform: Pair | None = None
    """Lowest and highest."""
    integers: tuple[int, int] | None = None
    """Lowest and highest, both possible."""
    one_of: tuple[Plain, ...] | None = None
    value: Plain = None
    shape: tuple[int | str, ...] | None = None
    like: str = ""
    """An input before, whose shape this one takes."""
    dtype: DType | None = None
    """Default: float64 for numpy, float32 for torch; int64 for integers."""
    kind: Literal["plain", "numpy", "torch"] | None = Field(default=None, alias="as")
    grad: bool = False
    """Whether a tensor requires its gradient."""
    device: Literal["cpu", "cuda"] = "cpu"
    edges: tuple[Plain, ...] = Field(default=(), max_length=MOST_EDGES)
    """Values that are always tried too, each in a case of its own."""

    @field_validator("shape", mode="before")
    @classmethod
    def _sizes(cls, shape: object) -> object:
        return [plain(size) for size in shape] if isinstance(shape, list | tuple) else shape

    @model_validator(mode="after")
    def _one_way(self) -> Input:
        given = [name for name in WAYS if name in self.model_fields_set]
        if len(given) != 1:
            raise ValueError(f"write exactly one of {', '.join(WAYS)}")
        if self.like and self.shape is not None:
            raise ValueError("write `shape` or `like`, not both")
        if (self.grad or self.device == "cuda") and self.form != "torch":
            raise ValueError("only a tensor (`as: torch`) has a gradient or a device")
        return self

    @property
    def form(self) -> str:
        """`plain`, `numpy` or `torch`."""
        return self.kind or ("plain" if self.shape is None and not self.like else "numpy")

    def needs(self) -> set[str]:
        """The inputs that its shape is taken from."""
        return {size for size in self.shape or () if isinstance(size, str)} | ({self.like} - {""})

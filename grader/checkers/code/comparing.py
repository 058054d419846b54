"""Whether what a program returned is what the reference returned.

Both are values rebuilt from bytes, never objects of the program: no method of the candidate's runs here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checkers.code.criterion import EXACT, TOLERANCES, Tolerance
from grader.sandbox import Opaque, TensorValue

Array = np.ndarray[Any, Any]
DEEPEST = 16
_COARSE = ("bfloat16", "float16", "float32", "float64")
_SHORT = _COARSE[:2]
_HALVES = {"complex64": "float32", "complex128": "float64"}


class Incomparable(TypeError):
    """The expected value is none of the kinds that can be compared."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Why two values differ. `place` is an index such as `[1, 2]`, `got` and `expected` are what stands there."""

    what: str
    place: str = ""
    got: str = ""
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Comparing:
    """How strictly values are compared. `tolerances` are by dtype, on top of the usual ones."""

    tolerances: Mapping[str, Tolerance]
    exact_dtype: bool = False

    def mismatch(self, expected: Any, got: Any, place: str = "", depth: int = 0) -> Mismatch | None:
        """The first difference, None where there is none."""
        if isinstance(expected, list | tuple):
            return self._sequences(expected, got, place, depth)
        if isinstance(expected, dict):
            return self._mappings(expected, got, place, depth)
        if expected is None or isinstance(expected, str):
            same = type(expected) is type(got) and expected == got
            return None if same else Mismatch("value", place, show(got), show(expected))
        if isinstance(expected, bool):
            same = _truth(got) is expected
            return None if same else Mismatch("value", place, show(got), show(expected))
        if _huge(expected) or _huge(got):
            same = isinstance(expected, int | float) and expected == got
            return None if same else Mismatch("value", place, show(got), show(expected))
        return self._numbers(expected, got, place)

    def _sequences(self, expected: Any, got: Any, place: str, depth: int) -> Mismatch | None:
        if not isinstance(got, list | tuple) or depth > DEEPEST:
            return Mismatch("kind", place, kind_of(got), kind_of(expected))
        if len(got) != len(expected):
            return Mismatch("length", place, str(len(got)), str(len(expected)))
        pairs = enumerate(zip(expected, got, strict=True))
        found = (self.mismatch(e, g, f"{place}[{n}]", depth + 1) for n, (e, g) in pairs)
        return next((one for one in found if one is not None), None)

    def _mappings(self, expected: Any, got: Any, place: str, depth: int) -> Mismatch | None:
        if not isinstance(got, dict) or depth > DEEPEST:
            return Mismatch("kind", place, kind_of(got), kind_of(expected))
        if got.keys() != expected.keys():
            return Mismatch("keys", place, show(list(got)), show(list(expected)))
        found = (
            self.mismatch(e, got[k], f"{place}[{k!r}]", depth + 1) for k, e in expected.items()
        )
        return next((one for one in found if one is not None), None)

    def _numbers(self, expected: Any, got: Any, place: str) -> Mismatch | None:
        wanted, found = numbers_of(expected), numbers_of(got)
        if wanted is None:
            raise Incomparable(
                f"the reference returns {kind_of(expected)}, which cannot be compared; "
                "write `name = ` before the line where it does not matter"
            )
        if found is None or (wanted.ndim and is_tensor(expected) != is_tensor(got)):
            return Mismatch("kind", place, kind_of(got), kind_of(expected))
        if wanted.shape != found.shape:
            return Mismatch("shape", place, shape_of(found), shape_of(wanted))
        if not _may_stand_for(found.dtype, wanted.dtype) or (
            self.exact_dtype and dtype_of(expected) != dtype_of(got)
        ):
            return Mismatch("dtype", place, dtype_of(got), dtype_of(expected))
        if is_tensor(expected) and is_tensor(got) and expected.device != got.device:
            return Mismatch("device", place, got.device, expected.device)
        return self._entries(wanted, found, self._tolerance(expected, got), place)

    def _tolerance(self, expected: Any, got: Any) -> Tolerance:
        wanted, found = (_HALVES.get(name, name) for name in (dtype_of(expected), dtype_of(got)))
        # the answer's own choice loosens no further than float32
        names = (wanted, "float32" if found in _SHORT else found)
        coarse = next((name for name in _COARSE if name in names), "")
        if not coarse:
            return EXACT
        return self.tolerances.get(coarse, TOLERANCES[coarse])

    def _entries(
        self, wanted: Array, found: Array, allowed: Tolerance, place: str
    ) -> Mismatch | None:
        wide = np.complex128 if wanted.dtype.kind == "c" else np.float64
        exact = wanted.dtype.kind in "biu" and found.dtype.kind in "biu"
        e, g = (wanted, found) if exact else (wanted.astype(wide), found.astype(wide))
        with np.errstate(all="ignore"):
            close = (
                np.abs(g - e) <= allowed.absolute + allowed.relative * np.abs(e)
                if not exact
                else g == e
            )
            if wanted.dtype.kind in "iu":
                close &= np.rint(g) == e
        finite = np.isfinite(e) & np.isfinite(g) if not exact else np.ones(e.shape, dtype=bool)
        alike = (g == e) | (np.isnan(g) & np.isnan(e)) if not exact else g == e
        wrong = np.where(finite, ~close, ~alike)
        if not wrong.any():
            return None
        first = np.unravel_index(int(np.argmax(wrong)), wrong.shape) if wrong.shape else ()
        at = "[" + ", ".join(str(int(n)) for n in first) + "]" if first else ""
        return Mismatch("value", place + at, number(found[first]), number(wanted[first]))


def numbers_of(value: Any) -> Array | None:
    """An array of the numbers in a number, array or tensor; None for anything else."""
    if isinstance(value, TensorValue):
        array: Array = value.array
        return array
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, bool | int | float):
        try:
            return np.asarray(value)
        except OverflowError:
            return None
    return None


def _huge(value: Any) -> bool:
    """Whether a whole number is too large for numpy; such numbers are compared as Python's own."""
    return isinstance(value, int) and not -(1 << 63) <= value < 1 << 64


def _truth(value: Any) -> bool | None:
    """The truth value in a bool or an array of one; None for anything else."""
    array = numbers_of(value)
    return (
        bool(array) if array is not None and array.shape == () and array.dtype.kind == "b" else None
    )


def _may_stand_for(found: np.dtype[Any], wanted: np.dtype[Any]) -> bool:
    """Whole and real numbers stand for each other by value, a truth value for 0 or 1; not the other way round, nor complex ones."""
    if found.kind == "O" or wanted.kind == "O":
        return False
    return (found.kind == "c") == (wanted.kind == "c") and (found.kind == "b" or wanted.kind != "b")


def is_tensor(value: Any) -> bool:
    return isinstance(value, TensorValue)


def dtype_of(value: Any) -> str:
    """`float32`, for plain numbers what numpy makes of them."""
    if isinstance(value, TensorValue):
        return value.dtype
    array = numbers_of(value)
    return "" if array is None else str(array.dtype)


def shape_of(array: Array) -> str:
    """`shape (4, 5)`, `a single number` for no dimensions."""
    return f"shape {tuple(array.shape)}" if array.shape else "a single number"


_KINDS = {bool: "a truth value", int: "a number", float: "a number", str: "a text"}


def kind_of(value: Any) -> str:
    """What a value is, in words."""
    if value is None:
        return "nothing (None)"
    if isinstance(value, Opaque):
        return f"an object of type {' '.join(value.type_name.split())[:LONGEST]}"
    if isinstance(value, TensorValue):
        return "a tensor"
    if isinstance(value, np.ndarray):
        return "an array" if value.shape else "a number"
    if isinstance(value, list | tuple):
        return f"a {type(value).__name__} of {len(value)}"
    return _KINDS.get(type(value), "a mapping" if isinstance(value, dict) else "a value")


MOST_SHOWN = 8
"""Entries of an array that are shown."""
LONGEST = 160


def number(value: Any) -> str:
    """A number with six significant digits."""
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, int | np.integer):
        return str(int(value)) if abs(int(value)) < 10**20 else "a very large number"
    if isinstance(value, complex | np.complexfloating):
        return f"{complex(value):.6g}"
    return f"{float(value):.6g}"


def show(value: Any) -> str:
    """A value for people, on one short line."""
    array = numbers_of(value)
    if array is not None:
        return _show_array(array)
    if isinstance(value, str):
        return repr(value) if len(value) <= LONGEST else repr(value[:LONGEST]) + "…"
    if isinstance(value, list | tuple):
        inner = ", ".join(show(part) for part in value[:MOST_SHOWN])
        more = ", …" if len(value) > MOST_SHOWN else ""
        text = f"[{inner}{more}]" if isinstance(value, list) else f"({inner}{more})"
        return text if len(text) <= 2 * LONGEST else text[: 2 * LONGEST] + "…"
    return "None" if value is None else kind_of(value)


def _show_array(array: Array) -> str:
    if array.dtype.kind == "O":
        return "a very large number"
    if not array.shape:
        return number(array[()])
    flat = array.reshape(-1)
    if not array.size and array.ndim > 1:  # [[], []] could be without end
        return f"{' × '.join(map(str, array.shape))} numbers"
    if array.size <= MOST_SHOWN:
        return _nested(array)
    first = ", ".join(number(entry) for entry in flat[:MOST_SHOWN])
    return f"{' × '.join(map(str, array.shape))} numbers [{first}, …]"


def _nested(array: Array) -> str:
    if array.ndim == 1:
        return "[" + ", ".join(number(entry) for entry in array) + "]"
    return "[" + ", ".join(_nested(row) for row in array) + "]"

"""Frames between the trusted side and the jail: a length-capped JSON header and raw little-endian buffers.

    b"EXG1" | header length (u32) | header (JSON) | buffer | buffer | …

The header's `arrays` entry lists dtype and shape of each buffer. Nothing that could run code on reading (pickle,
numpy's own format) is used, and every number that comes from the jail is checked before it is used.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

MAGIC = b"EXG1"
HEADER_BYTES = 1 << 20
"""The longest header the jail may send."""
ALL_HEADER_BYTES = 4 << 20
"""All headers of one job together."""
MOST_PARTS = 1 << 18
"""Lists and objects in all headers of one job: what reading them costs in memory."""
DEEPEST = 64
"""Lists and objects within each other; the harness stays below 45."""
MOST_ARRAYS = 4096
MOST_DIMENSIONS = 16
LARGEST_DIMENSION = 1 << 28
LARGEST_ARRAY = 1 << 31
"""Bytes that a shape may stand for, dimensions of length 0 left out."""
MOST_DIGITS = 2000
"""Of an integer in a header."""
DTYPES = frozenset(
    {
        *("<f2", "<f4", "<f8", "<c8", "<c16", "|b1"),
        *("|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8"),
    }
)
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_NO_BRACKET = bytes(set(range(256)) - set(b"[]{}"))

Array = Any
"""A numpy array. No type of numpy's own: whoever only describes a job need not load it."""
Frame = tuple[dict[str, Any], list[Array]]


class BadFrame(Exception):
    """Bytes that no honest harness sends."""


@dataclass(slots=True)
class Allowance:
    """What the frames of one job may still cost to read."""

    frames: int
    header_bytes: int = ALL_HEADER_BYTES
    parts: int = MOST_PARTS

    def take(self, header: bytes) -> None:
        """Count one frame. Raises `BadFrame`, before the header is parsed, where it is more than is left."""
        brackets = _STRING.sub(b"", header).translate(None, _NO_BRACKET)
        self.frames -= 1
        self.header_bytes -= len(header)
        self.parts -= brackets.count(b"[") + brackets.count(b"{")
        if len(header) > HEADER_BYTES or min(self.frames, self.header_bytes, self.parts) < 0:
            raise BadFrame("more frames or longer headers than an honest run sends")
        deepest = max(accumulate(1 if one in b"[{" else -1 for one in brackets), default=0)
        if deepest > DEEPEST:
            raise BadFrame("a header is nested too deeply")


def header_of(described: dict[str, Any], arrays: Sequence[Array]) -> bytes:
    """A frame's header as text. Raises `BadFrame` for a dtype that cannot travel."""
    for array in arrays:
        if array.dtype.str not in DTYPES:
            raise BadFrame(f"dtype {array.dtype} cannot travel")
    shapes = [[array.dtype.str, list(array.shape)] for array in arrays]
    return _WRITER.encode({**described, "arrays": shapes}).encode()


def framed(header: bytes, arrays: Sequence[Array]) -> bytes:
    """A frame of a ready header."""
    buffers = (array.tobytes() for array in arrays)
    return b"".join((MAGIC, struct.pack("<I", len(header)), header, *buffers))


def encode(described: dict[str, Any], arrays: Sequence[Array]) -> bytes:
    """One frame. Raises `BadFrame` for a dtype that cannot travel."""
    return framed(header_of(described, arrays), arrays)


def decode(data: bytes | bytearray, allowed: Allowance | None) -> tuple[list[Frame], str]:
    """All whole frames in order, and what is wrong with the rest ("" where nothing is).

    Frames that came whole before a broken one are kept: a job may be stopped in the middle of one. `allowed` None is
    for what the trusted side wrote.
    """
    frames: list[Frame] = []
    view, place = memoryview(data).toreadonly(), 0
    while place < len(view):
        try:
            frame, place = _frame(view, place, allowed)
        except BadFrame as fault:
            return frames, str(fault)
        frames.append(frame)
    return frames, ""


def _frame(view: memoryview, place: int, allowed: Allowance | None) -> tuple[Frame, int]:
    start = place + len(MAGIC) + 4
    if start > len(view) or view[place : place + len(MAGIC)] != MAGIC:
        raise BadFrame("no frame where one must begin")
    (length,) = struct.unpack("<I", view[start - 4 : start])
    if start + length > len(view) or (allowed is not None and length > HEADER_BYTES):
        raise BadFrame("the header is cut off or too long")
    text = bytes(view[start : start + length])
    if allowed is not None:
        allowed.take(text)
    header = _json(text)
    described = header.pop("arrays", None)
    if type(described) is not list or len(described) > MOST_ARRAYS:
        raise BadFrame("the header does not list its arrays")
    arrays, place = [], start + length
    for entry in described:
        array, place = _array(entry, view, place)
        arrays.append(array)
    return (header, arrays), place


def _json(text: bytes) -> dict[str, Any]:
    try:
        header = _READER.decode(text.decode("utf-8"))
    except (ValueError, RecursionError) as fault:
        raise BadFrame("the header is not JSON") from fault
    if type(header) is not dict:
        raise BadFrame("the header is not an object")
    return header


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _integer(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError("an integer is too long")
    return int(digits)


_READER = json.JSONDecoder(parse_constant=_no_constant, parse_int=_integer)
_WRITER = json.JSONEncoder(allow_nan=False, separators=(",", ":"))


def _array(entry: Any, view: memoryview, place: int) -> tuple[Array, int]:
    """One buffer as an array of its own; truth values are exactly 0 or 1."""
    import numpy as np  # only where there are arrays

    if type(entry) is not list or len(entry) != 2 or type(entry[0]) is not str:
        raise BadFrame("an array is not described")
    name, shape = entry
    if name not in DTYPES or type(shape) is not list or len(shape) > MOST_DIMENSIONS:
        raise BadFrame("an array has no usable dtype or shape")
    dtype = np.dtype("|u1" if name == "|b1" else name)
    size, room = dtype.itemsize, dtype.itemsize
    for dimension in shape:
        if type(dimension) is not int or not 0 <= dimension <= LARGEST_DIMENSION:
            raise BadFrame("an array has no usable shape")
        size *= dimension
        room *= max(dimension, 1)
    if room > LARGEST_ARRAY or place + size > len(view):
        raise BadFrame("an array is cut off or too large")
    flat = np.frombuffer(view[place : place + size], dtype=dtype).reshape(shape)
    return (np.asarray(flat != 0) if name == "|b1" else flat.copy()), place + size

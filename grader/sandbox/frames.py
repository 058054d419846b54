"""Reading the frames of a job: the only order and the only values that an honest run sends, made canonical."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from grader.sandbox.inside.wire import Array, BadFrame, Frame
from grader.sandbox.result import CaseResult, Opaque, Raised, Status, TensorValue, TraceLine

DEEPEST = 16
MOST_TRACE_LINES = 20
LONGEST_TEXT = 20_000
MOST_BITS = 4000
"""Of an integer; the harness sends no longer one."""
LARGEST_PLACE = 1 << 31
"""A line or a step."""
DEVICES = ("cpu", "cuda:0")
TENSOR_DTYPES = {
    "float16": "<f2",
    "float32": "<f4",
    "float64": "<f8",
    "bfloat16": "<f4",
    "bool": "|b1",
    "complex64": "<c8",
    "complex128": "<c16",
    "int8": "|i1",
    "int16": "<i2",
    "int32": "<i4",
    "int64": "<i8",
    "uint8": "|u1",
    "uint16": "<u2",
    "uint32": "<u4",
    "uint64": "<u8",
}
"""Torch's names, and how the numbers travel."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The frames of a job, read."""

    cases: tuple[CaseResult, ...]
    """Those that were finished, in order."""
    raised: Raised | None
    fault: str
    """Why these are not the frames of a whole run, "" if they are."""


def read_frames(frames: list[Frame], fault: str, due: Sequence[int]) -> Answered:
    """Frames in the only order an honest run sends: loaded, every case from 0, end. Never raises.

    `due` has for each case the number of values that it returns where nothing is raised: whoever can write into the
    results could otherwise leave out what is compared.
    """
    cases: list[CaseResult] = []
    expected = len(due)
    try:
        for place, (header, arrays) in enumerate(frames):
            if place == 0:
                if header.get("loaded") is False:
                    return Answered((), _raised(header.get("raised")), fault)
                _need(header.get("loaded") is True)
            elif _is(header.get("case"), len(cases)) and len(cases) < expected:
                cases.append(_case(header, arrays, due[len(cases)]))
            else:
                whole = _is(header.get("end"), expected) and len(cases) == expected
                last = place == len(frames) - 1
                wrong = "" if whole and last else "frames out of order"
                return Answered(tuple(cases), None, wrong or fault)
    except BadFrame as broken:
        return Answered(tuple(cases), None, str(broken))
    return Answered(tuple(cases), None, fault or "ended before all cases were done")


def _need(fits: bool, fault: str = "a frame does not say what it must") -> None:
    if not fits:
        raise BadFrame(fault)


def _is(value: Any, number: int) -> bool:
    """Equal as an integer: True is not 1."""
    return type(value) is int and value == number


def _is_place(value: Any) -> bool:
    return type(value) is int and abs(value) <= LARGEST_PLACE


def _text(value: Any) -> str:
    """A text that can be written to any file: halves of surrogate pairs become question marks."""
    _need(type(value) is str and len(value) <= LONGEST_TEXT)
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _case(header: dict[str, Any], arrays: list[Array], due: int) -> CaseResult:
    values = header.get("values")
    _need(type(values) is list)
    read = tuple(_value(value, arrays, 0) for value in values or [])
    entry = header.get("raised")
    raised = None if entry is None else _raised(entry)
    status = Status.OK
    if raised is None:
        _need(len(read) == due, "a case returned another number of values than it was asked for")
    else:
        status = Status.MEMORY if raised.memory else Status.EXCEPTION
    return CaseResult(read, _text(header.get("printed")), raised, status)


def _raised(entry: Any) -> Raised:
    _need(type(entry) is dict and type(entry.get("lines")) is list)
    _need(len(entry["lines"]) <= MOST_TRACE_LINES)
    step = entry.get("step")
    _need(step is None or _is_place(step))
    lines = tuple(_trace_line(line) for line in entry["lines"])
    memory = entry.get("memory") is True
    return Raised(_text(entry.get("type")), _text(entry.get("message")), lines, memory, step)


def _trace_line(entry: Any) -> TraceLine:
    _need(type(entry) is list and len(entry) == 2 and _is_place(entry[0]))
    return TraceLine(entry[0], _text(entry[1]))


def _array(place: Any, arrays: list[Array]) -> Array:
    _need(type(place) is int and 0 <= place < len(arrays))
    return arrays[place]


def _parts(entry: Any, arrays: list[Array], depth: int) -> list[Any]:
    _need(type(entry) is list)
    return [_value(part, arrays, depth + 1) for part in entry]


def _pairs(entry: Any, arrays: list[Array], depth: int) -> dict[Any, Any]:
    pairs = {}
    _need(type(entry) is list)
    for pair in entry:
        _need(type(pair) is list and len(pair) == 2)
        key = _value(pair[0], arrays, depth + 1)
        _need(key is None or type(key) in (bool, int, float, str))
        pairs[key] = _value(pair[1], arrays, depth + 1)
    return pairs


def _scalar(value: Any) -> Any:
    if type(value) is str:
        return _text(value)
    if type(value) is int:
        _need(value.bit_length() <= MOST_BITS)
    _need(value is None or type(value) in (bool, int, float))
    return value


def _float(text: Any) -> float:
    _need(type(text) is str and text in ("nan", "inf", "-inf"))
    return float(text)


def _tensor(rest: list[Any], arrays: list[Array]) -> TensorValue:
    _need(len(rest) == 6 and type(rest[1]) is bool and type(rest[3]) is bool)
    array, device, dtype = _array(rest[0], arrays), _text(rest[2]), _text(rest[5])
    _need(device in DEVICES and TENSOR_DTYPES.get(dtype) == array.dtype.str)
    return TensorValue(array, dtype, device, rest[1], rest[3], _text(rest[4]))


_READERS: dict[str, Callable[[list[Any], list[Array], int], Any]] = {
    "v": lambda rest, _, __: _scalar(rest[0]),
    "f": lambda rest, _, __: _float(rest[0]),
    "o": lambda rest, _, __: Opaque(_text(rest[0])),
    "a": lambda rest, arrays, _: _array(rest[0], arrays),
    "t": lambda rest, arrays, _: _tensor(rest, arrays),
    "L": lambda rest, arrays, depth: _parts(rest[0], arrays, depth),
    "T": lambda rest, arrays, depth: tuple(_parts(rest[0], arrays, depth)),
    "D": lambda rest, arrays, depth: _pairs(rest[0], arrays, depth),
}


def _value(entry: Any, arrays: list[Array], depth: int) -> Any:
    _need(type(entry) is list and len(entry) >= 2 and depth <= DEEPEST)
    _need(type(entry[0]) is str and entry[0] in _READERS)
    return _READERS[entry[0]](entry[1:], arrays, depth)

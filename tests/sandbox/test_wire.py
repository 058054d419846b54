"""Bytes from the jail: read exactly, or refused; never anything else."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox import Ask, Call, Case, Get, Job, Let, Level, Run, Set, Status
from grader.sandbox.channel import Raw
from grader.sandbox.frames import read_frames
from grader.sandbox.inside import wire
from grader.sandbox.outcome import as_run


def frame(header: object, *buffers: bytes) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return wire.MAGIC + struct.pack("<I", len(text)) + text + b"".join(buffers)


def decode(data: bytes, frames: int = 9) -> tuple[list[wire.Frame], str]:
    return wire.decode(data, wire.Allowance(frames))


def raw(results: bytes, code: int = 0, stopped_by: str = "") -> Raw:
    words = {"stdout": bytearray(b"\xff"), "stderr": bytearray(), "cut": False}
    return Raw(code, 0.1, 1, bytearray(results), wall=0.1, stopped_by=stopped_by, **words)


def run_of(results: bytes, cases: int = 1, code: int = 0, stopped_by: str = "") -> Run:
    job = Job(b"", [Case([Get("x")])] * cases)
    return as_run(raw(results, code, stopped_by), job, Level.KERNEL)


def test_what_is_written_is_read() -> None:
    arrays = [
        np.arange(6, dtype="<i4").reshape(2, 3),
        np.float64(2.5).reshape(()),
        np.zeros((0, 2), "?"),
    ]
    data = wire.encode({"a": 1}, arrays) + wire.encode({"b": "ø"}, [])
    frames, fault = decode(data)
    assert fault == ""
    assert [header for header, _ in frames] == [{"a": 1}, {"b": "ø"}]
    for got, sent in zip(frames[0][1], arrays, strict=True):
        assert (got.dtype, got.shape, got.tobytes()) == (sent.dtype, sent.shape, sent.tobytes())


def test_objects_are_not_written() -> None:
    with pytest.raises(wire.BadFrame):
        wire.encode({}, [np.array([object()])])


BROKEN = [
    b"PK\x03\x04 no frame",
    wire.MAGIC,
    wire.MAGIC + b"\xff\xff\xff\xff{}",
    frame(b"{"),
    frame(b"[1]"),
    frame(b"[" * 50_000),
    frame(b'{"arrays": [], "x": NaN}'),
    frame({}),
    frame({"arrays": 3}),
    frame({"arrays": [["<f8"]]}),
    frame({"arrays": [["|O8", [1]]]}, bytes(8)),
    frame({"arrays": [["<f8", [-1]]]}),
    frame({"arrays": [["<f8", [1.0]]]}, bytes(8)),
    frame({"arrays": [["<f8", [True]]]}, bytes(8)),
    frame({"arrays": [["<f8", [2]]]}, bytes(8)),
    frame({"arrays": [["<f8", [1 << 28] * 16]]}),
    frame({"arrays": [["<f8", [0] * 17]]}),
    frame({"arrays": [["<f8", [1 << 28] * 4 + [0]]]}),
    frame(b'{"arrays": [], "x": ' + b"9" * 4000 + b"}"),
    frame(b'{"arrays": [], "x": ' + b"[" * 100 + b"]" * 100 + b"}"),
    frame(b'{"arrays": [], "x": [' + b"[]," * wire.MOST_PARTS + b"0]}"),
    frame({"arrays": [["|b1", []]] * 5000}, bytes(5000)),
]


@pytest.mark.parametrize("data", BROKEN)
def test_broken_frames_are_refused_and_earlier_ones_kept(data: bytes) -> None:
    frames, fault = decode(wire.encode({"n": 1}, []) + data)
    assert [header for header, _ in frames] == [{"n": 1}]
    assert fault


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for results in (data, frame({"arrays": []}) + data, wire.encode(LOADED, []) + data):
        assert type(run_of(results)) is Run


@given(st.integers(-70, 300), st.sampled_from(["", "wall", "output"]))
def test_any_end_is_a_status(code: int, stopped_by: str) -> None:
    assert run_of(b"", 0, code, stopped_by).status in Status


def test_a_flood_of_frames_or_headers_is_not_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = []
    monkeypatch.setattr(wire, "_json", lambda text: read.append(len(text)) or {"arrays": []})
    frames, fault = decode(frame({"arrays": []}) * 1000, frames=3)
    assert (len(frames), len(read)) == (3, 3)
    assert "more frames" in fault
    read.clear()
    decode(frame(b'{"arrays": [], "x": "' + b"x" * 999_000 + b'"}') * 31, frames=99)
    assert 0 < sum(read) <= wire.ALL_HEADER_BYTES
    read.clear()
    decode(frame(b'{"arrays": [], "x": [' + b"{}," * 100_000 + b"0]}") * 31, frames=99)
    assert len(read) == wire.MOST_PARTS // 100_000
    read.clear()
    decode(frame(b'{"x": ' + b"[" * 65 + b"]" * 65 + b"}"))
    assert read == []


def test_brackets_in_text_are_no_nesting() -> None:
    header = {"printed": '[[[{"\\"[' * 500, "x": "\\"}
    frames, fault = decode(wire.encode(header, []))
    assert fault == ""
    assert frames[0][0] == header


def test_truth_values_are_nothing_but_true_and_false() -> None:
    (sent,), _ = decode(frame({"arrays": [["|b1", [3]], ["|b1", []]]}, b"\x02\x00\xff\x07"))
    assert [array.tobytes() for array in sent[1]] == [b"\x01\x00\x01", b"\x01"]
    assert sent[1][1].shape == ()


TENSOR = ["t", 0, False, "cpu", False, "Tensor", "float32"]


@pytest.mark.parametrize(
    ("place", "lie"),
    [(6, "float64"), (6, "bool"), (6, "quaternion"), (3, "cuda:7"), (3, "meta"), (2, 1), (1, True)],
)
def test_labels_that_do_not_fit_are_refused(place: int, lie: object) -> None:
    numbers = np.zeros(2, "f4")
    forged = [*TENSOR[:place], lie, *TENSOR[place + 1 :]]
    for value, refused in ((TENSOR, False), (forged, True)):
        case = {**ONE, "values": [value]}
        frames = [wire.encode(LOADED, []), wire.encode(case, [numbers]), wire.encode(END, [])]
        assert (run_of(b"".join(frames)).status is Status.PROTOCOL) == refused


def test_text_that_comes_back_can_be_written_down() -> None:
    half = "\ud800x"
    raised = {"type": half, "message": half, "memory": False, "lines": [[1, half]], "step": 0}
    case = {**ONE, "values": [["v", half]], "printed": half, "raised": raised}
    frames = [wire.encode(header, []) for header in (LOADED, case, END)]
    done = run_of(b"".join(frames))
    assert done.cases[0].values == ("?x",)
    assert repr(done).encode()


ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)
TAGGED = st.lists(
    st.sampled_from(["v", "f", "a", "t", "L", "T", "D", "o", 0, [], "nan"]) | ANY, max_size=7
)


@given(st.lists(TAGGED | ANY, max_size=4), ANY, ANY)
def test_any_header_is_read_or_refused(values: list, printed: object, raised: object) -> None:
    array = np.zeros(2, "f4")
    case = {"case": 0, "values": values, "printed": printed, "raised": raised}
    for header in (case, {**case, "printed": ""}, {**case, "printed": "", "raised": None}):
        answered = read_frames([({"loaded": True}, []), (header, [array])], "", [1])
        assert answered.fault
        done = run_of(wire.encode(LOADED, []) + wire.encode(header, [array]))
        assert done.status is Status.PROTOCOL
        assert len(done.cases) == 1


ONE = {"case": 0, "values": [["v", 1]], "raised": None, "printed": ""}
LOADED, END = {"loaded": True}, {"end": 1}


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [LOADED],
        [LOADED, ONE],
        [LOADED, END],
        [ONE, END],
        [LOADED, ONE, ONE, END],
        [LOADED, {**ONE, "case": 1}, END],
        [LOADED, ONE, END, END],
        [LOADED, ONE, END, {"score": 100}],
        [LOADED, ONE, {"end": 2}],
        [LOADED, LOADED, ONE, END],
    ],
)
def test_only_a_whole_run_in_order_counts(headers: list[dict]) -> None:
    assert read_frames([(dict(header), []) for header in headers], "", [1]).fault


def test_a_whole_run_counts() -> None:
    answered = read_frames([(dict(header), []) for header in (LOADED, ONE, END)], "", [1])
    assert answered.fault == ""
    assert answered.cases[0].values == (1,)


STEPS = (
    Let("x", 1),
    Get("x"),
    Call("f"),
    Call("f", keep=False),
    Set("x.y", 2),
    Ask("r", keep=False),
)
RAISED = {"type": "E", "message": "", "memory": False, "lines": [], "step": 0}


@pytest.mark.parametrize(
    ("values", "raised", "status"),
    [
        (2, None, Status.OK),
        (0, None, Status.PROTOCOL),
        (1, None, Status.PROTOCOL),
        (3, None, Status.PROTOCOL),
        (0, RAISED, Status.EXCEPTION),
        (1, RAISED, Status.EXCEPTION),
    ],
)
def test_a_case_that_leaves_out_what_was_asked_for_is_no_case(
    values: int, raised: object, status: Status
) -> None:
    case = {**ONE, "values": [["v", 1]] * values, "raised": raised}
    results = b"".join(wire.encode(header, []) for header in (LOADED, case, END))
    done = as_run(raw(results), Job(b"", [Case(STEPS)]), Level.KERNEL)
    assert done.status is status
    assert done.cases[0].finished == (status is not Status.PROTOCOL)
    assert ("another number of values" in done.detail) == (status is Status.PROTOCOL)

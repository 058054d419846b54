"""Whether two values are the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checkers.code.comparing import LONGEST, Comparing, Mismatch, show
from grader.checkers.code.criterion import EXACT, Tolerance
from grader.sandbox import Opaque, TensorValue
from tests.checkers.strategies import STEADY

USUAL = Comparing({})
TYPED = Comparing({}, exact_dtype=True)
NAN, INF = float("nan"), float("inf")


def tensor(values: Any, dtype: str = "float32", device: str = "cpu") -> TensorValue:
    held = "float32" if dtype == "bfloat16" else dtype
    return TensorValue(np.asarray(values, dtype=held), dtype, device, False, False, "Tensor")


def array(values: Any, dtype: str = "float64") -> Any:
    return np.asarray(values, dtype=dtype)


def differs(expected: Any, got: Any, how: Comparing = USUAL) -> str:
    """What differs, "" for nothing."""
    found = how.mismatch(expected, got)
    return found.what if found else ""


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (1.0, 1.0 + 1e-7),
        (1.0, 1),
        (1, 1.0),
        (0.0, -0.0),
        (array([0.0, -0.0]), array([-0.0, 0.0])),
        (array([NAN, 1.0]), array([NAN, 1.0])),
        (array([INF, -INF]), array([INF, -INF])),
        (NAN, NAN),
        (2.5, array(2.5)),
        (array(2.5), 2.5),
        (tensor(2.5), 2.5),
        (tensor(2.5), array(2.5)),
        (2.5, tensor(2.5)),
        (True, array(True, "bool")),
        (array(True, "bool"), True),
        (1, True),
        ([1, 2], (1, 2)),
        ((1, 2), [1, 2]),
        ([], ()),
        ([1.0, [array([1.0])]], (1.0, (array([1.0]),))),
        (array([1.0]), array([1.0 + 5e-5], "float32")),
        (array([1.0], "float32"), array([1.0 + 5e-5])),
        (tensor([1.0], "bfloat16"), tensor([1.01], "bfloat16")),
        (tensor([1.0], "float16"), tensor([1.005], "float16")),
        (array([1, 2], "int64"), array([1.0, 2.0])),
        (array([1.0, 2.0]), array([1, 2], "int64")),
        (array([1.0, 0.0]), array([True, False], "bool")),
        (array([1 + 2j], "complex128"), array([1 + 2j], "complex64")),
        (array(np.zeros((0, 3))), array(np.zeros((0, 3)))),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({}, {}),
        (None, None),
        ("a", "a"),
        (10**30, 10**30),
        ([2**64, -(2**70)], [2**64, -(2**70)]),
        (2**63, 2**63),
        (array([2**63], "uint64"), array([2**63], "uint64")),
    ],
)
def test_the_same(expected: Any, got: Any) -> None:
    assert differs(expected, got) == ""


@pytest.mark.parametrize(
    ("expected", "got", "what"),
    [
        (1.0, 1.0 + 1e-5, "value"),
        (array([1.0, 2.0]), array([NAN, NAN]), "value"),
        (array([NAN]), array([1.0]), "value"),
        (array([INF]), array([-INF]), "value"),
        (array([INF]), array([1e308]), "value"),
        (array([1e308]), array([INF]), "value"),
        (0.0, 1e-8, "value"),
        (np.zeros(4), np.zeros((4, 1)), "shape"),
        (np.zeros((4, 1)), np.zeros(4), "shape"),
        (np.zeros((3, 4)), array(0.0), "shape"),
        (np.zeros((3, 4)), 0.0, "shape"),
        (np.zeros((0, 4)), np.zeros((4, 0)), "shape"),
        (np.zeros((3, 4)), np.zeros((0, 4)), "shape"),
        (0.0, np.zeros(1), "shape"),
        (np.zeros(1), 0.0, "shape"),
        (np.zeros(2), [0.0, 0.0], "kind"),
        ([0.0, 0.0], np.zeros(2), "kind"),
        (np.zeros(2), tensor([0.0, 0.0]), "kind"),
        (tensor([0.0, 0.0]), np.zeros(2), "kind"),
        (tensor([0.0, 0.0]), [tensor([0.0, 0.0])], "kind"),
        ([1], [1, 2], "length"),
        ((), (1,), "length"),
        (1.0, None, "kind"),
        (None, 0, "value"),
        (None, False, "value"),
        ("1", 1, "value"),
        (1, "1", "kind"),
        (1.0, Opaque("Yes"), "kind"),
        (np.zeros(2), Opaque("Yes"), "kind"),
        ({"a": 1}, Opaque("Yes"), "kind"),
        ([1], "a", "kind"),
        (True, 1, "value"),
        (True, 1.0, "value"),
        (False, None, "value"),
        (False, array([False], "bool"), "value"),
        (array([True], "bool"), array([1], "int64"), "dtype"),
        (array([True, False], "bool"), array([True, True], "bool"), "value"),
        (array([1.0]), array([1.0 + 0j], "complex128"), "dtype"),
        (array([1 + 0j], "complex128"), array([1.0]), "dtype"),
        (array([1 + 2j], "complex128"), array([1 - 2j], "complex128"), "value"),
        (tensor([1.0]), tensor([1.0], device="cuda:0"), "device"),
        ({"a": 1}, {"b": 1}, "keys"),
        ({"a": 1}, {"a": 1, "b": 2}, "keys"),
        ({"a": 1}, [1], "kind"),
        ({"a": [1, 2]}, {"a": [1, 3]}, "value"),
        (10**30, 10**30 + 1, "value"),
        (10**30, 1e30, "value"),
        (10**30, 3, "value"),
        (3, 10**30, "value"),
        (3.5, 10**30, "value"),
        (2**63, -(2**63), "value"),
        (2**53, 2**53 + 1, "value"),
        (array([2**64 - 1], "uint64"), array([-1], "int64"), "value"),
        (20_000, tensor(20_001.0), "value"),
        (array([20_000], "int64"), array([20_001.0], "float32"), "value"),
    ],
)
def test_not_the_same(expected: Any, got: Any, what: str) -> None:
    assert differs(expected, got) == what


def test_a_coarse_answer_does_not_choose_a_coarse_tolerance() -> None:
    assert differs(array([1.0]), array([1.005], "float16")) == "value"
    assert differs(tensor([1.0]), tensor([1.01], "bfloat16")) == "value"
    assert differs(array([1.0]), array([1.0], "float16")) == ""


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (array([1.0]), array([1.0], "float32")),
        (array([1.0]), array([1], "int64")),
        (1, 1.0),
        (tensor([1.0]), tensor([1.0], "bfloat16")),
        (array([1], "int32"), array([1], "int64")),
    ],
)
def test_the_dtype_counts_where_it_must_be_exact(expected: Any, got: Any) -> None:
    assert differs(expected, got) == ""
    assert differs(expected, got, TYPED) == "dtype"
    assert differs(expected, expected, TYPED) == ""


def test_a_tolerance_of_the_item_replaces_the_usual_one() -> None:
    wide = Comparing({"float64": Tolerance(relative=0, absolute=0.5)})
    assert differs(1.0, 1.4, wide) == ""
    assert differs(1.0, 1.6, wide) == "value"
    assert differs(1.0, 1.0 + 1e-9, Comparing({"float64": EXACT})) == "value"


def test_the_first_difference_is_named_with_its_place() -> None:
    expected = [{"a": np.zeros((2, 2))}]
    got = [{"a": array([[0.0, 0.0], [0.0, 3.5]])}]
    assert USUAL.mismatch(expected, got) == Mismatch("value", "[0]['a'][1, 1]", "3.5", "0")


def test_a_reference_that_returns_no_value_is_the_author_s_fault() -> None:
    with pytest.raises(TypeError, match="an object of type Net"):
        USUAL.mismatch(Opaque("Net"), Opaque("Net"))


def nested(depth: int, leaf: Any) -> Any:
    value = leaf
    for _ in range(depth):
        value = [value]
    return value


def test_nesting() -> None:
    assert differs(nested(12, 1.0), nested(12, 1.0)) == ""
    assert differs(nested(12, 1.0), nested(12, 2.0)) == "value"
    assert differs(nested(12, 1.0), nested(11, 1.0)) == "kind"
    assert differs(nested(200, 1.0), nested(200, 1.0)) == "kind"


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**25), 10**25)
    | st.floats()
    | st.text(max_size=4)
    | st.sampled_from(
        [
            np.zeros(0),
            np.zeros((2, 1)),
            np.zeros(2),
            np.asarray([1, 2]),
            np.asarray([True, False]),
            np.asarray([1j, NAN]),
            np.asarray(2.0, "float16"),
            tensor([1.0, INF]),
            tensor([1.0, 2.0], "bfloat16"),
            tensor(True, "bool"),
        ]
    )
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)
WITHOUT_TRUTH = VALUES.filter(
    lambda value: "True" not in repr(value) and "False" not in repr(value)
)
STRICT: Mapping[str, Tolerance] = dict.fromkeys(
    ["float64", "float32", "float16", "bfloat16"], EXACT
)


@STEADY
@given(VALUES)
def test_every_value_is_itself(value: Any) -> None:
    assert USUAL.mismatch(value, value) is None
    assert TYPED.mismatch(value, value) is None


@STEADY
@given(VALUES, VALUES | st.builds(Opaque, st.text(max_size=3)))
def test_any_two_values_can_be_compared(first: Any, second: Any) -> None:
    found = USUAL.mismatch(first, second)
    if found is not None:
        assert "\n" not in found.got + found.expected + found.place


@STEADY
@given(WITHOUT_TRUTH, WITHOUT_TRUTH)
def test_without_tolerance_it_does_not_matter_which_is_expected(first: Any, second: Any) -> None:
    how = Comparing(STRICT)
    assert (how.mismatch(first, second) is None) == (how.mismatch(second, first) is None)


@STEADY
@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_numbers_are_the_same_within_the_tolerance_alone(first: float, second: float) -> None:
    within = abs(first - second) <= 1e-9 + 1e-6 * abs(first)
    assert (differs(first, second) == "") == within


@STEADY
@given(VALUES | st.builds(Opaque, st.text(max_size=300)))
def test_any_value_is_shown_on_one_short_line(value: Any) -> None:
    text = show(value)
    assert len(text) <= 2 * LONGEST + 20
    assert len(text.splitlines()) <= 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (True, "True"),
        (NAN, "nan"),
        (1e-12, "1e-12"),
        (10**30, "a very large number"),
        (2**63, "9223372036854775808"),
        (array([1.0, 0.333333333]), "[1, 0.333333]"),
        (np.zeros((2, 2)), "[[0, 0], [0, 0]]"),
        (np.zeros((3, 4)), "3 × 4 numbers [0, 0, 0, 0, 0, 0, 0, 0, …]"),
        (tensor([True], "bool"), "[True]"),
        (array([1 + 2j], "complex128"), "[1+2j]"),
        (np.zeros(0), "[]"),
        ((1, [2.5, "a"]), "(1, [2.5, 'a'])"),
        (None, "None"),
        ({"a": 1}, "a mapping"),
        (Opaque("Net"), "an object of type Net"),
        ("a\nb", r"'a\nb'"),
    ],
)
def test_how_a_value_is_shown(value: Any, text: str) -> None:
    assert show(value) == text


def test_an_empty_array_of_great_size_is_shown_at_once() -> None:
    empty = np.zeros((1 << 28, 0))
    assert len(show(empty)) < LONGEST
    assert differs("a", empty) == "value"

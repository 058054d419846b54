"""The shipped exams' derived keys come out as the printed solutions say."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from grader.expressions import Expression, Scope, equivalent, number, read
from grader.loading.workspace import Workspace
from grader.rubric import Paper

PLACE = Workspace(Path(__file__).parents[2])
PRINTED: list[tuple[str, str, Any]] = [
    ("in5400-2018", "1a", {"yhat": 36, "a1": 9, "a2": -2, "a3": 5}),
    ("in5400-2018", "1b", {"yhat": 38, "a1": 9, "a2": 0, "a3": 5}),
    ("in5400-2018", "1c", {"db2": 8, "dw2": -16, "db1": 8, "dw1": 16}),
    ("in5400-2018", "2c", {"side": 12, "size": (12, 12)}),
    ("in5400-2018", "2d", {"ratio": "49/27"}),
    ("in5400-2019", "1a", {"yhat2": 6, "h1": 2}),
    ("in5400-2019", "1b", {"L": 2, "yhat1": 4, "L1": 1, "L2": 1}),
    ("in5400-2019", "1c", {"total": 0, "first": -4, "second": 4}),
    ("in5400-2019", "1d", {"total": 8, "first": -4, "second": 12}),
    ("in5400-2021", "5a", (24, 32)),
    ("in5400-2021", "5b", {"l1": 3, "l2": 11, "l3": 23}),
    ("in5400-2021", "7a", "de_dg*(dg_dj*dj_dx2 + dg_dh*dh_dx2)"),
    (
        "in5400-2021",
        "7b",
        "de_df*(df_dx1 + df_da*da_dx1 + df_dd*dd_da*da_dx1) + de_dd*dd_da*da_dx1"
        " + de_dc*(dc_db*db_da + dc_da)*da_dx1",
    ),
    ("in5400-2022", "2a", "dy_de*de_df*df_dx2 + dy_df*df_dx2 + dy_dg*dg_dx2"),
    (
        "in5400-2022",
        "2b",
        "dy_de*de_dc*(dc_dx1 + dc_da*da_dx1) + ((dy_de*de_df + dy_df)*df_dd + dy_de*de_dd"
        " + dy_dg*dg_dd)*(dd_da*da_dx1 + dd_db*db_dx1)",
    ),
    ("in5400-2022", "3b", {"height_low": 59, "height_high": 60, "width_low": 39, "width_high": 40}),
    ("in5400-2022", "3c", 900100),
    ("in5400-2022", "3d", (21, 25)),
    ("in5400-2022", "6a", ("-sqrt(40)/sqrt(36.006)", "sqrt(14)/sqrt(36.006)")),
    ("fau-dl-2021", "4.3", {"yhat": "0.5", "L": "0.25"}),
    (
        "fau-dl-2021",
        "7.1",
        {
            "convA": (8, 4, 5, 5),
            "convB": (4, 4, 3, 3),
            "convC": (4, 3, 3, 3),
            "R": (10, 4, 30, 30),
            "T": (10, 4, 30, 30),
            "S": (10, 8, 10, 10),
        },
    ),
]
AT = {"x": "1", "y": "1", "w1": "0.5", "w2": "-2", "b1": "-0.5"}
SLOPES = {
    "dL_dyhat": -1,
    "dL_do": "-1/4",
    "dL_dw2": "-1/8",
    "dL_db1": "1/8",
    "dL_dw1": "1/8",
    "dL_dx": "-3/16",
}
"""The derivatives of 4.4 at the values of 4.3."""


@cache
def paper(exam: str) -> Paper:
    return PLACE.paper(exam)


def agree(found: Any, printed: Any) -> bool:
    if isinstance(printed, dict):
        return all(agree(found[name], value) for name, value in printed.items())
    if isinstance(printed, tuple):
        return len(found) == len(printed) and all(map(agree, found, printed))
    assert isinstance(found, Expression)
    wanted = read(str(printed), Scope.of(sorted(found.names())))
    return equivalent(found, wanted).status == "equal"


@pytest.mark.parametrize(("exam", "key", "printed"), PRINTED, ids=lambda part: str(part)[:12])
def test_derived_keys_are_the_printed_ones(exam: str, key: str, printed: Any) -> None:
    assert paper(exam).item(key).derive
    assert agree(paper(exam).official[key], printed)


def test_derivatives_of_the_residual_net_at_its_numbers() -> None:
    assert paper("fau-dl-2021").item("4.4").derive
    at = {name: read(value) for name, value in AT.items()}
    found = paper("fau-dl-2021").official["4.4"]
    got = {name: float(number(found[name].substitute(at)).real) for name in SLOPES}
    assert got == {name: float(read(str(value)).exact() or 0) for name, value in SLOPES.items()}

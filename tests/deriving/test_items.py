"""Derived values in a rubric: what is wrong is named with its line, keys use the values, own values follow through."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.deriving import Paths
from grader.errors import AuthorError
from grader.loading.workspace import Workspace
from grader.rubric import Paper
from grader.scoring import Scorer
from tests.conftest import EXAM, RUBRIC, Folder

DERIVE = """\
    derive:
      net:
        kind: formulas
        inputs: {x: 1, w: 2}
        steps:
          h: w*x
          y: h + 1
        derivatives: [dy_dw]
    key: y
"""
TWICE = """\
    given: {s: 1a}
    derive:
      twice:
        kind: formulas
        inputs: {t: 4}
        steps: {q: t/s, double: 2*s, share: double/(s - 7)}
    key: double
"""
SYMBOLIC_EXAM = EXAM.replace(
    "    response: {kind: numeric, name: s}",
    "    response: {kind: symbolic, symbols: [dy_da, da_dx, dy_dx]}",
)
GRAPH = """\
    kind: symbolic
    derive:
      dy_dx:
        kind: paths
        from: x
        to: y
        edges: [[x, a], [a, y]]
    key: dy_dx
    examples:
      - {answer: dy_da*da_dx, credit: 1}
"""
WITHOUT_GIVEN = """\
  1b:
    kind: numeric
    key: 6
    examples:
      - {answer: "6", credit: 1}
""" + RUBRIC[RUBRIC.index("  2:\n") :]


def rubric(derive: str = DERIVE, later: str = "    given: {s: 1a}\n    key: 2*s\n") -> str:
    return RUBRIC.replace("    key: 1 + 2\n", derive).replace(
        "    given: {s: 1a}\n    key: 2*s\n", later
    )


def paper(folder: Folder, text: str, exam: str = EXAM) -> Paper:
    folder.write("rubrics/small.yaml", text)
    folder.write("exams/small.yaml", exam)
    return Workspace(folder.root).paper("small")


def problems(folder: Folder, text: str, exam: str = EXAM) -> list[str]:
    with pytest.raises(AuthorError) as failure:
        paper(folder, text, exam)
    return [str(problem) for problem in failure.value.problems]


def test_keys_and_misconceptions_use_what_is_derived(folder: Folder) -> None:
    small = paper(folder, rubric().replace("when: 1 - 2", "when: y - 2*dy_dw"))
    assert small.official["1a"].exact() == 3
    assert small.official["1b"].exact() == 6
    credits = {
        answer: Scorer(small).score({"1a": answer}, "msc")["1a"].credit for answer in ("3", "1")
    }
    assert credits == {"3": 1, "1": Fraction(1, 2)}


def test_own_values_go_into_derivations(folder: Folder) -> None:
    small = paper(folder, rubric(later=TWICE))

    def credit(own: str, answer: str) -> Fraction | None:
        return Scorer(small).score({"1a": own, "1b": answer}, "msc")["1b"].credit

    assert credit("3", "6") == 1
    assert credit("5", "10") == Fraction(3, 4)
    assert credit("5", "11") == 0
    # with these a step divides by 0: only the official values remain
    assert credit("0", "0") == 0
    assert credit("7", "14") == 0
    assert credit("7", "6") == 1


def test_values_are_worked_out_once_and_not_at_load(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    work_out = Paths.values

    def counted(self: Paths, name: str, given: object) -> object:
        calls.append(name)
        return work_out(self, name, {})

    monkeypatch.setattr(Paths, "values", counted)
    item = GRAPH.replace("dy_dx:", "slope:").replace("key: dy_dx", "key: slope")
    text = RUBRIC[: RUBRIC.index("    kind: numeric")] + item + WITHOUT_GIVEN
    small = paper(folder, text, SYMBOLIC_EXAM)
    assert calls == []
    scorer = Scorer(small)
    for answer in ("dy_da*da_dx", "dy_da + da_dx", "da_dx"):
        scorer.score({"1a": answer}, "msc")
    assert calls == ["slope"]


def test_derivations_are_in_the_digest(folder: Folder) -> None:
    first = paper(folder, rubric()).digests["1a"]
    assert paper(folder, rubric(DERIVE.replace("w: 2", "w: 2.0"))).digests["1a"] != first


@pytest.mark.parametrize(
    ("old", "new", "line", "hint"),
    [
        ("kind: formulas", "kind: formula", 7, "one of formulas, layers, paths, not 'formula'"),
        ("h: w*x", "h: w*v", 11, "'w*v' cannot be read"),
        ("[dy_dw]", "[dy_dv]", 13, "'dy_dv' is no derivative"),
        ("inputs: {x: 1, w: 2}", "input: {x: 1, w: 2}", 9, "no field 'input' here; did you mean 'inputs'"),
        ("      net:", "      n-et:", 7, "'n-et' cannot be a name"),
        ("key: y", "key: y + z", 14, "z is not a name"),
        ("      net:\n", "      net: {kind: paths, from: a, to: b, edges: [[a, b], [b, a]]}\n      other:\n", 7, "round in a circle"),
        ("      net:\n", "      h: {kind: layers, layers: [{kind: pool, size: 3}]}\n      net:\n", 0, ""),
        ("      net:\n", "      p: {kind: layers, size: 2, layers: [{kind: pool, size: 3}]}\n      net:\n", 7, "does not fit"),
        ("      net:\n", "      y: {kind: paths, from: a, to: b, edges: [[a, b]]}\n      net:\n", 8, "y would also be the name of something in 'y'"),
        ("      net:\n", "      w: {kind: paths, from: a, to: b, partial: 'h_{from}_{to}', edges: [[a, b]]}\n      h_a:\n", 0, ""),
        ("      net:\n", "      q: {kind: paths, from: a, to: b, partial: 'dy_d_w{from}{to}', edges: [[a, b]]}\n      net:\n", 0, ""),
        ("      net:\n", "      q: {kind: paths, from: a, to: b, edges: [[a, b]], unknown: 1}\n      net:\n", 7, "no field 'unknown' here"),
        ("      net:\n", "      q: {kind: paths, from: a, to: b, edge: [[a, b]]}\n      net:\n", 7, "'edge' here; did you mean 'edges'?"),
        ("      net:\n", "      q: {kind: layers, layers: [{kind: pool, sise: 3}]}\n      net:\n", 7, "'sise' here; did you mean 'size'?"),
        ("      net:\n", "      q: {kind: layers, layers: [{kind: relu, names: a}]}\n      net:\n", 7, "'names' here; did you mean 'name'?"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_where_it_stands(
    folder: Folder, old: str, new: str, line: int, hint: str
) -> None:
    assert DERIVE.count(old) == 1
    text = rubric(DERIVE.replace(old, new))
    if not line:
        paper(folder, text)
        return
    found = problems(folder, text)
    assert any(one.startswith(f"rubrics/small.yaml:{line}:") and hint in one for one in found), (
        found
    )


def test_names_read_alike_are_refused(folder: Folder) -> None:
    found = problems(folder, rubric(DERIVE.replace("y: h + 1", "y: h + 1\n          h_: 3")))
    assert any("cannot be a name" in one for one in found)
    twin = DERIVE.replace(
        "      net:", "      more: {kind: formulas, steps: {dy_d_w: '3'}}\n      net:"
    )
    assert any("dy_dw would also be the name of" in one for one in problems(folder, rubric(twin)))


def test_a_given_name_is_not_derived_again_by_anything_but_a_step(folder: Folder) -> None:
    clash = TWICE.replace(
        "      twice:", "      s: {kind: paths, from: a, to: b, edges: [[a, b]]}\n      twice:"
    )
    found = problems(folder, rubric(later=clash))
    assert any("s would also be the name of a given value" in one for one in found), found


def test_a_key_that_candidates_may_write_by_name_is_refused(folder: Folder) -> None:
    text = RUBRIC[: RUBRIC.index("    kind: numeric")] + GRAPH + WITHOUT_GIVEN
    found = problems(folder, text, SYMBOLIC_EXAM)
    assert any(one.startswith("rubrics/small.yaml:12:5") and "rename it" in one for one in found), (
        found
    )

"""`grader lint`, `grader verify`, `grader schema`, and the shipped exams under them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from grader.checkers import numeric
from grader.expressions import Verdict
from grader.loading.schema import SCHEMAS, schema_text
from tests.cli.conftest import Ran
from tests.conftest import EXAM, RUBRIC, Folder

Run = Callable[..., Ran]
ROOT = Path(__file__).parents[2]
EXAMS = ("fau-dl-2021", "in5400-2018", "in5400-2019", "in5400-2021", "in5400-2022")


def test_lint_shows_errors_and_warnings(folder: Folder, run: Run) -> None:
    ran = run("lint", "small")
    assert ran.code == 0, ran.out
    assert "warning: rubrics/small.yaml:13:3: item 1b names no misconceptions" in ran.out
    folder.write(
        "exams/small.yaml",
        EXAM.replace("    ask: Double it.", "    withheld: Lost.\n    ask: Double it."),
    )
    assert "warning: exams/small.yaml:21:5: question 1b is withheld: Lost." in run("lint").out
    folder.write("rubrics/small.yaml", RUBRIC.replace("key: 1 + 2", "kee: 1"))
    ran = run("lint", "small")
    assert ran.code == 1
    assert "error: rubrics/small.yaml:6:5" in ran.out


def test_lint_warns_of_formulas_that_cannot_be_shown(folder: Folder, run: Run) -> None:
    folder.write("exams/small.yaml", EXAM.replace("What is $1 + 2$?", "What is $\\frac{1$?"))
    ran = run("lint", "small")
    assert ran.code == 0
    assert "warning: exams/small.yaml:16:5: the formula $\\frac{1$ cannot be shown" in ran.out


def test_verify_names_failures_by_line(folder: Folder, run: Run) -> None:
    assert run("verify", "small").code == 0
    folder.write(
        "rubrics/small.yaml",
        RUBRIC.replace('{answer: "s = 3,0", credit: 1}', '{answer: "4", credit: 1}'),
    )
    ran = run("verify", "small")
    assert ran.code == 1
    assert "rubrics/small.yaml:11:9: gets credit 0, not 1" in ran.out


def test_verify_fails_when_the_key_itself_is_not_decided(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    undecided = Verdict("undecided", "out of budget", proved=False)
    monkeypatch.setattr(numeric, "close", lambda *_args, **_tolerances: undecided)
    ran = run("verify", "small")
    assert ran.code == 1
    assert "rubrics/small.yaml:4:3: the key itself, '3', comes out as review" in ran.out


@pytest.mark.parametrize("exam", EXAMS)
def test_the_shipped_exams_hold(run: Run, exam: str) -> None:
    ran = run("lint", exam, "--workspace", str(ROOT))
    assert ran.code == 0, ran.out
    ran = run("verify", exam, "--workspace", str(ROOT))
    assert ran.code == 0, ran.out


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_shipped_schemas_are_those_of_the_models(name: str) -> None:
    shipped = (ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")
    assert shipped == schema_text(name), "run `grader schema` and commit the result"


def as_an_editor_reads(path: Path) -> Any:
    """The file as YAML types it, with keys and dates as text: what a YAML language server checks."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {str(key): plain(item) for key, item in value.items()}
        if isinstance(value, list):
            return [plain(item) for item in value]
        return value.isoformat() if isinstance(value, date) else value

    return plain(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("exam", EXAMS)
def test_an_editor_finds_nothing_wrong_in_shipped_files(exam: str) -> None:
    for kind, paths in (
        ("exam", [ROOT / "exams" / f"{exam}.yaml"]),
        ("rubric", [ROOT / "rubrics" / f"{exam}.yaml"]),
        ("submission", list((ROOT / "submissions" / exam).glob("*01.yaml"))),
    ):
        validator = Draft202012Validator(json.loads(schema_text(kind)))
        assert paths
        for path in paths:
            errors = list(validator.iter_errors(as_an_editor_reads(path)))
            assert not errors, f"{path}: {list(errors[0].absolute_path)}: {errors[0].message[:200]}"


def test_an_editor_finds_a_wrong_field() -> None:
    value = as_an_editor_reads(ROOT / "rubrics/in5400-2018.yaml")
    value["items"]["2c"]["kee"] = 1
    assert list(Draft202012Validator(json.loads(schema_text("rubric"))).iter_errors(value))


def test_schemas_are_printed_or_written(folder: Folder, run: Run) -> None:
    assert json.loads(run("schema", "exam").out)["title"] == "grader exam"
    assert run("schema", "--out", "s").code == 0
    assert {path.name for path in (folder.root / "s").iterdir()} == {
        f"{n}.schema.json" for n in SCHEMAS
    }


@pytest.mark.parametrize("exam", EXAMS)
def test_each_shipped_file_names_its_schema(exam: str) -> None:
    paths = [ROOT / "exams" / f"{exam}.yaml", ROOT / "rubrics" / f"{exam}.yaml"]
    paths += [p for p in (ROOT / "submissions" / exam).glob("*.yaml") if not p.name.startswith("_")]
    assert len(paths) > 5
    for path in paths:
        first = path.read_text(encoding="utf-8-sig", errors="replace").split("\n", 1)[0]
        prefix, _, schema = first.partition("$schema=")
        assert prefix == "# yaml-language-server: ", path
        assert (path.parent / schema).resolve().is_file(), path

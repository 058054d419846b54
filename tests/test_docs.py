"""What the documentation shows is true: every example runs."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest

from grader.cli import VERBS
from grader.loading.workspace import Workspace
from grader.proving.examples import verify
from grader.score import Outcome
from tests.checkers.test_cases import load
from tests.conftest import Folder

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
AUTHORS = (ROOT / "docs/authors.md").read_text(encoding="utf-8")
YAML_BLOCKS = re.findall(r"```yaml\n(.*?)```", AUTHORS, re.DOTALL)
KIND_BLOCKS = [block for block in YAML_BLOCKS if "\ncheck:" in block]
KINDS_SHOWN = re.findall(r"^### (\w+)", AUTHORS, re.MULTILINE)


@pytest.mark.parametrize(("name", "tried"), [("tiny", 9), ("derived", 16)], ids=["tiny", "derived"])
def test_the_exams_and_rubrics_shown_to_authors_hold(folder: Folder, name: str, tried: int) -> None:
    exam, rubric = (block for block in YAML_BLOCKS if f"\nexam: {name}" in block)
    folder.write(f"exams/{name}.yaml", exam)
    folder.write(f"rubrics/{name}.yaml", rubric)
    report = verify(Workspace(folder.root).paper(name))
    assert not report.failures
    assert report.tried == tried


def test_every_kind_has_an_example() -> None:
    assert len(KIND_BLOCKS) == len(KINDS_SHOWN) == 12


@pytest.mark.parametrize("number", range(len(KIND_BLOCKS)), ids=KINDS_SHOWN)
def test_the_example_of_a_kind_holds(number: int, tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(KIND_BLOCKS[number], encoding="utf-8")
    case = load(path)
    assert len(case.answers) >= 1
    for expected in case.answers:
        score = case.score(expected["answer"])
        assert score.outcome == Outcome(expected.get("outcome", "graded")), expected
        if expected.get("credit") not in (None, "none"):
            assert score.credit == Fraction(expected["credit"]), (expected, score.findings)
        assert set(expected.get("shows", [])) <= {finding.id for finding in score.findings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_pages_name_real_commands_and_files(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for verb in re.findall(
        r"grader ([a-z]+)", "\n".join(re.findall(r"`[^`]+`|^    .*$", text, re.MULTILINE))
    ):
        assert verb in VERBS, verb
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert "://" in link or (page.parent / link).exists(), link
    for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL):
        assert json.loads(block)

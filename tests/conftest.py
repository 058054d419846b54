"""What tests share: a small exam in a workspace of its own."""

from __future__ import annotations

import os
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path
from textwrap import dedent

import pytest

import grader.checkers  # registers the answer kinds  # noqa: F401
from grader import sandbox
from grader.exam import Exam
from grader.loading.entries import entry_names, merged
from grader.loading.submissions import read_entry
from grader.submission import Handed, natural

EXAM = """\
# yaml-language-server: $schema=../schemas/exam.schema.json
exam: small
title: A small exam
course: T100
institution: Test
date: 2024-05-01
minutes: 60
aids: none
locale: nb
groups: {msc: Master's candidates, phd: PhD candidates}
scale: {A: 90, C: 50, F: 0}
questions:
  1a:
    title: A sum
    points: 1
    ask: What is $1 + 2$?
    response: {kind: numeric, name: s}
  1b:
    title: Twice the sum
    points: 2
    ask: Double it.
    response: {kind: numeric}
  2:
    title: Why?
    points: 1
    ask: Say why gradients vanish.
    response: {kind: text}
  3:
    title: For PhD candidates
    points: 1
    groups: [phd]
    ask: Pick one.
    response: {kind: choice, select: one, options: {a: first, b: second}}
"""
RUBRIC = """\
# yaml-language-server: $schema=../schemas/rubric.schema.json
exam: small
items:
  1a:
    kind: numeric
    key: 1 + 2
    misconceptions:
      difference: {when: 1 - 2, credit: 1/2, say: A sum was asked for.}
    solution: Add.
    examples:
      - {answer: "s = 3,0", credit: 1}
      - {answer: "-1", credit: 1/2, shows: [difference]}
  1b:
    kind: numeric
    given: {s: 1a}
    key: 2*s
    follow_credit: 3/4
    solution: Double.
    examples:
      - {answer: "6", credit: 1}
      - {answer: "10", credit: 3/4, answers: {1a: "5"}, shows: [follow-through]}
  2:
    kind: text
    points:
      product: {credit: 1, any: [[product|multiplied|multiplication]], say: Names the product of many factors.}
    solution: Many small factors.
    examples:
      - {answer: Many small factors are multiplied., outcome: review, credit: 1, shows: [product]}
  3:
    kind: choice
    key: b
    solution: The second.
    examples:
      - {answer: b, credit: 1}
      - {answer: a, credit: 0}
"""

INSTALL_TORCH = "torch is not installed: .venv/bin/pip install -c constraints.txt -e '.[code]'"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In continuous integration nothing may be passed over."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def programs() -> None:
    """Passes a test over where no program can be run; in continuous integration that is a failure."""
    missing = "" if find_spec("torch") else INSTALL_TORCH
    if not missing:
        try:
            sandbox.runner()
        except sandbox.JailUnavailable as failure:
            missing = str(failure)
    if missing and os.environ.get("CI"):
        pytest.fail(missing)
    elif missing:
        pytest.skip(missing)


class Folder:
    """A workspace that a test fills."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("exams/small.yaml", EXAM)
        self.write("rubrics/small.yaml", RUBRIC)
        (root / "submissions" / "small").mkdir(parents=True)

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def submit(self, name: str, content: str | bytes) -> Path:
        if isinstance(content, str):
            content = dedent(content)
        return self.write(f"submissions/small/{name}", content)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def handed_in(folder: Path, exam: Exam) -> list[Handed]:
    """Everything in a submissions folder, by candidate, as a run takes it in."""
    read = [read_entry(folder / name, folder, exam) for name in entry_names(folder)]
    by_candidate: defaultdict[str, list[Handed]] = defaultdict(list)
    for one in read:
        by_candidate[one.candidate.casefold()].append(one)
    return sorted(map(merged, by_candidate.values()), key=lambda one: natural(one.candidate))

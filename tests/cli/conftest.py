"""Running the command line in this process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from grader.cli import main
from tests.conftest import Folder


@dataclass
class Ran:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(folder: Folder, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., Ran]]:
    """Run `grader ARGUMENTS` in the workspace."""
    before = os.getcwd()
    os.chdir(folder.root)

    def run_it(*arguments: str) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main(list(arguments))
        said = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return Ran(end.value.code, said.out, said.err)

    yield run_it
    os.chdir(before)

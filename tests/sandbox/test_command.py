"""`grader sandbox check` on this machine."""

from __future__ import annotations

from click.testing import CliRunner

from grader.cli.sandbox import command
from grader.sandbox import Jail
from grader.sandbox.check import check


def test_every_promise_holds_here() -> None:
    done = CliRunner().invoke(command, ["check"], standalone_mode=False)
    assert done.return_value == 0, done.output
    assert "Level wall" in done.output
    assert done.output.count("  holds  ") == 23
    assert "Missing" not in done.output
    assert "Every promise holds." in done.output


def test_a_promise_that_does_not_hold_is_found() -> None:
    with Jail(wall=False, without=frozenset({"filter"})) as jail:
        broken = {finding.name for finding in check(jail) if not finding.kept}
    assert "no other process is started" in broken

"""The battery, in every way the jail runs: as root and as an ordinary user, with and without bubblewrap.

As an ordinary user only the user's own half can run; continuous integration runs both.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.sandbox import Jail, Level
from tests.sandbox.battery import ORDINARY_USER, attack_name, attacks

ROOT = Path(__file__).parents[2]
USERS = [0, ORDINARY_USER] if os.geteuid() == 0 else [os.geteuid()]
LEAST = 60
WAYS: list[tuple[int, bool, list[str]]] = [
    (user, wall, []) for user in USERS for wall in (True, False)
]
WAYS.append((USERS[-1], False, ["namespaces"]))
SECONDS = 280
AT_EVERY_LEVEL = ("refused", "protocol", "crash", "memory")
"""What has to be tried again where a layer is missing: the rest meets the same code."""
NEED_NAMESPACES = {"refused/see_the_user", "refused/stat_the_machine"}


def play(user: int, wall: bool, without: list[str]) -> list[list]:
    """The battery in a process of its own: what went wrong."""
    names = [attack_name(path) for path in attacks()]
    if without:
        names = [
            name
            for name in names
            if name not in NEED_NAMESPACES and name.startswith(AT_EVERY_LEVEL)
        ]
    command = [sys.executable, "-m", "tests.sandbox.battery", "--wall", "on" if wall else "off"]
    command += ["--user", str(user), "--without", *without, "--", *names]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    if done.returncode:
        return [["the battery itself", done.stderr]]
    *faults, last = [json.loads(line) for line in done.stdout.splitlines()]
    assert last == {"played": len(names), "user": user}
    return faults


def test_there_are_enough_attacks() -> None:
    assert len(attacks()) >= LEAST
    assert all(path.read_text(encoding="utf-8").startswith('"""') for path in attacks())


@pytest.mark.parametrize(("user", "wall", "without"), WAYS)
def test_no_attack_gets_through(user: int, wall: bool, without: list[str]) -> None:
    """Also with the kernel's layers alone, as where user namespaces are restricted."""
    assert play(user, wall, without) == []


def test_this_machine_reaches_the_highest_level() -> None:
    with Jail() as jail:
        assert jail.level is Level.WALL
    with Jail(wall=False) as jail:
        assert jail.level is Level.NAMESPACES

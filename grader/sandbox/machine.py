"""What this machine gives to confine code: which level it reaches, and why not a higher one."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from functools import cache

from grader.errors import EngineError
from grader.sandbox import launch
from grader.sandbox.inside.numbers import NUMBERS
from grader.sandbox.inside.protocol import FILTER, LANDLOCK, LAYERS, NAMESPACES, RLIMITS
from grader.sandbox.result import Level

LANDLOCK_AT_ALL = 1
LANDLOCK_THAT_GUARDS_TRUNCATION = 3
"""Before it (Linux 6.2) a file that may not be written could still be emptied."""
TRUST = "To run code you trust, for example your own, add --trust-code."
WORDS = 300
"""Characters of what another program said."""


class JailUnavailable(EngineError):
    """This machine cannot confine code to the level asked for; the message says what is missing and what to do."""


def linux() -> bool:
    """Whether this is a Linux on a processor the filter knows."""
    return sys.platform == "linux" and platform.machine() in NUMBERS


def landlock_version() -> int:
    """The kernel's Landlock version, 0 where there is none."""
    if not linux():
        return 0
    from grader.sandbox.inside import kernel  # loads on Linux only

    return kernel.landlock_version()


@cache
def no_namespaces() -> str:
    """Why the jail may not make its own root and namespaces (tried in a child), "" if it may."""
    if not linux():
        return "this is not Linux"
    line = launch.interpreter({**launch.entrance(False, frozenset(LAYERS)), "probe": True})
    tried = subprocess.run(line, capture_output=True, env=launch.ENVIRONMENT, check=False)  # noqa: S603 - our own code
    return "" if tried.returncode == 0 else _last_line(tried.stderr) or "refused"


@cache
def no_wall() -> str:
    """Why bubblewrap cannot be used, "" if it can."""
    if not linux():
        return "this is not Linux"
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed (apt install bubblewrap)"
    line = [*launch.wall_command(os.geteuid() == 0), "/usr/bin/env", "true"]
    tried = subprocess.run(line, capture_output=True, check=False)  # noqa: S603 - fixed arguments
    return (
        "" if tried.returncode == 0 else f"bubblewrap is not permitted: {_last_line(tried.stderr)}"
    )


def _last_line(said: bytes) -> str:
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:WORDS] if lines else ""


def plan(wall: bool | None, without: frozenset[str]) -> tuple[launch.Plan, Level]:
    """How to start the jail here, and the level it then reaches; `wall` None = if it works."""
    layers = frozenset(LAYERS) - without
    if no_namespaces():
        layers -= {NAMESPACES}
    has_wall = linux() and (not no_wall() if wall is None else wall)
    return launch.Plan(wall=has_wall, layers=layers), _level(layers, has_wall)


def _level(layers: frozenset[str], wall: bool) -> Level:
    enough = LANDLOCK_AT_ALL if wall else LANDLOCK_THAT_GUARDS_TRUNCATION
    kernel = {LANDLOCK, FILTER, RLIMITS} <= layers and landlock_version() >= enough
    if not linux() or not kernel:
        return Level.OPEN
    if NAMESPACES not in layers:
        return Level.KERNEL
    return Level.WALL if wall else Level.NAMESPACES


def shortcomings() -> list[str]:
    """Why this machine is below level `wall`, for people; empty if it is not."""
    if not linux():
        return [f"code can only be confined on Linux (x86-64 or ARM), not on {_here()}"]
    return [why for why in (no_wall(), _no_user_namespaces(), _old_landlock()) if why]


def _no_user_namespaces() -> str:
    why = no_namespaces()
    return f"user namespaces are refused: {why}" if why else ""


def _old_landlock() -> str:
    version = landlock_version()
    if version == 0:
        return "this kernel has no Landlock, or it is switched off (Linux 6.2 or newer has what is needed)"
    if version < LANDLOCK_THAT_GUARDS_TRUNCATION:
        return f"Landlock is version {version}; without bubblewrap version 3 is needed (Linux 6.2 or newer)"
    return ""


def _here() -> str:
    return f"{platform.system()} on {platform.machine()}"


def unavailable(required: Level) -> str:
    """Why this machine does not reach a level, for people."""
    if sys.platform == "win32":
        return "Submitted code cannot be run on Windows. Use Linux, for example in the Windows Subsystem for Linux."
    if not linux():
        return f"Submitted code can only be confined on Linux (x86-64 or ARM); this is {_here()}. {TRUST}"
    if old := _old_landlock():
        return f"Submitted code could change your files here: {old}. {TRUST}"
    return (
        f"This machine does not reach level {required.name.lower()}; `grader sandbox check` shows what is missing. "
        f"{TRUST}"
    )

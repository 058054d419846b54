"""Virtual environments of peers: installed once below a cache folder, used again after that."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path

CACHE = Path(tempfile.gettempdir()) / "grader-bench-peers"
"""Where environments are kept unless the caller says otherwise."""
DONE = "installed.txt"
"""Written last, with what was asked for: an environment without it is made anew."""


def environment(requirements: Sequence[str], cache: Path) -> Path:
    """The interpreter of an environment with these packages. Raises OSError, with pip's words, when they cannot be had."""
    name = requirements[0].partition("=")[0].partition("[")[0]
    folder = cache.resolve() / f"{name}-py{sys.version_info.major}.{sys.version_info.minor}"
    python, done = folder / "bin" / "python", folder / DONE
    wanted = "\n".join(requirements)
    if done.exists() and done.read_text(encoding="utf-8") == wanted:
        return python
    print(f"installing {requirements[0]} below {cache} …", flush=True)
    venv.create(folder, with_pip=True, clear=True)
    run = _pip([str(python)], "install", "-q", "--no-compile", *requirements)
    if run.returncode:
        raise OSError(_last_line(run.stderr))
    done.write_text(wanted, encoding="utf-8")
    return python


def unavailable(requirement: str) -> str:
    """Why pip cannot install a package, in its words; "" when it could. Installs nothing."""
    options = ("--dry-run", "--no-deps", "--ignore-installed")
    run = _pip([sys.executable], "install", "-q", *options, requirement)
    return _last_line(run.stderr) if run.returncode else ""


def _pip(python: Sequence[str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*python, "-m", "pip", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _last_line(output: str) -> str:
    return output.strip().splitlines()[-1][:200] if output.strip() else "pip failed"

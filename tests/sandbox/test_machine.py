"""What this machine gives: levels, what is missing for a higher one, and refusals where it is too little."""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner

from grader.cli.sandbox import command
from grader.errors import EngineError
from grader.sandbox import Jail, JailUnavailable, Job, Level, NoZygote, Trusting, launch, machine
from grader.sandbox.check import Finding


def ask(*options: str) -> str:
    return CliRunner().invoke(command, ["check", *options], standalone_mode=False).output


@pytest.fixture
def fresh() -> Iterator[Callable[[], None]]:
    """Forget what was found out about this machine, before the test and after it."""

    def forget() -> None:
        machine.no_wall.cache_clear()
        machine.no_namespaces.cache_clear()

    forget()
    yield forget
    forget()


def test_why_the_level_is_lower(monkeypatch: pytest.MonkeyPatch, fresh: Callable[[], None]) -> None:
    findings = [Finding("something", True, "")]
    monkeypatch.setattr("grader.sandbox.check.check", lambda _: findings)
    with monkeypatch.context() as patch:
        patch.setattr(machine.shutil, "which", lambda _: None)
        assert "Missing: bubblewrap is not installed" in ask()
        assert "Level namespaces" in ask()
    fresh()
    refusing = ["sh", "-c", "echo setting up uid map: Permission denied >&2; exit 1", "sh"]
    with monkeypatch.context() as patch:
        patch.setattr(launch, "wall_command", lambda _: refusing)
        patch.setattr(launch, "interpreter", lambda _: refusing)
        patch.setattr(machine, "landlock_version", lambda: 4)
        said = ask()
    assert "Level kernel" in said
    assert "Missing: bubblewrap is not permitted: setting up uid map: Permission denied." in said
    assert "Missing: user namespaces are refused: setting up uid map: Permission denied." in said


def test_an_old_landlock_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "landlock_version", lambda: 2)
    (why,) = machine.shortcomings()
    assert "Landlock is version 2" in why
    assert "6.2" in why


def test_without_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch.importlib.util, "find_spec", lambda name: name != "torch" or None)
    says = r"needs torch.*pip install 'examgrader\[code\]'"
    with Jail() as jail, pytest.raises(NoZygote, match=says):
        jail.start()
    with pytest.raises(NoZygote, match=says):
        Trusting().run(Job(b""))


@pytest.mark.parametrize(
    ("name", "system", "says"),
    [
        ("darwin", "Darwin", r"only be confined on Linux.*Darwin.*--trust-code"),
        ("win32", "Windows", r"cannot be run on Windows.*Subsystem for Linux"),
        ("linux", "Linux", r"this is Linux on riscv64.*--trust-code"),
    ],
)
def test_other_machines(
    monkeypatch: pytest.MonkeyPatch, fresh: object, name: str, system: str, says: str
) -> None:
    monkeypatch.setattr(sys, "platform", name)
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(JailUnavailable, match=says):
        Jail()
    assert "not on" in machine.shortcomings()[0]


def test_describing_jobs_needs_nothing() -> None:
    """No numpy, no torch, none of the modules that only Unix has."""
    script = """
import sys
import subprocess, tempfile
for name in ("numpy", "torch", "fcntl", "pwd", "resource"):
    sys.modules[name] = None
from grader.sandbox import Case, Call, Job, Run
from grader.sandbox.job import pack
pack(Job(b"", [Case([Call("f", [1.5, "a"])])]))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_refusal_without_the_kernels_help(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "landlock_version", lambda: 0)
    with pytest.raises(JailUnavailable, match=r"Landlock.*--trust-code"):
        Jail()


def test_an_old_landlock_is_enough_only_behind_the_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before version 3 a file that may not be written could be emptied."""
    monkeypatch.setattr(machine, "landlock_version", lambda: 2)
    with pytest.raises(JailUnavailable, match=r"version 2.*6\.2 or newer"):
        Jail(wall=False)
    assert machine.plan(True, frozenset())[1] is Level.WALL


def test_refusal_on_other_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "linux", lambda: False)
    with pytest.raises(JailUnavailable, match=r"only be confined on Linux.*--trust-code"):
        Jail()
    assert issubclass(JailUnavailable, EngineError)


def test_the_level_stands_in_every_result(jail: Jail) -> None:
    assert jail.run(Job(b"")).level is jail.level >= Level.KERNEL

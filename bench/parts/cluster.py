"""A Dask scheduler with workers on this machine, each a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

PATIENCE = 60.0
"""Seconds that a scheduler may take to start, and workers to join it."""


def is_installed() -> bool:
    """Whether the extra `cluster` is."""
    return find_spec("distributed") is not None


@contextmanager
def cluster(folder: Path, workers: int, variables: Mapping[str, str]) -> Iterator[str]:
    """The address (`dask://…`) of a scheduler that `workers` with one thread each have joined."""
    file = folder / "scheduler.json"
    alone = ("--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(file))
    with ExitStack() as held:
        log = held.enter_context((folder / "cluster.log").open("ab"))

        def start(*words: str) -> None:
            command = [sys.executable, "-m", "dask", *words, *alone]
            process = subprocess.Popen(command, env=variables, cwd=folder, stderr=log, stdout=log)
            held.callback(process.wait)
            held.callback(process.terminate)

        start("scheduler", "--port", "0")
        address = _address(file)
        local = ("--local-directory", str(folder))
        for _ in range(workers):
            start("worker", "--no-nanny", "--nthreads", "1", "--nworkers", "1", *local)
        _wait(address, workers)
        yield address.replace("tcp:", "dask:")


def _address(file: Path) -> str:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if file.exists() and file.read_text(encoding="utf-8").endswith("}"):
            return str(json.loads(file.read_text(encoding="utf-8"))["address"])
        time.sleep(0.05)
    raise SystemExit(f"no scheduler has started within {PATIENCE:.0f} s")


def _wait(address: str, workers: int) -> None:
    from distributed import Client  # an optional extra

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=PATIENCE)

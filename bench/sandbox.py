"""Submissions per second: a fresh process, the same in bubblewrap, and the jail; for a relu and a step of Adam.

    python bench/sandbox.py [--quick] [--wall on|off]

Two workers each; all three kinds in one run, since the machine may be busy: `times_fresh_by_cpu` compares CPU time,
which other processes change less than the clock (in bubblewrap nobody reports it). The last line is JSON.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from parts.figures import Figure, at_least, at_most

from grader.sandbox import Call, Case, Jail, Job, Limits, Tensor
from grader.sandbox.inside.protocol import LAYERS
from grader.sandbox.job import pack
from grader.sandbox.launch import ENVIRONMENT, interpreter, wall_command
from grader.sandbox.machine import no_wall

WORKERS = 2
RELU = """
import torch

def relu(x):
    return torch.where(x > 0, x, torch.zeros_like(x))
"""
ADAM = """
import torch
from torch import nn

def train(x, y):
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(2):
        optimizer.zero_grad()
        loss = ((model(x) - y) ** 2).mean()
        loss.backward()
        optimizer.step()
    return loss.detach()
"""


def jobs() -> dict[str, Job]:
    rng = np.random.default_rng(0)
    relu = [Case([Call("relu", [Tensor(rng.standard_normal((64, 64), "f4"))])]) for _ in range(4)]
    batch = [Tensor(rng.standard_normal(shape, "f4")) for shape in ((32, 64), (32, 1))]
    return {
        "relu": Job(RELU.encode(), relu),
        "adam": Job(ADAM.encode(), [Case([Call("train", batch)])], limits=Limits(cpu=10)),
    }


def fresh(job: Job, wall: bool) -> None:
    """A new interpreter that imports torch, reads the job and answers; in bubblewrap if `wall`."""
    given, results = os.memfd_create("job"), os.memfd_create("results")
    os.write(given, pack(job))
    os.lseek(given, 0, os.SEEK_SET)
    options = {
        "alone": True,
        "job": given,
        "results": results,
        "cpu": 60,
        "folder": "",
        "packages": [path for path in sys.path if path.endswith("site-packages")],
    }
    line = interpreter(options)
    line = [*wall_command(os.geteuid() == 0), *line] if wall else line
    done = subprocess.run(
        line, env=ENVIRONMENT, pass_fds=[given, results], capture_output=True, check=True
    )
    size = os.fstat(results).st_size
    os.close(given)
    os.close(results)
    if size < 100:
        raise RuntimeError(done.stderr.decode())


def measure(
    act: Callable[[int], None], seconds: float, least: int, workers: int = WORKERS
) -> dict[str, float]:
    """`act` again and again in threads, with the worker's number."""
    times: list[float] = []
    until = time.perf_counter() + seconds

    def work(worker: int) -> None:
        while time.perf_counter() < until or len(times) < least:
            started = time.perf_counter()
            act(worker)
            times.append(time.perf_counter() - started)

    started = time.perf_counter()
    threads = [threading.Thread(target=work, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - started
    ordered = sorted(times)
    return {
        "jobs": len(times),
        "per_second": round(len(times) / took, 2),
        "median_ms": round(statistics.median(times) * 1000, 1),
        "p95_ms": round(ordered[int(0.95 * len(ordered))] * 1000, 1),
    }


def in_jail(jails: list[Jail], job: Job) -> Callable[[int], None]:
    def act(worker: int) -> None:
        run = jails[worker].run(job)
        if run.status != "ok":
            raise RuntimeError(repr(run))

    return act


def in_fresh(job: Job, *, wall: bool) -> Callable[[int], None]:
    def act(_worker: int) -> None:
        fresh(job, wall)

    return act


def zygote_of(jail: Jail) -> int:
    """The process under bubblewrap that holds torch: its spare clones were started later."""
    family, parents, started = {jail.pid or 0}, {}, {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
            parents[int(entry)], started[int(entry)] = int(fields[1]), int(fields[19])
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    holding = [pid for pid in family if resident(pid) > 50]
    return min(holding, key=lambda pid: started[pid])


def resident(pid: int) -> float:
    """MB in memory, shared pages counted once for each process."""
    with contextlib.suppress(OSError):
        return (
            int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6
        )
    return 0.0


def proportional(pids: list[int]) -> float:
    """MB in memory with shared pages divided among their users; 0 where the kernel does not say (not root)."""
    total = 0.0
    for pid in pids:
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024 / 1e6
    return round(total, 1)


def cpu_of(pid: int) -> float:
    """CPU seconds of one process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cpu_of_children() -> float:
    """CPU seconds of the processes that were started and are done."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def costs(jail: Jail, job: Job, count: int) -> dict[str, float]:
    """CPU milliseconds per job, by who spends them."""
    zygote, ours = cpu_of(zygote_of(jail)), time.process_time()
    clones = [jail.run(job).cpu for _ in range(count)]
    return {
        "clone": round(statistics.mean(clones) * 1000, 2),
        "zygote": round((cpu_of(zygote_of(jail)) - zygote) / count * 1000, 2),
        "trusted_side": round((time.process_time() - ours) / count * 1000, 2),
    }


def layer_costs(job: Job, wall: bool, count: int) -> dict[str, float]:
    """Median latency in ms with everything, and with each layer off; alternating, as the machine may be busy."""
    names = ["", *LAYERS]
    jails = [Jail(wall=wall, without=frozenset({name} - {""})) for name in names]
    times: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(count):
        for name, jail in zip(names, jails, strict=True):
            started = time.perf_counter()
            jail.run(job)
            times[name].append(time.perf_counter() - started)
    for jail in jails:
        jail.close()
    return {name or "all": round(statistics.median(times[name]) * 1000, 1) for name in names}


def growth(jail: Jail, job: Job, count: int) -> dict[str, float]:
    """MB and open files before and after many jobs."""
    zygote = zygote_of(jail)
    before = resident(zygote), resident(os.getpid()), len(os.listdir("/proc/self/fd"))
    for _ in range(count):
        jail.run(job)
    after = resident(zygote), resident(os.getpid()), len(os.listdir("/proc/self/fd"))
    names = ("zygote_mb", "trusted_mb", "files")
    return {name: round(b - a, 1) for name, a, b in zip(names, before, after, strict=True)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--wall", choices=("on", "off"), default="off" if no_wall() else "on")
    options = parser.parse_args()
    wall, quick = options.wall == "on", options.quick
    seconds, least = (2.5, 2) if quick else (15.0, 12)
    report: dict[str, Any] = {"workers": WORKERS, "wall": wall, "root": os.geteuid() == 0}
    started = time.perf_counter()
    jails = [Jail(wall=wall) for _ in range(WORKERS)]
    for jail in jails:
        jail.start()
    report["level"] = jails[0].level.name.lower()
    report["start_s"] = round((time.perf_counter() - started) / WORKERS, 2)
    for name, job in jobs().items():
        in_jail(jails, job)(0)
        parts = costs(jails[0], job, 50 if quick else 300)
        ours = measure(in_jail(jails, job), seconds, least)
        before = cpu_of_children()
        bare = measure(in_fresh(job, wall=False), seconds, least)
        bare["cpu_ms"] = round((cpu_of_children() - before) / bare["jobs"] * 1000)
        times = round(bare["cpu_ms"] / sum(parts.values()), 1)
        result: dict[str, object] = {"fresh": bare, "times_fresh_by_cpu": times}
        if not no_wall():
            walled = measure(in_fresh(job, wall=True), seconds, least)
            again = measure(in_jail(jails, job), seconds, least)
            rate = (ours["per_second"] + again["per_second"]) / 2
            result |= {
                "fresh_walled": walled,
                "times_walled": round(rate / walled["per_second"], 1),
            }
        result["jail"] = ours
        result["jail_one_worker"] = measure(in_jail(jails, job), seconds / 2, least, workers=1)
        result["cpu_ms"] = parts
        report[name] = result
        print(name, json.dumps(result, indent=1))
    report["pss_mb_per_worker"] = proportional([zygote_of(jails[0])])
    report["rss_mb_per_worker"] = round(resident(zygote_of(jails[0])), 1)
    if not quick:
        report["growth_over_1000"] = growth(jails[0], jobs()["relu"], 1000)
        report["latency_ms_without"] = layer_costs(jobs()["relu"], wall, 200)
    for jail in jails:
        jail.close()
    print(json.dumps(report))
    print(json.dumps(figures(report)))


def figures(report: dict[str, Any]) -> dict[str, Figure]:
    """The numbers that have a target: throughput with two workers, latency of one, memory and growth."""
    found: dict[str, Figure] = {}
    for name, longest in (("relu", 15.0), ("adam", 60.0)):
        run = report[name]
        if "times_walled" in run:
            found[f"{name}_throughput"] = at_least(
                run["times_walled"], 100.0, "x fresh in bubblewrap"
            )
        found[f"{name}_median"] = at_most(run["jail_one_worker"]["median_ms"], longest, "ms")
    found["memory_per_worker"] = at_most(report["pss_mb_per_worker"], 250.0, "MB")
    if "growth_over_1000" in report:
        growth_mb = report["growth_over_1000"]["zygote_mb"]
        found["growth_over_1000"] = at_most(growth_mb, 5.0, "MB")
    return found


if __name__ == "__main__":
    main()

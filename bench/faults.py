"""Kills `grader grade` at many random moments and runs it again: the final bytes must be those of an undisturbed run.

python bench/faults.py [--quick] [--points N] [--seed N]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.faults.kills import Undisturbed, points, run_trials

POINTS, QUICK_POINTS = 50, 10


def main() -> int:
    """Run; exit code 1 if anything was lost, done twice or came out otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_POINTS} points")
    parser.add_argument("--points", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    count = options.points or (QUICK_POINTS if options.quick else POINTS)
    with tempfile.TemporaryDirectory() as folder:
        undisturbed = Undisturbed(Path(folder, "undisturbed"), options.seed)
        rows = ", ".join(f"{count} {table}" for table, count in undisturbed.counts.items())
        print(f"undisturbed: {undisturbed.seconds:.1f} s, {rows}")
        start = time.monotonic()
        faults = run_trials(undisturbed, Path(folder), points(options.seed, count))
        seconds = time.monotonic() - start
        for fault in faults:
            print(fault)
        stages = ", ".join(f"{times} {name}" for name, times in undisturbed.stages.items())
        print(f"killed at {count} points (seed {options.seed}; {stages}) in {seconds:.0f} s")
        print(f"{len(faults)} came out otherwise")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

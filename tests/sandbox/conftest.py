"""One jail for each test process, at the level this machine reaches.

Without torch or without a kernel that can confine there is nothing to try, and these tests are passed over; in
continuous integration that would be a failure.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

MISSING = "" if find_spec("torch") else "torch is not installed: make test EXTRAS=dev,code"
MISSING = MISSING or ("" if sys.platform == "linux" else "the jail needs Linux")
MISSING = MISSING or ("" if shutil.which("bwrap") else "bubblewrap is not installed")
if MISSING and not os.environ.get("CI"):
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def jail() -> Iterator[object]:
    from grader.sandbox import Jail  # only where torch is installed

    with Jail() as jail:
        yield jail

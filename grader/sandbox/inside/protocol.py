"""What both sides of the jail agree on: layers, descriptors' places, and the small messages around a job."""

from __future__ import annotations

import struct

NAMESPACES, CAPABILITIES, LANDLOCK = "namespaces", "capabilities", "landlock"
RLIMITS, DESCRIPTORS, FILTER = "rlimits", "descriptors", "filter"
ROOT = "root"
"""A root folder and network of its own for the zygote, where bubblewrap gives none."""
LAYERS = (ROOT, NAMESPACES, CAPABILITIES, LANDLOCK, RLIMITS, DESCRIPTORS, FILTER)

DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")

FOLDER = "files"
"""Where the work folder is mounted, below the one that Landlock names: its rules do not reach the root of a mount."""
HOST_NAME = "candidate"
"""What a submission sees as the machine's name."""

CONTROL, RULES = 3, 4
"""Places in the zygote: the control socket, Landlock's rules."""
JOB, RESULTS = 3, 4
"""Places in a clone that runs: the job, the pipe for what it returns. Everything above is closed."""
SOURCE = 5
"""Place in a clone that waits: the socket on which its job comes; closed before the job is read."""

HELLO = b"h"
"""From the zygote: everything is loaded."""
ASK = b"c"
"""To the zygote: a clone, please."""
GIVEN, REFUSED = b"c", b"!"
"""From the zygote: here are its descriptors; there is none, for the reason that follows."""
READY, BROKEN = b"r", b"!"
"""From a clone on its socket: every layer stands; one does not, for the reason that follows."""
LONGEST_REASON = 500
"""Bytes of a reason."""
LIMITS = struct.Struct("<dQ")
"""CPU seconds, bytes of memory above the baseline."""
STATUS = struct.Struct("<iddQ")
"""Exit code (negative: signal), user and system CPU seconds, peak memory in KiB."""

PRELOAD = """
    numpy numpy.fft numpy.linalg numpy.random torch torch.nn.functional torch.optim torch.func torch.linalg torch.fft
    torch.distributions torch.utils.data torch.nn.utils torch.optim.lr_scheduler
    abc bisect collections.abc copy dataclasses decimal enum fractions functools heapq itertools json math operator
    random re statistics string tempfile textwrap time traceback typing warnings io inspect linecache threading platform
""".split()  # noqa: SIM905 - read as prose, not as a column
"""What answers import, loaded once."""


def reason(failure: BaseException) -> bytes:
    """A failure as the rest of a message."""
    return f"{type(failure).__name__}: {failure}".encode("utf-8", "replace")[:LONGEST_REASON]

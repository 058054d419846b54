"""Pages that tell whether they are still right: a run that changes nothing need not make them again.

The last line of a stamped page is a comment with two digests: of what the page was made from, and of the page itself.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

_STAMP = "<!-- made from {inputs}, whole {page} -->\n"


def stamped(page: str, inputs: str) -> str:
    """A page with its stamp. `inputs` names everything it was made from: content, template, program version."""
    content = page.encode("utf-8", "replace")
    return page + _stamp(content, inputs)


def is_current(path: Path, inputs: str) -> bool:
    """Whether a file is a whole, unchanged page made from these inputs. Never raises: what cannot be read is not."""
    try:
        written = path.read_bytes()
    except OSError:
        return False
    content, stamp = written[:-_STAMP_BYTES], written[-_STAMP_BYTES:]
    return stamp == _stamp(content, inputs).encode()


def _stamp(content: bytes, inputs: str) -> str:
    return _STAMP.format(inputs=_digest(inputs.encode("utf-8", "replace")), page=_digest(content))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content, usedforsecurity=False).hexdigest()


_STAMP_BYTES = len(_stamp(b"", "").encode())
"""All stamps are of one length."""

"""Root gives up being root before it loads anything: the zygote runs as a user number that owns nothing."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from grader.sandbox.inside import kernel


def become(uid: int) -> None:
    """Take the user and group number `uid`; capabilities end with it."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    kernel.drop_capabilities()


def reveal(paths: list[str]) -> None:
    """Make folders reachable that stand in a closed home, in a mount namespace of our own.

    An interpreter under a home with mode 0700 is invisible to the user we become. An empty folder is put over the
    closed one, and in it only these paths. Needs the right to mount; raises `OSError` without it.
    """
    hidden = {path: top for path in paths if (top := closed_above(path))}
    if not hidden:
        return
    kernel.unshare(kernel.NEW_MOUNT)
    private = kernel.MOUNT_RECURSIVE | kernel.MOUNT_PRIVATE
    kernel.mount(None, "/", None, private)
    kept = {path: os.open(path, os.O_PATH) for path in hidden}
    for top in sorted(set(hidden.values())):
        kernel.mount(
            "none",
            top,
            "tmpfs",
            kernel.MOUNT_BARE & ~kernel.MOUNT_NO_PROGRAMS,
            "mode=0755,size=64k",
        )
    for path, descriptor in kept.items():
        Path(path).mkdir(parents=True, exist_ok=True)
        bind = kernel.MOUNT_BIND | kernel.MOUNT_RECURSIVE
        kernel.mount(f"/proc/self/fd/{descriptor}", path, None, bind)
        os.close(descriptor)


def closed_above(path: str) -> str:
    """The topmost folder on the way to `path` that others may not enter, "" if there is none."""
    place = Path(path).resolve()
    for folder in [*reversed(place.parents), place]:
        if not folder.stat().st_mode & stat.S_IXOTH:
            return str(folder)
    return ""

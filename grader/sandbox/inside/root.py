"""A root folder of our own where no bubblewrap makes one: the interpreter's files, three devices, no network."""

from __future__ import annotations

import os
from pathlib import Path

from grader.sandbox.inside import kernel
from grader.sandbox.inside.protocol import DEVICES, FOLDER

BASE = "/tmp"  # noqa: S108 - any folder: what stands there is covered in our own mounts only
OPTIONS = "mode=0755,size=1m,nr_inodes=4k"


def enter(readable: list[str], folder: str) -> None:
    """Leave the machine's files and network for good; `folder` is made, empty. Raises `OSError` if refused.

    Root moves into new mounts; anyone else makes a user namespace first.
    """
    uid, gid = os.getuid(), os.getgid()
    kernel.unshare(kernel.NEW_MOUNT | kernel.NEW_NET | (0 if uid == 0 else kernel.NEW_USER))
    if uid != 0:
        kernel.map_own_user(uid, gid)
    os.umask(0o022)
    kernel.mount(None, "/", None, kernel.MOUNT_RECURSIVE | kernel.MOUNT_SLAVE)
    wanted = _outermost([*readable, *DEVICES, "/proc"])
    held = {path: os.open(path, os.O_PATH | os.O_NOFOLLOW) for path in wanted}
    links = {path: os.readlink(path) for path in wanted if os.path.islink(path)}
    kernel.mount("none", BASE, "tmpfs", kernel.MOUNT_BARE, OPTIONS)
    for path, descriptor in held.items():
        _place(BASE + path, descriptor, links.get(path, ""))
        os.close(descriptor)
    if folder:
        os.makedirs(os.path.join(BASE + folder, FOLDER), mode=0o755)
    os.chdir(BASE)
    kernel.change_root()
    bare = kernel.MOUNT_BARE | kernel.MOUNT_READ_ONLY
    kernel.mount(None, "/", None, kernel.MOUNT_REMOUNT | kernel.MOUNT_BIND | bare)


def _outermost(paths: list[str]) -> list[str]:
    """The paths that exist and lie in no folder that comes along anyway."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if os.path.lexists(path) and not any(path.startswith(f"{top}/") for top in kept):
            kept.append(path)
    return kept


def _place(target: str, descriptor: int, link: str) -> None:
    source = f"/proc/self/fd/{descriptor}"
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if link:
        os.symlink(link, target)
        return
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        Path(target).touch()
    kernel.mount(source, target, None, kernel.MOUNT_BIND | kernel.MOUNT_RECURSIVE)

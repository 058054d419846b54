"""Start of the zygote, or of one job without a jail: `python -s -P -B <this folder> <options as JSON>`.

Only this folder is visible in the jail, so it makes itself the package its modules name in their imports.
"""

from __future__ import annotations

import json
import os
import sys
import types
from pathlib import Path


def _become_package(folder: str) -> None:
    for name in ("grader", "grader.sandbox"):
        module = types.ModuleType(name)
        module.__path__ = []
        sys.modules[name] = module
    package = types.ModuleType("grader.sandbox.inside")
    package.__path__ = [folder]
    sys.modules["grader.sandbox.inside"] = package


def _start() -> None:
    folder = str(Path(__file__).resolve().parent)
    options = json.loads(sys.argv[1])
    sys.path[:] = [entry for entry in sys.path if entry != folder]
    sys.path += options.get("packages", [])
    _become_package(folder)
    from grader.sandbox.inside import drop  # the package exists only now

    if options.get("alone"):
        from grader.sandbox.inside import alone  # imports torch, which no zygote does here

        alone.main(options)
    if options["root"]:
        from grader.sandbox.inside import root  # only where we have to make one

        root.enter(options["readable"], options["folder"])
    elif options["reveal"]:
        drop.reveal(options["reveal"])
    if options["uid"] and os.getuid() == 0:
        drop.become(options["uid"])
    if options.get("probe"):
        from grader.sandbox.inside import confine  # as the unprivileged user

        confine.probe()
        return
    from grader.sandbox.inside import zygote  # as the unprivileged user

    zygote.main(options)


_start()

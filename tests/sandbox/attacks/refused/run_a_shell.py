"""Run programs in every way Python knows."""

import os
import subprocess

for run in (
    lambda: subprocess.run(["/bin/sh", "-c", "echo ESCAPED from a shell"], check=True),
    lambda: os.posix_spawn("/bin/echo", ["echo", "ESCAPED by spawn"], {}),
    lambda: os.popen("echo ESCAPED by popen").read(),
    lambda: os.execv("/bin/echo", ["echo", "ESCAPED by exec"]),
):
    try:
        run()
    except OSError as refusal:
        print(refusal)

"""Learn which files and processes the machine has, without opening any."""

import os

for path in (HOST["file"], "/etc/passwd", f"/proc/{HOST['pid']}", f"/proc/{os.getppid()}/stat"):
    try:
        escaped(f"{path} has {os.stat(path).st_size} bytes")
    except OSError:
        pass

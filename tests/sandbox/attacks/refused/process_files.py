"""Use /proc to reach roots, memory and descriptors of others, and one's own memory."""

import os

for process in ("self", "thread-self", "1", "2", str(os.getppid()), str(HOST["pid"])):
    parts = ["root" + HOST["file"], "mem", "maps", "environ"]
    if not process.endswith("self"):
        parts += ["fd/0", "cwd", "status", "ns/mnt"]
    for part in parts:
        try:
            os.open(f"/proc/{process}/{part}", os.O_RDONLY)
            escaped(f"{process}/{part}")
        except OSError:
            pass
try:
    if names := os.listdir("/proc"):
        escaped(f"processes {names[:5]}")
except OSError as refusal:
    print(refusal)

"""Read and change settings of the kernel."""

import os

for name in ("/sys/kernel/mm", "/sys/fs/cgroup", "/proc/sys/kernel/core_pattern", "/sys/class/net"):
    try:
        os.open(name, os.O_RDONLY)
        escaped("opened " + name)
    except OSError:
        pass

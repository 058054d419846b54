"""Kill every process the kernel lets one kill."""

import os
import signal

for target in (-1, 0, 1, 2, os.getppid(), HOST["pid"]):
    if target != os.getpid():
        try:
            os.kill(target, signal.SIGKILL if target != 0 else signal.SIGCONT)
            escaped(f"signalled {target}")
        except OSError:
            pass

"""Leave a process that outlives the job."""

import os
import time

try:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 99)
            time.sleep(8)
        os._exit(0)
    escaped("a daemon")
except OSError as refusal:
    print(refusal)

"""Fork again and again."""

import os
import time

made = 0
for _ in range(50):
    try:
        if os.fork() == 0:
            time.sleep(1)
            os._exit(0)
        made += 1
    except OSError:
        break
if made:
    escaped(f"{made} processes")

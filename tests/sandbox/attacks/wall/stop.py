"""Stop instead of sleeping, or else sleep."""

import signal
import time

try:
    signal.raise_signal(signal.SIGSTOP)
finally:
    time.sleep(100)

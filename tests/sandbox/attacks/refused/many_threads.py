"""Thousands of threads with small stacks: kernel memory that no address space limit counts."""

import threading
import time

threading.stack_size(64 * 1024)
made = 0
try:
    for _ in range(400):
        threading.Thread(target=time.sleep, args=(1,), daemon=True).start()
        made += 1
except RuntimeError as refusal:
    print(refusal)
if made > 150:
    escaped(f"{made} threads")

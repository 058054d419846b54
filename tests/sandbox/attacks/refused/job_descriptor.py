"""Write into the job, or read it a second time from the start."""

import os

for number in range(3, 10):
    try:
        os.lseek(number, 0, 0)
        escaped(f"found a file at {number}: {os.read(number, 9)}")
    except OSError:
        pass

"""See more than this job: other process numbers, shared objects of the user, the machine's /proc."""

import os

if os.getpid() != 1:
    escaped(f"process {os.getpid()} among others")

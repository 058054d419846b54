"""A header that claims four gigabytes."""

import os

os.write(4, b"EXG1\xff\xff\xff\xff{}")

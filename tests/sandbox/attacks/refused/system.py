"""os.system, whose return value hides the refusal."""

import os

if os.system("echo ESCAPED by system") == 0:
    escaped("system")

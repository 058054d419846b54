"""End with the code that means success."""

import os

os._exit(0)

"""A pattern that backtracks for ever, holding the interpreter lock."""

import re

re.match(r"(a+)+$", "a" * 64 + "b")

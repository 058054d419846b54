"""Reach a file outside through a hard link."""

import os

try:
    os.link(HOST["file"], "link")
    escaped(open("link").read())
except OSError as refusal:
    print(refusal)

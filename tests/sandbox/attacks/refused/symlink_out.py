"""Reach a file outside through a symbolic link in the work folder."""

import os

try:
    os.symlink(HOST["file"], "link")
    escaped(open("link").read())
except OSError as refusal:
    print(refusal)

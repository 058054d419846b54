"""Abort."""

import os

os.abort()

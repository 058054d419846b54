"""Pretend that the operator pressed a key."""

raise KeyboardInterrupt

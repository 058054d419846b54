"""The human queue: what waits for a person, grouped, written to a file and read back."""

from grader.review.sheet import Group, apply_sheet, collect, write_sheet

__all__ = ["Group", "apply_sheet", "collect", "write_sheet"]

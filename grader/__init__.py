"""A grading engine for exam answers: every mark explained, reproducible, appealable."""

__version__ = "0.1.0"

"""A rubric proves itself."""

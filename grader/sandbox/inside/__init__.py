"""What runs inside the jail. Imports nothing of the grader beside its own modules; numpy and torch come preloaded."""

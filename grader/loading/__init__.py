"""Files -> validated values, with every problem named by file, line and column."""

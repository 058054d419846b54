"""The asked function is missing."""

rectify = max

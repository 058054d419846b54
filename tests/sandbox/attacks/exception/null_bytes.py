"""A file that is no text."""

x = "\0"
raise ValueError("\ud800 \x00 \x1b[2J" + x)

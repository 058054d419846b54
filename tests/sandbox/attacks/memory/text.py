"""A text that doubles."""

text = "x"
while True:
    text += text

"""What goes wrong with an expression, as two exceptions with something to say."""

from grader.expressions.limits import EXCERPT_WIDTH


class Unreadable(ValueError):
    """The text could not be read as mathematics.

    `message` is one sentence that says what to write instead, `text` is what was entered and
    `position` the 0-based index of the character where reading stopped (at most `len(text)`).
    """

    def __init__(self, message: str, text: str, position: int) -> None:
        super().__init__(message, text, position)
        self.message = message
        self.text = text
        self.position = max(0, min(position, len(text)))

    def __str__(self) -> str:
        return self.message

    @property
    def excerpt(self) -> str:
        """Two lines: the text around the place, and a caret under it. Control characters are shown as �."""
        start = max(0, self.position - EXCERPT_WIDTH // 2)
        piece = self.text[start : start + EXCERPT_WIDTH]
        shown = "".join(c if c.isprintable() else "�" for c in piece)
        return f"{shown}\n{' ' * (self.position - start)}^"


class NotANumber(ValueError):
    """The expression has no finite value: free symbols, undefined, or too large to hold."""


class Undefined(ArithmeticError):
    """An operation has no value at this point (internal to the evaluators)."""

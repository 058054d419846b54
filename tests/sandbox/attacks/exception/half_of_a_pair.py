"""Text that no file can hold."""

half = chr(0xD800)


class Odd(Exception):
    pass


Odd.__name__ = Odd.__qualname__ = half


def relu(x):
    print(half)
    raise Odd(half)

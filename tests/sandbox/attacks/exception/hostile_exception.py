"""An exception that raises when it is described."""


class Hostile(BaseException):
    def __str__(self):
        raise self

    def __class__(self):
        raise self


def relu(x):
    raise Hostile

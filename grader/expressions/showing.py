"""Numbers shown to people, briefly, whatever their size."""

from fractions import Fraction

from grader.expressions.limits import EVIDENCE_DIGITS

_LONGEST = 24  # characters of a number shown in full
_LONGEST_BITS = 256


def show_fraction(value: Fraction) -> str:
    """An integer, a short decimal or p/q in full when short, else a rounded power of ten."""
    if value.numerator.bit_length() + value.denominator.bit_length() <= _LONGEST_BITS:
        decimal = _decimal(value)
        for text in (decimal, str(value)):
            if text is not None and len(text) <= _LONGEST:
                return text
    return _rounded(value)


def show_decimal(value: Fraction) -> str | None:
    """The finite decimal expansion where it is short, else None."""
    if value.denominator.bit_length() > _LONGEST_BITS:
        return None
    decimal = _decimal(value)
    return decimal if decimal is not None and len(decimal) <= _LONGEST else None


def _decimal(value: Fraction) -> str | None:
    """The finite decimal expansion, if there is one."""
    rest, places = value.denominator, 0
    while rest % 10 == 0:
        rest, places = rest // 10, places + 1
    while rest % 2 == 0:
        rest, places = rest // 2, places + 1
    while rest % 5 == 0:
        rest, places = rest // 5, places + 1
    if rest != 1:
        return None
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits


def _rounded(value: Fraction) -> str:
    """A few digits and a power of ten, without ever writing the number out."""
    size = abs(value)
    power = (size.numerator.bit_length() - size.denominator.bit_length()) * 30103 // 100000
    while size >= Fraction(10) ** (power + 1):
        power += 1
    while size < Fraction(10) ** power:
        power -= 1
    if -5 < power < EVIDENCE_DIGITS:
        return f"{float(value):.{EVIDENCE_DIGITS}g}"
    digits = str(int(size / Fraction(10) ** (power - EVIDENCE_DIGITS + 1)))
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[0]}.{digits[1:]}e{power}"

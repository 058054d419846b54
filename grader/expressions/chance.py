"""Numbers that look random but follow from a seed, the same on every machine and version."""

_MASK = (1 << 64) - 1


class Chance:
    """SplitMix64 (Steele, Lea and Flood 2014), which needs no more state than one integer."""

    def __init__(self, seed: int) -> None:
        self.state = seed & _MASK

    def word(self) -> int:
        """The next 64 bits."""
        self.state = (self.state + 0x9E3779B97F4A7C15) & _MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return z ^ (z >> 31)

    def between(self, low: int, high: int) -> int:
        """An integer in low..high, both included; the spans used here are far below 2**64."""
        return low + self.word() % (high - low + 1)


_BASES = (
    2,
    3,
    5,
    7,
    11,
    13,
    17,
    19,
    23,
    29,
    31,
    37,
)  # enough below 3.3e24 (Sorenson, Webster 2015)


def is_prime(n: int) -> bool:
    """Miller and Rabin's test, exact for every 61-bit number."""
    if n < 2 or any(n % base == 0 for base in _BASES):
        return n in _BASES
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return all(_passes(n, base, odd, twos) for base in _BASES)


def _passes(n: int, base: int, odd: int, twos: int) -> bool:
    x = pow(base, odd, n)
    if x in {1, n - 1}:
        return True
    for _ in range(twos - 1):
        x = x * x % n
        if x == n - 1:
            return True
    return False


def prime(chance: Chance, bits: int) -> int:
    """A random prime of exactly `bits` bits."""
    while True:
        candidate = chance.between(1 << (bits - 1), (1 << bits) - 1) | 1
        if is_prime(candidate):
            return candidate

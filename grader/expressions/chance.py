"""Numbers that look random but follow from a seed, the same on every machine and version."""

from hashlib import blake2b
from math import gcd, prod

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


def mixed(seed: int, first: str, second: str) -> int:
    """A seed of 64 bits that also follows from two texts, so that neither can be made to fit it."""
    text = f"{seed}\0{first}\0{second}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big")


# enough below 2**64 (Jim Sinclair 2011, checked against Feitsma's list of pseudoprimes)
_BASES = (2, 325, 9_375, 28_178, 450_775, 9_780_504, 1_795_265_022)
_SMALL = (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89)
_PRODUCT = prod(_SMALL)  # odd numbers that share a factor with it are no large primes


def is_prime(n: int) -> bool:
    """Whether an odd number between 100 and 2**64 is prime: Miller and Rabin's test, exact in that range."""
    if gcd(n, _PRODUCT) != 1:
        return False
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return all(_passes(n, base, odd, twos) for base in _BASES)


def _passes(n: int, base: int, odd: int, twos: int) -> bool:
    x = pow(base, odd, n)
    if x in {0, 1, n - 1}:  # 0: the base is a multiple of n and says nothing
        return True
    for _ in range(twos - 1):
        x = x * x % n
        if x == n - 1:
            return True
    return False


def prime(chance: Chance, bits: int) -> int:
    """The first prime that is 1 modulo 4 from a random number of exactly `bits` bits on; rarely one bit longer."""
    candidate = chance.between(1 << (bits - 1), (1 << bits) - 1) & ~3 | 1
    while not is_prime(candidate):
        candidate += 4
    return candidate

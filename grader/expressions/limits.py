"""Every limit of reading and judging, in one place.

They bound the work before it starts, so a hostile or absurd answer costs no more than a
sensible one. A limit met while reading becomes `Unreadable` ("too large"), never a hang.
"""

MAX_CHARACTERS = 1_000
MAX_WORD_UNITS = 60  # letters written side by side
MAX_DEPTH = 100  # nested brackets, exponents and calls; also the height of the tree
MAX_NODES = 1_000
MAX_DERIVED_NODES = 2_000  # after diff(...) has been carried out
MAX_DIGITS = 1_000  # digits in one written number, its exponent of ten included
MAX_CONSTANT_BITS = 16_384  # an exact constant, about 4,900 digits
MAX_EXPONENT_BITS = 63
MAX_FACTORIAL = 1_000

MAX_LIST_CHARACTERS = 10_000
MAX_LIST_ITEMS = 1_000

MAX_MONOMIALS = 5_000
MAX_MONOMIAL_DEGREE = 1_000
MAX_EXPANSION_STEPS = 50_000  # products of two coefficients, about 0.1 s

MAX_MODULAR_DEGREE = 10_000_000  # keeps Schwartz-Zippel's error, degree/2**60, under 1e-11
PRIME_BITS = 61
MODULAR_TRIES = 6  # points to try when a denominator vanishes by accident

MIN_AGREEING_POINTS = 8
MAX_POINT_TRIES = 32
MAX_EXACT_BITS = 2_048  # exact rationals larger than this become balls
DIGITS_LADDER = (50, 200, 1_000)
GUARD_DIGITS = 8
AGREEMENT_DIGITS = 30  # a ball wider than this says nothing
LONG_SUM = (20, 60)
"""Shortest and longest of the one longer sum that is tried, whose length follows from what is compared."""
MAX_VALUE_BITS = 200_000  # numbers beyond 2**200000 are not turned into fractions

EXCERPT_WIDTH = 72
EVIDENCE_DIGITS = 6
READ_CACHE = 65_536

MAX_LOOP_TERMS = 2_000  # terms of one sum or product that are added up one by one
MAX_LOOP_STEPS = 200_000  # parts of trees evaluated inside sums and integrals, for one judgement
MAX_INTEGRAND_CALLS = 5_000  # places at which one integrand is evaluated
INTEGRAL_BITS = 117  # an integral is computed to this many bits, about 35 digits
MAX_SUM_DEGREE = 60  # of a body whose sum is taken as a polynomial in its ends
MAX_TABLE_SIDE = 12  # rows or columns of a matrix that is multiplied or inverted
MAX_TABLE_POWER = 1_000
MAX_SWITCHES = 12  # places where a piecewise function turns, looked for one by one
MAX_SET_PAIRS = 40_000  # pairs of elements looked at when two sets are matched
"""Bounds of judging, counted in work rather than time, so that a verdict is the same on every machine."""
MAX_PLACE_STEPS = 25_000  # of them, at one place
MAX_SHAPES = 4  # ways to take names as vectors and matrices
MAX_SET_JUDGEMENTS = 200  # of them, judged one by one because a glance does not tell them apart
MAX_FORM_NODES = 1_000  # parts of a tree whose form is checked
MAX_FORM_TERMS = 500  # of a polynomial that is factored
MAX_FORM_DEGREE = 60

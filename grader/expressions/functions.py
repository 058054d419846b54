"""The built-in functions and how people spell them."""

# meaning -> (fewest, most) arguments
ARITIES: dict[str, tuple[int, int]] = {
    **dict.fromkeys(("sin", "cos", "tan", "sec", "csc", "cot"), (1, 1)),
    **dict.fromkeys(("arcsin", "arccos", "arctan", "arcsec", "arccsc", "arccot"), (1, 1)),
    **dict.fromkeys(("sinh", "cosh", "tanh", "sech", "csch", "coth"), (1, 1)),
    **dict.fromkeys(("arsinh", "arcosh", "artanh"), (1, 1)),
    **dict.fromkeys(("exp", "log", "log10", "log2", "sqrt", "cbrt", "abs", "sign"), (1, 1)),
    **dict.fromkeys(("floor", "ceil", "relu", "sigmoid", "step", "factorial"), (1, 1)),
    **dict.fromkeys(("re", "im", "conj"), (1, 1)),
    "logb": (2, 2),  # logb(x, base)
    "root": (2, 2),  # root(x, n)
    "diff": (2, 2),  # diff(expression, symbol)
    "min": (1, 1_000),
    "max": (1, 1_000),
    "norm": (1, 2),  # norm(x) is the Euclidean one, norm(x, p) another
    "transpose": (1, 1),
    "dot": (2, 2),
    "hadamard": (2, 2),  # entry by entry
    "binom": (2, 2),
    "softmax": (1, 1_000),  # of a vector, or of its entries
    "entry": (2, 3),  # entry(A, i, j) of something that is no name
    "indicator": (1, 1),  # of a relation
    **dict.fromkeys(("argmax", "argmin", "mean"), (1, 1_000)),  # of a vector, or of its entries
    **dict.fromkeys(("argmaxover", "argminover", "maxover", "minover"), (2, 2)),  # of f over x
    **dict.fromkeys(("det", "trace", "inverse", "variance"), (1, 1)),
    "expectation": (1, 3),  # of f, over x, distributed as p
    **dict.fromkeys(("union", "intersection", "setminus", "and", "or"), (2, 1_000)),
}

ONLY_CALLED = frozenset({
    "norm", "transpose", "dot", "hadamard", "binom", "softmax", "entry", "indicator", "argmax",
    "argmin", "mean", "argmaxover", "argminover", "maxover", "minover", "det", "trace", "inverse",
    "variance", "expectation", "union", "intersection", "setminus", "and", "or",
})  # fmt: skip
"""Words that are functions only where a bracket follows; `cases` is read by the parser itself."""

OVER_A_NAME = frozenset(["argmaxover", "argminover", "maxover", "minover"])
BINDS = OVER_A_NAME | {"setof"}
"""Calls of f and a name that is bound in f."""
TAKES_RELATIONS = frozenset(["indicator", "cases", "expectation", "and", "or"])

SPELLINGS: dict[str, str] = {
    **{name: name for name in ARITIES if name not in ONLY_CALLED},
    "ln": "log",
    "lg": "log10",
    "sgn": "sign",
    "ceiling": "ceil",
    "heaviside": "step",
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "asinh": "arsinh",
    "acosh": "arcosh",
    "atanh": "artanh",
    "arcsinh": "arsinh",
    "arccosh": "arcosh",
    "arctanh": "artanh",
    "cosec": "csc",
    "conjugate": "conj",
    "Re": "re",
    "Im": "im",
    "ReLU": "relu",
    "Relu": "relu",
    "RELU": "relu",
}

CALLED: dict[str, str] = {
    **{name: name for name in ONLY_CALLED},
    "choose": "binom",
    "cases": "cases",
    "tr": "trace",
    "Tr": "trace",
    "Var": "variance",
}

INVERSES: dict[str, str] = {
    **{name: f"arc{name}" for name in ("sin", "cos", "tan", "sec", "csc", "cot")},
    "sinh": "arsinh",
    "cosh": "arcosh",
    "tanh": "artanh",
}

CONSTANTS: dict[str, str] = {
    "pi": "pi",
    "e": "e",
    "i": "i",
    "inf": "inf",
    "infty": "inf",
    "infinity": "inf",
    "oo": "inf",
}

PERCENT_WORDS = frozenset({"percent", "pct", "prosent", "prozent"})

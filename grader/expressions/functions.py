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
}

SPELLINGS: dict[str, str] = {
    **{name: name for name in ARITIES},
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
}

PERCENT_WORDS = frozenset({"percent", "pct", "prosent", "prozent"})

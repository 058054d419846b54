"""What signs and LaTeX commands stand for, and what to say of those that stand for nothing."""

import re

from grader.expressions.tokens import TokenKind

_Table = dict[str, tuple[TokenKind, str]]

SIGN = re.compile(r"\*\*|=/=|<=|>=|!=|==|:=|=<|=>|[-+*/^!<>=()\[\]{}|,;:&√~_±⊙°⌊⌋⌈⌉⟨⟩‖∈∪∩∅∧∨]")
SIGNS: _Table = {
    **{c: ("operator", c) for c in "+-*/^!±⊙°"},
    "**": ("operator", "^"),
    **{c: ("relation", c) for c in ("=", "<", ">", "<=", ">=", "!=")},
    "==": ("relation", "="), ":=": ("relation", "="), "=/=": ("relation", "!="),
    "=<": ("relation", "<="), "=>": ("relation", ">="), "~": ("relation", "="),
    "∈": ("relation", "in"), "∪": ("setop", "union"), "∩": ("setop", "intersection"),
    "∧": ("word", "and"), "∨": ("word", "or"),
    **{c: ("open", c) for c in "([⌊⌈⟨"}, **{c: ("close", c) for c in ")]⌋⌉⟩"},
    "{": ("brace", "{"), "}": ("unbrace", "}"), "|": ("bar", "|"), "‖": ("norm", "‖"),
    ",": ("comma", ","), ";": ("semicolon", ";"), ":": ("colon", ":"), "√": ("root", "√"),
    "_": ("index", "_"), "∅": ("constant", "∅"),
}  # fmt: skip

COMMAND = re.compile(r"\\([A-Za-z]+|[{}|%])")
COMMANDS: _Table = {
    **dict.fromkeys(("cdot", "times", "ast"), ("operator", "*")),
    "div": ("operator", "/"), "pm": ("operator", "±"),
    **dict.fromkeys(("odot", "circledast"), ("operator", "⊙")),
    **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac"), ("frac", "frac")),
    **dict.fromkeys(("binom", "dbinom", "tbinom"), ("binom", "binom")),
    "sqrt": ("root", "sqrt"),
    **dict.fromkeys(("le", "leq", "leqslant"), ("relation", "<=")),
    **dict.fromkeys(("ge", "geq", "geqslant"), ("relation", ">=")),
    **dict.fromkeys(("approx", "simeq", "coloneqq", "leftarrow", "gets"), ("relation", "=")),
    **dict.fromkeys(("ne", "neq"), ("relation", "!=")),
    "lt": ("relation", "<"), "gt": ("relation", ">"), "in": ("relation", "in"),
    "sim": ("relation", "~"), "colon": ("colon", ":"),
    **dict.fromkeys(("vert", "lvert", "rvert", "mid"), ("bar", "|")),
    **dict.fromkeys(("|", "Vert", "lVert", "rVert"), ("norm", "‖")),
    "cup": ("setop", "union"), "cap": ("setop", "intersection"),
    **dict.fromkeys(("setminus", "smallsetminus"), ("setop", "setminus")),
    **dict.fromkeys(("land", "wedge"), ("word", "and")), **dict.fromkeys(("lor", "vee"), ("word", "or")),
    **dict.fromkeys(("emptyset", "varnothing"), ("constant", "∅")),
    "infty": ("constant", "inf"),
    **dict.fromkeys(("{", "lbrace"), ("open", r"\{")),
    **dict.fromkeys(("}", "rbrace"), ("close", r"\}")),
    "lfloor": ("open", "⌊"), "rfloor": ("close", "⌋"),
    "lceil": ("open", "⌈"), "rceil": ("close", "⌉"),
    "langle": ("open", "⟨"), "rangle": ("close", "⟩"),
    "sum": ("binder", "sum"), "prod": ("binder", "product"), "int": ("binder", "integral"),
}  # fmt: skip
_TEACHABLE = {
    "lim": "cannot be read yet; write the limit itself",
    "mp": "stands for two values; write each value",
}

BINDERS = {
    "sum": "sum", "prod": "product", "int": "integral", "∑": "sum", "∏": "product", "∫": "integral",
    "Σ": "sum", "Π": "product", "max": "maxover", "min": "minover",
    "argmax": "argmaxover", "argmin": "argminover",
}  # fmt: skip
"""What a sign or a word with an index under it stands for."""

WORDS = {
    **dict.fromkeys(("if", "when", "hvis", "falls", "wenn"), "if"),
    **dict.fromkeys(("else", "ellers", "sonst", "otherwise"), "else"),
    **dict.fromkeys(("and", "og", "und"), "and"), **dict.fromkeys(("or", "eller", "oder"), "or"),
    "choose": "choose", "cup": "union", "union": "union",
}  # fmt: skip
"""Words of a formula, outside a question that declares them."""
IN_TEXT = {**WORDS, "for": "if", "for all": "if", "der": "if", "für": "if", "in": "in"}
r"""What \text{...} may say within a formula besides a name."""


def unknown_command(word: str) -> str:
    """What to say of a command that is not known."""
    return f"\\{word} {_TEACHABLE.get(word, 'is not known here; write it plainly')}."


def unknown_sign(c: str) -> str:
    """What to say of a character that starts nothing known."""
    special = {
        "∂": "A derivative is written ∂e/∂g, with a name after each ∂.",
        "∇": "A gradient is written ∇_w L, with a name after it.",
        "%": "A percent sign follows a number: write 50%.",
        "∓": "∓ stands for two values: write each value.",
        "'": "A prime follows a name or a function: write s' or f'(x), or the derivative as de/dg.",
        '"': "Quotation marks are not mathematics: write the formula alone.",
        "&": "& stands between the columns of a matrix only: write the formula without it.",
    }
    shown = c if c.isprintable() else f"U+{ord(c):04X}"
    return special.get(c, f"The character {shown} means nothing here: write plain mathematics.")

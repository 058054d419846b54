"""Texts meant to hang, to crash or to fill the memory: each must be answered within the limits of the benchmark."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Probe:
    """A pair of texts; `equal` where they really are, so that the verdict may say it."""

    name: str
    answer: str
    reference: str = "1"
    equal: bool = False


def _shuffled(element: str, count: int) -> str:
    """A set of `count` elements, every second one first."""
    order = [*range(0, count, 2), *range(1, count, 2)]
    return "{" + ", ".join(element.format(k) for k in order) + "}"


def _in_order(element: str, count: int, opening: str = "{", closing: str = "}") -> str:
    return opening + ", ".join(element.format(k) for k in range(count)) + closing


KNOWN = (
    Probe("tower of constants", "9**9**9"),
    Probe("tower of constants, raised", "9^(9^(9^9))"),
    Probe("factorial of factorial", "((10!)!)!"),
    Probe("six factorials", "((((((10!)!)!)!)!)!)"),
    Probe("huge exponent of ten", "1e1000000"),
    Probe("huge negative exponent of ten", "1e-1000000"),
    Probe("many brackets", "(" * 450 + "x" + ")" * 450, "x", equal=True),
    Probe("brackets that never close", "(" * 1000),
    Probe("high power of a sum", "(x+1)^100000", "x"),
    Probe("high powers that agree", "(x-a)^6000", "(a-x)^6000", equal=True),
    Probe("long expression", "+".join(["x*y^2"] * 160), "160*x*y^2", equal=True),
    Probe("a number of a thousand digits", "7" * 1000),
)
"""What hangs or crashes public judges."""

OWN = (
    Probe("functions of a huge number", "sin(10^4900)", "cos(10^4900)"),
    Probe("exponentials in each other", "exp(exp(exp(exp(exp(x)))))", "exp(exp(exp(exp(x))))"),
    Probe("exponential of a tower", "exp(10^4000)", "exp(10^4000) + 1"),
    Probe("logarithms ninety deep", "log(" * 90 + "x" + ")" * 90, "x"),
    Probe("roots ninety deep", "sqrt(" * 90 + "x" + ")" * 90, "x"),
    Probe("powers of powers", "x^x^x^x^x^x^x^x", "x^x^x^x^x^x^x"),
    Probe("a product raised to 10^18", "(x+y+z)^(10^18)", "(z+y+x)^(10^18 + 1)"),
    Probe("a square raised again and again", "(" * 60 + "x+1" + ")^2" * 60, "x"),
    Probe("derivatives in each other", "diff(" * 30 + "x^x" + ", x)" * 30, "x"),
    Probe(
        "derivative of a long product",
        "diff(" + "*".join(f"sin({k}x)" for k in range(1, 90)) + ", x)",
        "0",
    ),
    Probe("a thousand arguments", "max(" + ", ".join(["x"] * 300) + ")", "x", equal=True),
    Probe("piecewise of piecewise", "relu(" * 80 + "x - 3" + ")" * 80, "relu(x - 3)", equal=True),
    Probe(
        "a set and its shuffle", _shuffled("sin({}/7)", 60), _in_order("sin({}/7)", 60), equal=True
    ),
    Probe("two sets with nothing in common", _in_order("sin({}x)", 60), _in_order("cos({}x)", 60)),
    Probe(
        "sets of numbers that agree late",
        _in_order("sqrt({})", 100),
        _in_order("sqrt({})+10^-900", 100),
    ),
    Probe(
        "a long list of irrational numbers",
        _in_order("exp({})", 550, "(", ")"),
        _in_order("exp({}/2)^2", 550, "(", ")"),
        equal=True,
    ),
    Probe(
        "a long list of expensive numbers",
        _in_order("tan(sin(cos({})))", 400, "(", ")"),
        _in_order("tan(sin(cos(-{})))", 400, "(", ")"),
        equal=True,
    ),
    Probe(
        "a set of functions and its shuffle",
        _shuffled("sin({}x)^2", 100),
        _in_order("1-cos({}x)^2", 100),
        equal=True,
    ),
    Probe(
        "a set of powers and its shuffle",
        _shuffled("x^{}", 100),
        _in_order("x^{}", 100),
        equal=True,
    ),
    Probe("sets of sets", "{" * 90 + "1" + "}" * 90, "{" * 90 + "2" + "}" * 90),
    Probe("sizes without an end", "1x" * 499 + "1", "1x" * 498 + "2"),
    Probe("blanks", "1" + " " * 998 + "1"),
    Probe("commas", "," * 1000, ";" * 1000),
    Probe("bars", "|" * 999 + "x"),
    Probe("backslashes", "\\" * 1000),
    Probe("fractions that never close", "\\frac{" * 166),
    Probe("fractions in each other", "\\frac{1}{1+" * 80 + "x" + "}" * 80, "x"),
    Probe("accents piled up", "y" + "\u0302" * 999, "y"),
    Probe("letters that run on", "xyz" * 333, "abc" * 333),
    Probe("undeclared functions in each other", "f(" * 95 + "x" + ")" * 95, "f(x)"),
    Probe("continued fraction that vanishes", "1/(" * 90 + "x-x" + ")" * 90, "x"),
    Probe("a chain of relations", "<".join(["x"] * 300), "<".join(["x"] * 299)),
    Probe(
        "a chain of different sides",
        "=".join(f"sin({k}x)" for k in range(90)),
        "=".join(f"cos({k}x)" for k in range(90)),
    ),
    Probe(
        "equation of transcendental sides",
        "+".join(f"sin({k}x)" for k in range(90)) + "=0",
        "+".join(f"cos({k}x)" for k in range(90)) + "=0",
    ),
    Probe("cancellation of huge terms", "(1+10^-400)^(10^400)", "e"),
    Probe("integer part at a jump", "floor(sqrt(2)^2)", "2", equal=True),
    Probe("sum of 10^12 terms", "\\sum_{k=1}^{1000000000000} \\sin(k)", "0"),
    Probe(
        "sums in each other",
        "".join(f"\\sum_{{{c}=1}}^{{999}}" for c in "abcdghjkmn") + "abcd",
        "1",
    ),
    Probe("product of 10^9 factors", "\\prod_{k=1}^{1000000000} k"),
    Probe("integrals in each other", "\\int_0^1 " * 12 + "x^x" + " dx" * 12, "1"),
    Probe("integral of a wild function", "\\int_0^1 \\sin(1/x^{99}) dx", "0"),
    Probe("sum with a symbolic end", "\\sum_{k=1}^{n} k^{999}", "\\sum_{k=1}^{n} k^{998}"),
    Probe(
        "union of many intervals",
        " ∪ ".join(f"[{k}, {k}.5)" for k in range(90)),
        " ∪ ".join(f"[{k}, {k}.5)" for k in range(89)),
    ),
    Probe(
        "determinant of a large matrix",
        "det([" + ", ".join(["[" + ",".join("x" * 14) + "]"] * 14) + "])",
        "1",
    ),
    Probe("matrix to a high power", "[[1,1],[1,0]]^(10^15)", "[[1,1],[1,0]]"),
    Probe(
        "many cases",
        "\\begin{cases}" + "".join(f"{k}x & x>{k} \\\\ " for k in range(50)) + "\\end{cases}",
        "x",
    ),
    Probe("format string", "{0.__class__.__mro__}", "0"),
    Probe("attributes", "().__class__.__bases__[0].__subclasses__()", "0"),
    Probe("import", '__import__("os").system("true")', "0"),
    Probe("null characters and half surrogates", "\x00\ud800" * 400, "x"),
    Probe("digits of another script", "१२३" * 300, "x"),
)
"""More of them, by what they aim at."""

PROBES = (*KNOWN, *OWN)

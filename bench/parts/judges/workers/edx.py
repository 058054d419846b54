"""edX's evaluator as a worker, sampled as mitx-grading-library documents its FormulaGrader.

mitx-grading-library grew out of this evaluator, adds a parsing cache, and compares five samples of each
variable from 1 to 5 within 0.01 %; so does this worker, parsing each text once.
"""

import cmath
import math
import random
from collections.abc import Callable, Mapping
from typing import Any

import numpy
from calc import calc
from pyparsing import ParseException
from serve import serve

SAMPLES, LOWEST, HIGHEST, TOLERANCE = 5, 1.0, 5.0, 1e-4
"""FormulaGrader's documented defaults."""

Value = complex
Unary = Callable[[Value], Any]
MORE_FUNCTIONS: dict[str, Any] = {
    "log": numpy.lib.scimath.log,
    "floor": numpy.floor,
    "ceil": numpy.ceil,
    "conj": numpy.conj,
    "re": numpy.real,
    "im": numpy.imag,
    "relu": lambda x: numpy.maximum(x, 0),
    "sigmoid": lambda x: 1 / (1 + numpy.exp(-x)),
}
KNOWN = {**calc.DEFAULT_FUNCTIONS, **MORE_FUNCTIONS}
LEAVES = {
    "number": calc.eval_number,
    "atom": calc.eval_atom,
    "power": calc.eval_power,
    "parallel": calc.eval_parallel,
    "product": calc.eval_product,
    "sum": calc.eval_sum,
}


def judge(pair: dict[str, Any]) -> tuple[str, str]:
    """Five samples; the variables and functions of the two texts are declared."""
    try:
        texts = [_parsed(pair[side]) for side in ("reference", "answer")]
    except (ParseException, calc.UnmatchedParenthesis) as error:
        return "unreadable", f"{type(error).__name__}: {error}"[:200]
    draw = random.Random(str(texts[0].math_expr))
    reference = answer = 0j
    for _ in range(SAMPLES):
        point = {name: draw.uniform(LOWEST, HIGHEST) for name in _names(texts)}
        functions = {name: KNOWN.get(name) or _smooth(draw) for name in _functions(texts)}
        try:
            reference, answer = (_value(text, point, functions) for text in texts)
        except (ArithmeticError, ValueError, TypeError) as error:
            return "undecided", f"{type(error).__name__}: {error}"[:200]
        if not _within(reference, answer, pair):
            return "different", f"{reference} vs {answer} at {point}"[:200]
    return "equal", f"{SAMPLES} samples, the last {reference} vs {answer}"[:200]


def _parsed(text: str) -> Any:
    calc.check_parens(text)
    parsed = calc.ParseAugmenter(text, case_sensitive=True)
    parsed.parse_algebra()
    return parsed


def _names(texts: list[Any]) -> list[str]:
    used: set[str] = set().union(*[text.variables_used for text in texts])
    return sorted(used - set(calc.DEFAULT_VARIABLES))


def _functions(texts: list[Any]) -> list[str]:
    return sorted(set().union(*[text.functions_used for text in texts]))


def _smooth(draw: random.Random) -> Unary:
    """A random function for a name nobody knows, such as f."""
    waves = [(draw.uniform(-1, 1), draw.uniform(0.5, 2), draw.uniform(0, 6)) for _ in range(3)]
    return lambda x: sum(size * cmath.sin(speed * x + phase) for size, speed, phase in waves)


def _value(text: Any, point: Mapping[str, float], functions: Mapping[str, Unary]) -> Value:
    values = {**calc.DEFAULT_VARIABLES, **point}
    actions = {
        **LEAVES,
        "variable": lambda parts: values[parts[0]],
        "function": lambda parts: functions[parts[0]](parts[1]),
    }
    return complex(text.reduce_tree(actions))


def _within(reference: Value, answer: Value, pair: dict[str, Any]) -> bool:
    """Within the pair's tolerance, else the default one; NaN is within nothing."""
    if "atol" in pair:
        return abs(answer - reference) <= float(pair["atol"])
    share = float(pair["rtol"]) if "rtol" in pair else TOLERANCE
    if math.isinf(abs(reference)):
        return answer == reference
    return abs(answer - reference) <= share * abs(reference)


if __name__ == "__main__":
    numpy.seterr(all="ignore")
    serve(judge)

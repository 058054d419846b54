"""This project's judge as a worker: texts in, verdict out, nothing prepared beforehand."""

from fractions import Fraction
from typing import Any

from serve import serve

from grader.expressions.comparing import Tolerance, compare_texts


def judge(pair: dict[str, Any]) -> tuple[str, str]:
    """`grader compare` on the pair, with its domains and its tolerance."""
    tolerance = Tolerance(_fraction(pair.get("rtol")), _fraction(pair.get("atol")))
    found = compare_texts(
        pair["answer"], pair["reference"], domains=pair.get("domain") or {}, tolerance=tolerance
    )
    return found.status, found.evidence


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


if __name__ == "__main__":
    serve(judge)

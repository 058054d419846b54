"""Math-Verify as a worker: `parse` on both texts, then `verify`, with its own time limits on."""

import logging
from typing import Any

from math_verify import parse, verify
from math_verify.errors import TimeoutException
from serve import serve

DECIMALS = 6
"""Decimals to which Math-Verify rounds numbers unless the pair says otherwise (its default)."""


def judge(pair: dict[str, Any]) -> tuple[str, str]:
    """Nothing extracted from one of the two is unreadable, a time-out is undecided."""
    options = {"float_rounding": int(pair.get("decimals", DECIMALS)), "raise_on_error": True}
    for name in ("strict", "allow_set_relation_comp"):
        if name in pair:
            options[name] = pair[name]
    try:
        gold, answer = parse(pair["reference"]), parse(pair["answer"])
        if not gold or not answer:
            return "unreadable", "nothing was extracted"
        same = verify(gold, answer, **options)
    except TimeoutException:
        return "undecided", "its own time limit"
    except Exception as error:  # noqa: BLE001 - by itself it would say False; this is kinder
        return "undecided", f"{type(error).__name__}: {error}"[:200]
    return ("equal" if same else "different"), f"{gold} | {answer}"[:200]


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    serve(judge)

"""Slips that a rubric names instead of listing the wrong values they lead to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated

from pydantic import BeforeValidator

from grader.checkers.base import Credit, Model
from grader.expressions import Expression, NotANumber, Unreadable, Verdict
from grader.expressions.slips import Slip, variants
from grader.score import Finding

SAY: dict[Slip, str] = {
    "sign": "A sign is wrong.",
    "factor of 2": "A factor of 2 is missing, or is there once too often.",
    "missing factor": "A factor is missing; was an inner derivative forgotten?",
    "missing term": "A term is missing.",
    "bias left out": "A bias is left out.",
    "off by one": "This is off by one.",
    "upside down": "A fraction is upside down.",
    "transposed": "Rows and columns are exchanged.",
    "log base": "The logarithm has another base.",
    "square left out": "A square is missing.",
    "root left out": "A root is missing.",
}
"""What candidates read where the author writes nothing else."""


class SlipRule(Model):
    """What an answer with a slip keeps."""

    credit: Credit
    say: str = ""


def _rules(value: object) -> object:
    """Lets an author write `sign: 1/2` for `sign: {credit: 1/2}`."""
    if not isinstance(value, Mapping):
        return value
    return {k: v if isinstance(v, Mapping | SlipRule) else {"credit": v} for k, v in value.items()}


Slips = Annotated[
    dict[Slip, SlipRule],
    BeforeValidator(_rules, json_schema_input_type=dict[Slip, SlipRule | str | float]),
]


def slip_id(slip: Slip) -> str:
    """The finding's id: `factor of 2` is `slip-factor-of-2`."""
    return "slip-" + slip.replace(" ", "-")


def slipped(
    key: Expression, rules: Slips, compare: Callable[[Expression], Verdict]
) -> tuple[Finding, str] | None:
    """The first slip of the rules under which the key is what `compare` finds equal, and how that was decided."""
    for slip, rule in rules.items():
        for changed, where in _changed(key, slip):
            try:
                verdict = compare(changed)
            except NotANumber:
                continue
            if verdict.status == "equal":
                say = rule.say or SAY[slip]
                finding = Finding(slip_id(slip), rule.credit, say, f"the key, but {where}")
                return finding, f"equal to the key except that {where}: {verdict.evidence}"
    return None


def _changed(key: Expression, slip: Slip) -> Iterator[tuple[Expression, str]]:
    for variant in variants(key.tree, slip):
        try:
            yield Expression.of(key.text, variant.tree, key.scope), variant.where
        except Unreadable:  # a change may divide by zero or grow over a budget
            continue

"""Figures as the last line of every benchmark prints them."""

from __future__ import annotations

Figure = dict[str, object]
DIGITS = 4


def told(value: float, unit: str) -> Figure:
    """A number without a target."""
    return {"value": round(value, DIGITS), "target": None, "unit": unit, "holds": True}


def at_most(value: float, target: float, unit: str) -> Figure:
    """A number that should be small."""
    return {"value": round(value, DIGITS), "target": target, "unit": unit, "holds": value <= target}


def at_least(value: float, target: float, unit: str) -> Figure:
    """A number that should be large."""
    return {"value": round(value, DIGITS), "target": target, "unit": unit, "holds": value >= target}


def missing(target: float | None, unit: str, reason: str) -> Figure:
    """A number that could not be measured, and why; it does not hold."""
    return {"value": None, "target": target, "unit": unit, "holds": False, "reason": reason}

"""What modifiers of numbers share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from datagen_engine.draw.values import Values
from datagen_engine.expression import Facts

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["NUMBERS", "moved", "times", "widened", "with_numbers"]

NUMBERS = ("int", "float")
"""The types of values that arithmetic changes."""


def with_numbers(values: Values, numbers: Array) -> Values:
    """Return other numbers with the same nulls."""
    return Values("float", numbers, values.valid)


def moved(before: Facts, change: Callable[[float], float], *, falling: bool = False) -> Facts:
    """Return facts whose bounds and values went through a monotone change; of what is no number, the same."""
    if before.type not in NUMBERS:
        return before
    low = None if before.low is None else change(before.low)
    high = None if before.high is None else change(before.high)
    if falling:
        low, high = high, low
    values = None if before.values is None else tuple(change(value) for value in before.values)
    return replace(before, type="float", low=low, high=high, values=values)


def widened(before: Facts, low: float | None = None, high: float | None = None) -> Facts:
    """Return facts with other bounds and no list of values; of what is no number, the same."""
    if before.type not in NUMBERS:
        return before
    return replace(before, type="float", low=low, high=high, values=None)


def times(before: Facts, least: float, most: float) -> Facts:
    """Return facts of numbers times a factor between `least` and `most`; of what is no number, the same."""
    if before.type not in NUMBERS:
        return before
    if before.low is None or before.high is None:
        sure = least >= 0
        low = 0.0 if sure and before.low is not None and before.low >= 0 else None
        return widened(before, low, 0.0 if sure and before.high is not None and before.high <= 0 else None)
    corners = [end * factor for end in (before.low, before.high) for factor in (least, most)]
    corners = [0.0 if corner != corner else corner for corner in corners]  # 0 × ∞: the value itself is 0
    return widened(before, min(corners), max(corners))

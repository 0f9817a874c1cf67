"""How far the segments and ages of parents may move a child's numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from datagen_engine.modifiers.arithmetic import times
from datagen_engine.schema.document import AgeMultiplier, Column, Curve, Node

if TYPE_CHECKING:
    from datagen_engine.expression import Facts
    from datagen_engine.resolve.tables import Tables

__all__ = ["behaved", "scales_fanout", "scales_values"]


def behaved(tables: Tables, node: Node, column: Column, facts: Facts) -> Facts:
    """Return what is known of a child's numbers after its parents' behaviours, from what was known before."""
    if column.type not in ("int", "float") or column.name == node.pk:
        return facts
    for parent in tables.behaving.get(node.id, ()):
        ages = parent.vintage_behavior.age_based_multipliers.values() if parent.vintage_behavior else ()
        for age in ages:
            if scales_values(age, column.name):
                facts = times(facts, *_reach(age))
        segments = parent.segment_behavior
        if segments is not None and column.name in segments.applies_to_columns:
            factors = [one.value_multiplier for one in segments.by_segment.values()]
            facts = times(facts, min(1.0, *factors, 1.0), max(1.0, *factors, 1.0))
    return facts


def scales_values(age: AgeMultiplier, column: str) -> bool:
    """Say whether a multiplier by age may scale a column's values."""
    names = [age.applies_to] if isinstance(age.applies_to, str) else age.applies_to
    return column in names or "all" in names


def scales_fanout(age: AgeMultiplier) -> bool:
    """Say whether a multiplier by age scales the number of children."""
    return scales_values(age, "fanout")


def _reach(age: AgeMultiplier) -> tuple[float, float]:
    """Return the least and the largest multiplier; without an age it is 1."""
    if isinstance(age.curve, Curve):
        return 0.0, math.inf
    return max(0.0, min(1.0, *age.curve, 1.0)), max(1.0, *age.curve, 1.0)

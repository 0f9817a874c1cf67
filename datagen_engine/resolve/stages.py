"""The columns of a funnel that its stages fill."""

from __future__ import annotations

from datagen_engine.expression import Facts
from datagen_engine.schema.document import Column, Node

__all__ = ["STAGE_INDEX", "STAGE_NAME", "is_placeholder", "stage_facts"]

STAGE_NAME, STAGE_INDEX = "stage_name", "stage_index"


def is_placeholder(node: Node, column: Column) -> bool:
    """Say whether a column's generator only holds the place of what the stages give it."""
    if node.stage_config is None:
        return False
    times = (one for one in node.columns if one.type == "datetime")
    return column.name in (STAGE_NAME, STAGE_INDEX) or column is next(times, None)


def stage_facts(node: Node, column: Column) -> Facts:
    """Return what is known of a column that the stages fill."""
    stages = node.stage_config.stages if node.stage_config is not None else []
    if column.name == STAGE_NAME:
        return Facts("string", values=tuple(dict.fromkeys(stage.stage_name for stage in stages)))
    if column.name == STAGE_INDEX:
        last = float(len(stages) - 1)
        return Facts("int", low=0.0, high=last, values=tuple(range(len(stages))))
    return Facts("datetime")  # from the parent's time on, however long the waits

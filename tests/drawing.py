"""Plans of schemas, and what is drawn from them; with blocks so small that a few rows fill many."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from datagen_engine.draw.rows import Rows
from datagen_engine.lazy import pa
from datagen_engine.planning.plan import Plan
from datagen_engine.run.parts import draw_batch
from datagen_engine.schema.reading import read_schema

__all__ = ["batch", "plan_of", "small_blocks", "small_files", "whole"]


def plan_of(tree: Any, **options: Any) -> Plan:
    """Plan a schema that must be readable; what the checks have to say is not asked."""
    reading = read_schema(tree)
    assert not reading.problems, [str(problem) for problem in reading.problems]
    assert reading.schema is not None
    return Plan(reading.schema, **options)


def batch(plan: Plan, table: str, start: int, stop: int) -> pa.RecordBatch:
    """Draw a run of rows of a table, as a run would."""
    return draw_batch(plan, table, Rows.run(start, stop))


def whole(plan: Plan, table: str) -> pa.RecordBatch:
    """Draw all rows of a table at once."""
    return batch(plan, table, 0, plan.tables[table].rows)


@contextmanager
def small_blocks(size: int = 16) -> Iterator[None]:
    """Make blocks of raw draws so small that tables of a few rows have many of them.

    The data is another than with real blocks: plans made inside must be drawn inside.
    """
    with pytest.MonkeyPatch.context() as patch:
        _everywhere(patch, "BLOCK", size)
        _everywhere(patch, "_BATCH", 2)
        _everywhere(patch, "_WHOLE_BATCH", 2 * size)
        _everywhere(patch, "_KEEP_ROWS", 2 * size)
        yield


@contextmanager
def small_files(group: int = 32, part: int = 96) -> Iterator[None]:
    """Make row groups and parts so small that tables of a few rows have many of them."""
    with pytest.MonkeyPatch.context() as patch:
        _everywhere(patch, "ROW_GROUP", group)
        _everywhere(patch, "PART_ROWS", part)
        yield


def _everywhere(patch: pytest.MonkeyPatch, constant: str, value: int) -> None:
    """Change a constant in every module of the engine that has imported it."""
    modules = [sys.modules[name] for name in sorted(sys.modules) if name.startswith("datagen_engine.")]
    having = [module for module in modules if isinstance(vars(module).get(constant), int)]
    assert having, f"no module of the engine has a constant {constant}"
    for module in having:
        patch.setattr(module, constant, value)

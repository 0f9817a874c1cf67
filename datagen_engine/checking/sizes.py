"""How many rows there would be."""

from __future__ import annotations

from collections.abc import Iterable

from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import Context, TablePlace
from datagen_engine.checking.words import figure
from datagen_engine.modifiers.effect import Effect
from datagen_engine.resolve.behaviors import scales_fanout
from datagen_engine.schema.document import Curve
from datagen_engine.schema.problem import Problem

__all__ = ["check_sizes"]

_MANY = 1e9
_TOO_MANY = 1e12


def check_sizes(context: Context) -> Iterable[Problem]:
    """Find tables without rows, and tables with more than anyone has room for."""
    for table in context.tables:
        rows = context.rows(table.node.id)
        first = context.resolver.tables.first_parent(table.node.id)
        above = context.rows(first) if first is not None else None
        if rows > _TOO_MANY and (above is None or above <= _TOO_MANY):
            yield problem(
                "too-many-rows",
                _where(table),
                f"{_expected(table, rows)}: at most 10^12 can be drawn",
                rows=rows,
            )
        elif _MANY < rows <= _TOO_MANY and (above is None or above <= _MANY):
            yield problem("many-rows", _where(table), f"{_expected(table, rows)}. Is that meant?", rows=rows)
        elif rows <= _MANY and rows * (most := _most(context, table)) > _TOO_MANY:
            message = f"{table.node.id!r} could have {figure(rows * most)} rows with every multiplier at its highest"
            yield problem("many-rows", _where(table), message, rows=rows * most)
        elif rows == 0 and above is not None and above > 0:
            yield problem(
                "no-rows", _where(table), f"{table.node.id!r} would have no rows: no parent has any children"
            )
        elif rows == 0 and above == 0 and first != table.node.id and _is_root(context, first):
            yield problem(
                "no-rows",
                (*table.path, "parents", 0),
                f"{table.node.id!r} would have no rows: {first!r} has none",
            )


def _most(context: Context, table: TablePlace) -> float:
    """Return by how much effects and behaviours may multiply the number of rows, as far as that is known."""
    most = 1.0
    for modifier in table.node.modifiers:
        if isinstance(modifier, Effect) and modifier.map.op == "mul":
            facts = context.resolver.facts(modifier.effect_table, modifier.map.field)
            most *= max(1.0, facts.high or 1.0) if facts is not None else 1.0
    for parent in context.resolver.tables.behaving.get(table.node.id, ()):
        if parent.segment_behavior is not None:
            segments = parent.segment_behavior.by_segment.values()
            most *= max([1.0, *(one.fanout_multiplier for one in segments)])
        ages = parent.vintage_behavior.age_based_multipliers.values() if parent.vintage_behavior else ()
        for age in ages:
            if scales_fanout(age) and not isinstance(age.curve, Curve):
                most *= max(1.0, *age.curve)
    return most


def _is_root(context: Context, table: str | None) -> bool:
    """Say whether a table has no parents, so that its own `rows` say that it is empty."""
    return table is not None and context.resolver.tables.first_parent(table) is None


def _where(table: TablePlace) -> tuple[str | int, ...]:
    for key in ("fanout", "stage_config", "rows", "parents"):
        if getattr(table.node, key) not in (None, []):
            return (*table.path, key)
    return table.path


def _expected(table: TablePlace, rows: float) -> str:
    return f"{table.node.id!r} would have about {figure(rows)} rows"

"""How many rows there would be."""

from __future__ import annotations

from collections.abc import Iterable

from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import Context, TablePlace
from datagen_engine.checking.words import figure
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

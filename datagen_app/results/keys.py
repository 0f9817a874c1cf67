"""Which column of a run refers to which: for the way from a row to its parent, and to its children."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Key", "keys_of"]


@dataclass(frozen=True)
class Key:
    """A column whose values are those of another table's column."""

    table: str
    column: str
    to_table: str
    to_column: str


def keys_of(schema: Mapping[str, Any]) -> list[Key]:
    """Return the keys of a schema: its foreign keys, and lookups that take another table's primary key.

    Examples
    --------
    >>> keys_of({"constraints": {"foreign_keys": [{"from": "order.customer_id", "to": "customer.id"}]}})
    [Key(table='order', column='customer_id', to_table='customer', to_column='id')]
    """
    return list(dict.fromkeys([*_declared(schema), *_looked_up(schema)]))


def _declared(schema: Mapping[str, Any]) -> Iterator[Key]:
    constraints = schema.get("constraints")
    declared = constraints.get("foreign_keys") if isinstance(constraints, dict) else None
    for one in declared if isinstance(declared, list) else ():
        if isinstance(one, dict):
            table, _, column = str(one.get("from", "")).partition(".")
            to_table, _, to_column = str(one.get("to", "")).partition(".")
            if column and to_column:
                yield Key(table, column, to_table, to_column)


def _looked_up(schema: Mapping[str, Any]) -> Iterator[Key]:
    nodes = [node for node in schema.get("nodes") or () if isinstance(node, dict)]
    primary = {str(node.get("id")): node.get("pk") for node in nodes}
    for node in nodes:
        for column in node.get("columns") or ():
            generator = column.get("generator") if isinstance(column, dict) else None
            lookup = generator.get("lookup") if isinstance(generator, dict) else None
            if not isinstance(lookup, dict) or lookup.get("on"):
                continue
            source = lookup.get("from")
            if isinstance(source, str):
                to_table, _, to_column = source.partition(".")
                if to_column and primary.get(to_table) == to_column:
                    yield Key(str(node.get("id")), str(column.get("name")), to_table, to_column)

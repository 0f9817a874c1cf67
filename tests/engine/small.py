"""Small schemas, and the plans that draw them."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from datagen_engine.draw.rows import Rows
from datagen_engine.draw.values import Values
from datagen_engine.planning.plan import Plan
from datagen_engine.schema.reading import read_schema

Tree = dict[str, Any]
Array: TypeAlias = NDArray[Any]

TIMEFRAME = {"start": "2024-01-01", "end": "2024-12-31", "freq": "h"}


def column(name: str, type: str, generator: Tree, *modifiers: Tree, **more: Any) -> Tree:
    """Write a column; a modifier is {transform: args}, or {transform: …, args: …} as it stands in a file."""
    return {
        "name": name,
        "type": type,
        "generator": generator,
        "modifiers": [{"transform": key, "args": args} for each in modifiers for key, args in each.items()],
        **more,
    }


def table(*columns: Tree, id: str = "t", rows: int | None = 1000, **more: Any) -> Tree:
    """Write a table: an entity with the given columns after a running `id`, unless told otherwise."""
    own = [] if any(c["name"] == "id" for c in columns) else [column("id", "int", {"sequence": {}})]
    node = {"id": id, "kind": "entity", "pk": "id", "columns": [*own, *columns], **more}
    return node if rows is None else {**node, "rows": rows}


def fact(*columns: Tree, id: str = "f", parent: str = "t", **more: Any) -> Tree:
    """Write a table whose rows are children of another's."""
    return table(*columns, id=id, rows=None, kind="fact", parents=[parent], **more)


def vocabulary(id: str, /, **lists: list[Any]) -> Tree:
    """Write a vocabulary by its lists; the type of each is that of its values, or stands before its name."""
    kinds = {int: "int", float: "float", str: "string", bool: "bool"}

    def typed(name: str, values: list[Any]) -> Tree:
        kind, _, real = name.rpartition(":")
        kind = kind or next((kinds[type(value)] for value in values if value is not None), "string")
        return column(real, kind, {"enum_list": {"values": values}}, nullable=None in values)

    columns = [typed(name, values) for name, values in lists.items()]
    return {"id": id, "kind": "vocab", "pk": columns[0]["name"], "columns": columns}


def schema(*nodes: Tree, **more: Any) -> Tree:
    """Write a schema of these tables."""
    return {
        "version": "1.0",
        "metadata": {"name": "small"},
        "timeframe": TIMEFRAME,
        "nodes": list(nodes),
        "constraints": {},
        **more,
    }


def plan(*nodes: Tree, seed: int = 42, **more: Any) -> Plan:
    """Read a schema of these tables, which must have no fault, and plan it."""
    reading = read_schema(schema(*nodes, **more))
    assert reading.schema is not None, reading.problems
    assert not reading.problems, reading.problems
    return Plan(reading.schema, seed=seed)


def draw(of: Plan, name: str, id: str = "t", rows: Rows | None = None) -> Values:
    """Return a column's finished values, of all rows unless told otherwise."""
    return of.slice(id, Rows.run(0, of.tables[id].rows) if rows is None else rows).column(name)


def numbers(of: Plan, name: str, id: str = "t", rows: Rows | None = None) -> Array:
    """Return a column's finished numbers as float64, NaN for null."""
    return draw(of, name, id, rows).numbers()


def faults(*nodes: Tree, **more: Any) -> list[tuple[str, str]]:
    """Return path and code of all that is wrong in reading a schema of these tables."""
    from datagen_engine.schema.path import pointer

    return [(pointer(p.path), p.code) for p in read_schema(schema(*nodes, **more)).problems]


def near(observed: float, expected: float, spread: float, size: float, sigmas: float = 5.0) -> bool:
    """Say whether a mean of `size` independent values of this spread is as near as it should be."""
    return bool(abs(observed - expected) <= sigmas * spread / np.sqrt(size))
